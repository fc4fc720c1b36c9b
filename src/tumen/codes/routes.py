"""Routes that trade tables and exemptions name, and the goods and services that move on them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Annotated

from pydantic import AfterValidator

from tumen.codes.chapters import table
from tumen.codes.products import product_spans
from tumen.codes.spans import Span
from tumen.files.nearest import did_you_mean


@dataclass(frozen=True, slots=True)
class Route:
    """A way that goods of one kind take."""

    id: str
    name: str
    spans: tuple[Span, ...]
    """Products that move on it, as six-digit spans."""
    services: frozenset[str]
    """Services sold on it."""


@cache
def routes() -> dict[str, Route]:
    """Route id → route; ``data/codes/routes.csv`` lists them.

    Examples
    --------
    >>> routes()["rajin"].spans
    ((270100, 270300),)
    """
    return {
        row["route"]: Route(
            row["route"],
            row["name"],
            product_spans(row["products"]) if row["products"] else (),
            frozenset(row["services"].split()),
        )
        for row in table("routes.csv")
    }


def check_route(text: str) -> str:
    """Return a route's id, or nothing for none.

    Raises
    ------
    ValueError
        If there is no such route, with what is near.

    Examples
    --------
    >>> check_route("rajn")
    Traceback (most recent call last):
    ValueError: there is no route "rajn"; did you mean "rajin"?
    """
    if text and text not in routes():
        raise ValueError(f'there is no route "{text}"; {did_you_mean(text, routes())}')
    return text


RouteId = Annotated[str, AfterValidator(check_route)]
"""A route, such as "rajin"; data/codes/routes.csv lists them."""
