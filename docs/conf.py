"""Sphinx settings."""

from importlib.metadata import version as version_of

project = "Tumen"
author = "The Tumen developers"
copyright = "2026, The Tumen developers"
version = release = version_of("tumen")

extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.napoleon"]
exclude_patterns = ["_build", "benchmarks-table.md"]

myst_enable_extensions = ["amsmath", "deflist", "dollarmath"]
myst_heading_anchors = 3
myst_links_external_new_tab = False

autodoc_member_order = "bysource"
autodoc_typehints = "description"
autodoc_typehints_description_target = "documented"
napoleon_google_docstring = False

html_theme = "furo"
html_title = f"Tumen {release}"
