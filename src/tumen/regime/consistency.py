"""What has to fit together within a measure, checked on plain data that may not fit the schema."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from tumen.regime.exemptions import EVERYONE, Place, exemption_problems

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


def inconsistencies(
    measure: Mapping[str, Any],
    senders: Sequence[Any] = (EVERYONE,),
    groups: Mapping[str, Any] | None = None,
) -> Iterator[tuple[Place, str]]:
    """Yield (place within the measure, what is wrong), skipping what cannot be read.

    Parameters
    ----------
    senders, groups
        Those of the regime, against which partners are held.

    Examples
    --------
    >>> list(inconsistencies({"from": "2017-08-06", "until": "2017-08-01"}))
    [(('until',), 'until 2017-08-01 is before from 2017-08-06')]
    """
    yield from _dates(measure)
    yield from _subject(measure)
    yield from exemption_problems(measure, senders, groups)


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
    if flow == "labour" and (measure.get("scope") or measure.get("reaches")):
        yield ("flow",), "labour is work abroad: name services, no scope and no reaches"
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
