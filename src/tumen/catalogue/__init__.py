"""What is bundled: worlds, the economies inserted into them, codes and sources."""

from __future__ import annotations

from tumen.catalogue.worlds import load_world

__all__ = ["load_world"]
