"""Exemptions that match nothing of their measure, found on plain data that may not fit a schema."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from tumen.codes.products import product_spans
from tumen.codes.routes import routes
from tumen.codes.spans import Span, intersects, merged, minus

Place = tuple[str | int, ...]
EVERYONE = "*"
"""All economies."""


def exemption_problems(
    measure: Mapping[str, Any],
    senders: Sequence[Any] = (EVERYONE,),
    groups: Mapping[str, Any] | None = None,
) -> Iterator[tuple[Place, str]]:
    """Yield (place within the measure, what is wrong) of exemptions, skipping the unreadable.

    Parameters
    ----------
    senders
        Of the regime: whose trade a measure without partners covers.
    groups
        Names for lists of economies.

    Examples
    --------
    >>> coal = {"scope": {"hs": ["2701"]}, "exemptions": [{"id": "oil", "products": ["2710"]}]}
    >>> [what for _, what in exemption_problems(coal)]
    ['the exemption "oil" matches nothing: "2710" is not in the scope']
    """
    seen: set[str] = set()
    covered = _covered(measure)
    among = _opened(_list(measure, "partners") or list(senders), groups or {})
    for number, exemption in enumerate(_list(measure, "exemptions")):
        if not isinstance(exemption, dict):
            continue
        name, place = str(exemption.get("id")), ("exemptions", number)
        if name in seen:
            yield (*place, "id"), f'two exemptions are called "{name}"'
        seen.add(name)
        unmatched = (
            *_products(exemption, covered),
            *_services(exemption, _list(measure, "services")),
            *_partners(exemption, among, groups or {}),
            *_route(measure, exemption, covered),
            *_share(measure, exemption),
        )
        for key, what in unmatched:
            yield (*place, key), f'the exemption "{name}" matches nothing: {what}'


def _products(
    exemption: Mapping[str, Any], covered: tuple[Span, ...] | None
) -> Iterator[tuple[str, str]]:
    for product in _list(exemption, "products"):
        spans = _spans(product)
        if covered is not None and spans is not None and not intersects(spans, covered):
            yield "products", f'"{product}" is not in the scope'


def _services(exemption: Mapping[str, Any], services: list[Any]) -> Iterator[tuple[str, str]]:
    for service in _list(exemption, "services"):
        if service not in services:
            yield "services", f'"{service}" is not among the services'


def _partners(
    exemption: Mapping[str, Any], among: set[Any], groups: Mapping[str, Any]
) -> Iterator[tuple[str, str]]:
    for partner in _list(exemption, "partners"):
        named = _opened([partner], groups)
        if EVERYONE not in among | named and not among & named:
            yield "partners", f'"{partner}" is not among the partners'


def _route(
    measure: Mapping[str, Any], exemption: Mapping[str, Any], covered: tuple[Span, ...] | None
) -> Iterator[tuple[str, str]]:
    """Hold what moves on the route against what the measure and the exemption are about."""
    route = routes().get(str(exemption.get("route") or ""))
    if route is None or covered is None:
        return
    services = {each for each in _list(measure, "services") if isinstance(each, str)}
    named = [_spans(product) for product in _list(exemption, "products")]
    wanted = merged(span for spans in named for span in spans or ())
    if not (covered or services):
        yield "route", "the measure names no goods or services that could take a route"
    else:
        goods = intersects(route.spans, covered) and (not named or intersects(route.spans, wanted))
        if not goods and not route.services & services:
            yield "route", f'nothing that the measure is about moves on the route "{route.id}"'


def _share(measure: Mapping[str, Any], exemption: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    about = any(measure.get(key) for key in ("scope", "services", "reaches"))
    if exemption.get("share") is not None and not about:
        yield "share", "the measure is about no flow that could have a share"


def _opened(labels: Sequence[Any], groups: Mapping[str, Any]) -> set[Any]:
    """Open groups; what cannot be read is left as it stands."""
    found: set[Any] = set()
    for label in labels:
        members = groups.get(label) if isinstance(label, str) else None
        listed = members if isinstance(members, list) else [label]
        found |= {each for each in listed if isinstance(each, str)}
    return found


def _list(data: Mapping[str, Any], key: str) -> list[Any]:
    found = data.get(key)
    return found if isinstance(found, list) else []


def _spans(text: Any) -> tuple[Span, ...] | None:
    """Return the spans of HS text; None where it cannot be read."""
    try:
        return product_spans(text) if isinstance(text, str) else None
    except ValueError:
        return None


def _covered(measure: Mapping[str, Any]) -> tuple[Span, ...] | None:
    """Return the spans of a measure's scope, none without one; None where it cannot be read."""
    scope = measure.get("scope")
    if not isinstance(scope, dict):
        return () if scope is None else None
    parts = [_spans(text) for key in ("hs", "but") for text in _list(scope, key)]
    if None in parts:
        return None
    size = len(_list(scope, "hs"))
    whole = merged(span for part in parts[:size] for span in part or ())
    return minus(whole, merged(span for part in parts[size:] for span in part or ()))
