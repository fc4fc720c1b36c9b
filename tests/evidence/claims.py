"""Claims made up for tests."""

from __future__ import annotations

from typing import Any

from tumen.evidence.claim import Claim, Link, Stated


def claim(
    kind: Any = "estimate",
    figure: tuple[float, float, float] | None = None,
    unit: str = "million USD",
    chain: list[str] | None = None,
    **fields: Any,
) -> Claim:
    """A claim with a chain of the given hands, of which the last is what was seen."""
    hands = chain or ["a paper"]
    links = [Link(who=who) for who in hands[:-1]]
    links.append(Link(who=hands[-1], date="2017-10-05", source="seen"))
    quantity = None
    if figure is not None:
        low, central, high = figure
        quantity = Stated(low=low, central=central, high=high, unit=unit)
    known: dict[str, Any] = {
        "id": "trial",
        "statement": "It is so",
        "about": "trial",
        "date": "2017-10",
    }
    known |= {"read": "excerpt", **fields}
    return Claim(kind=kind, chain=links, quantity=quantity, **known)
