"""What a reader can take away from an exhibit: CSV, LaTeX, SVG and PNG, held in the page itself."""

from __future__ import annotations

import base64
import csv
import io
from dataclasses import dataclass

from tumen.page.drawing import Picture
from tumen.page.exhibit import Exhibit

LATEX = {
    "\\": r"\textbackslash{}", "&": r"\&", "%": r"\%", "$": r"\$", "#": r"\#", "_": r"\_",
    "{": r"\{", "}": r"\}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}",
    "−": r"$-$", "→": r"$\to$",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Download:
    """A file in the page."""

    label: str
    filename: str
    href: str


def downloads(exhibit: Exhibit, picture: Picture | None) -> list[Download]:
    """Return the files of an exhibit; the pictures where it has any."""
    files = [
        ("CSV", "csv", "text/csv", csv_text(exhibit).encode()),
        ("LaTeX", "tex", "application/x-tex", latex(exhibit).encode()),
    ]
    if picture is not None:
        files += [
            ("SVG", "svg", "image/svg+xml", picture.svg.encode()),
            ("PNG", "png", "image/png", picture.png),
        ]
    return [
        Download(label, f"{exhibit.id}.{suffix}", _embedded(kind, content))
        for label, suffix, kind, content in files
    ]


def _embedded(kind: str, content: bytes) -> str:
    return f"data:{kind};base64,{base64.b64encode(content).decode()}"


def csv_text(exhibit: Exhibit) -> str:
    """Return an exhibit's table with all digits."""
    text = io.StringIO()
    writer = csv.writer(text)
    names = [column.name for column in exhibit.columns]
    writer.writerow(names)
    writer.writerows([row.get(name) for name in names] for row in exhibit.rows)
    return text.getvalue()


def latex(exhibit: Exhibit) -> str:
    """Return an exhibit's table as the page prints it, for the package booktabs."""
    layout = "".join("r" if column.number else "l" for column in exhibit.columns)
    head = " & ".join(escaped(column.label) for column in exhibit.columns)
    body = [
        " & ".join(escaped(column.text(row)) for column in exhibit.columns) for row in exhibit.rows
    ]
    lines = [
        f"% {' '.join(exhibit.title.split())}",
        f"\\begin{{tabular}}{{{layout}}}",
        r"\toprule",
        f"{head} \\\\",
        r"\midrule",
        *(f"{line} \\\\" for line in body),
        r"\bottomrule",
        r"\end{tabular}",
    ]
    return "\n".join(lines) + "\n"


def escaped(text: str) -> str:
    r"""Write text so that LaTeX prints it.

    Examples
    --------
    >>> escaped("−2 % of A_1 & B")
    '$-$2 \\% of A\\_1 \\& B'
    """
    return "".join(LATEX.get(letter, letter) for letter in text)
