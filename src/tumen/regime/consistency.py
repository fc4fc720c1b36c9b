"""What has to fit together within a measure, checked on plain data that may not fit the schema."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping
from typing import Any

from tumen.codes.products import product_spans
from tumen.codes.spans import Span, intersects, merged, minus

Place = tuple[str | int, ...]

BANS = ("export_ban", "import_ban", "service_ban", "labour_ban")
"""Instruments that stop a flow."""
CAPS = ("value_cap", "quantity_cap")
"""Instruments that limit a flow."""
ON_FLOWS = (*BANS, *CAPS, "tariff")
"""Instruments that need to say which products or services they are about."""
DIRECTIONS: dict[str, tuple[str, ...]] = {
    "export_ban": ("export",),
    "import_ban": ("import",),
    "service_ban": ("export", "import"),
    "labour_ban": ("labour",),
    "value_cap": ("export", "import", "labour"),
    "quantity_cap": ("export", "import", "labour"),
    "tariff": ("export", "import"),
}
"""The flows that an instrument may be about; instruments that are not here: any."""


def inconsistencies(measure: Mapping[str, Any]) -> Iterator[tuple[Place, str]]:
    """Yield (place within the measure, what is wrong), skipping what cannot be read.

    Examples
    --------
    >>> list(inconsistencies({"from": "2017-08-06", "until": "2017-08-01"}))
    [(('until',), 'until 2017-08-01 is before from 2017-08-06')]
    """
    yield from _dates(measure)
    yield from _subject(measure)
    yield from _exemptions(measure)


def _dates(measure: Mapping[str, Any]) -> Iterator[tuple[Place, str]]:
    first, adopted = _date(measure.get("from")), _date(measure.get("adopted"))
    last = _date(measure.get("until"))
    wind_down = measure.get("wind_down")
    winding = _date(wind_down.get("until")) if isinstance(wind_down, dict) else None
    if first and adopted and first < adopted:
        yield ("from",), f"from {first} is before its adoption on {adopted}"
    if first and last and last < first:
        yield ("until",), f"until {last} is before from {first}"
    if first and winding and winding < first:
        yield ("wind_down", "until"), f"wind_down.until {winding} is before from {first}"
    if last and winding and winding > last:
        yield ("wind_down", "until"), f"wind_down.until {winding} is after until {last}"


def _date(value: Any) -> datetime.date | None:
    try:
        return datetime.date.fromisoformat(value)
    except (TypeError, ValueError):
        return None


def _subject(measure: Mapping[str, Any]) -> Iterator[tuple[Place, str]]:
    instrument, flow = measure.get("instrument"), measure.get("flow")
    allowed = DIRECTIONS.get(instrument) if isinstance(instrument, str) else None
    if allowed and isinstance(flow, str) and flow not in allowed:
        yield ("flow",), f"the flow of {instrument} is {' or '.join(allowed)}, not {flow}"
    named = any(measure.get(key) for key in ("scope", "services", "reaches"))
    if instrument in ON_FLOWS and not named:
        yield ("instrument",), f"{instrument} needs a scope, services or reaches"
    if instrument in CAPS and measure.get("cap") is None:
        yield ("instrument",), f"{instrument} needs a cap"
    if instrument not in CAPS and measure.get("cap") is not None:
        yield ("cap",), f"only {' and '.join(CAPS)} have a cap"
    if instrument == "tariff" and measure.get("rate") is None:
        yield ("instrument",), "tariff needs a rate"
    if instrument != "tariff" and measure.get("rate") is not None:
        yield ("rate",), "only a tariff has a rate"
    part = measure.get("part") is not None
    if (part or measure.get("part_unknown") is True) and not measure.get("scope"):
        yield ("part" if part else "part_unknown",), "a part needs a scope"
    if part and measure.get("part_unknown") is True:
        yield ("part",), "give part, or say part_unknown, not both"


def _exemptions(measure: Mapping[str, Any]) -> Iterator[tuple[Place, str]]:
    seen: set[str] = set()
    for number, exemption in enumerate(_list(measure, "exemptions")):
        if not isinstance(exemption, dict):
            continue
        name, place = str(exemption.get("id")), ("exemptions", number)
        if name in seen:
            yield (*place, "id"), f'two exemptions are called "{name}"'
        seen.add(name)
        for key, what in _unmatched(measure, exemption):
            yield (*place, key), f'the exemption "{name}" matches nothing: {what}'


def _unmatched(
    measure: Mapping[str, Any], exemption: Mapping[str, Any]
) -> Iterator[tuple[str, str]]:
    """Yield which parts of an exemption lie outside the measure."""
    covered = _scope(measure.get("scope"))
    for product in _list(exemption, "products"):
        spans = _spans(product)
        if covered is not None and spans is not None and not intersects(spans, covered):
            yield "products", f'"{product}" is not in the scope'
    services = _list(measure, "services")
    for service in _list(exemption, "services"):
        if service not in services:
            yield "services", f'"{service}" is not among the services'
    partners = _list(measure, "partners")
    for partner in _list(exemption, "partners"):
        if partners and "*" not in partners and partner not in partners:
            yield "partners", f'"{partner}" is not among the partners'


def _list(data: Mapping[str, Any], key: str) -> list[Any]:
    found = data.get(key)
    return found if isinstance(found, list) else []


def _spans(text: Any) -> tuple[Span, ...] | None:
    """Return the spans of HS text; None where it cannot be read."""
    try:
        return product_spans(text) if isinstance(text, str) else None
    except ValueError:
        return None


def _scope(scope: Any) -> tuple[Span, ...] | None:
    """Return the spans of a scope, none without one; None where it cannot be read."""
    if not isinstance(scope, dict):
        return () if scope is None else None
    parts = [_spans(text) for key in ("hs", "but") for text in _list(scope, key)]
    if None in parts:
        return None
    size = len(_list(scope, "hs"))
    whole = merged(span for part in parts[:size] for span in part or ())
    return minus(whole, merged(span for part in parts[size:] for span in part or ()))
