"""Tables for notebooks: small HTML, escaped, in the reader's own colours."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape


def html_table(title: str, columns: Sequence[str], rows: Iterable[Sequence[str | float]]) -> str:
    """Return a titled table; text stands left, numbers right with the decimals they need.

    Examples
    --------
    >>> html_table("A < B", ["economy", "loss, %"], [["PRK", -2.5]]).count("<td")
    2
    """
    head = "".join(f'<th scope="col">{escape(column)}</th>' for column in columns)
    body = "".join(f"<tr>{''.join(map(_cell, row))}</tr>" for row in rows)
    return (
        f"<div><strong>{escape(title)}</strong><table><thead><tr>{head}</tr></thead>"
        f"<tbody>{body}</tbody></table></div>"
    )


def _cell(value: str | float) -> str:
    if isinstance(value, str):
        return f'<td style="text-align:left">{escape(value)}</td>'
    text = f"{value:,.0f}" if abs(value) >= 100 else f"{value:,.2f}"
    return f'<td style="text-align:right">{text.replace("-", "−")}</td>'
