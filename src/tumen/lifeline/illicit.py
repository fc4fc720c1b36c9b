"""Illicit revenue streams as data: what they bring, and how they give way to interdiction."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, model_validator

from tumen.catalogue.bundled import (
    BundledClaims,
    economy_names,
    find,
    names,
    sector_kinds,
    sources_with,
)
from tumen.errors import InvalidInput, Problem
from tumen.evidence.quantity import OPPOSITE, Claims, Level, Quantity
from tumen.evidence.sources import SourceEntry
from tumen.files.located import Located
from tumen.files.nearest import did_you_mean
from tumen.files.schema import Code, Record, parse
from tumen.files.strict_yaml import load_yaml

StreamName = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_-]*$")]
"""Lower-case letters, digits, hyphens and underscores."""


def _in_unit(unit: str, highest: float) -> AfterValidator:
    def check(quantity: Quantity) -> Quantity:
        if quantity.unit != unit:
            raise ValueError(f'the unit is "{quantity.unit}", must be "{unit}"')
        if quantity.low < 0 or quantity.high > highest:
            raise ValueError(f"must lie between 0 and {highest:g}")
        return quantity

    return AfterValidator(check)


Revenue = Annotated[Quantity, _in_unit("million USD a year", 1e6)]
"""Dollars a year."""
Exposure = Annotated[Quantity, _in_unit("share", 1)]
"""A part of a stream."""
Reaction = Annotated[Quantity, _in_unit("elasticity", 10)]
"""Per cent by which revenue rises with 1 % more of the price ratio."""


class Stream(Record):
    """One way to earn what no customs record shows."""

    id: StreamName
    """Its name."""
    name: Annotated[str, Field(min_length=1)]
    """What tables call it."""
    channel: Literal["income", "trade", "remittance"]
    """"income": it finances imports; "trade": the engine computes it as smuggled trade;
    "remittance": pay of workers abroad, which the baseline holds and the law takes away."""
    flow: Literal["export", "import"] | None = None
    """Of a trade stream, seen from the target."""
    sectors: list[Code] = Field(default_factory=list)
    """Of a trade stream."""
    revenue: Revenue
    """What it brings in the years of the case; for an import, what it costs."""
    baseline: Revenue | None = None
    """What it brought in the baseline year, whose balance holds it already."""
    exposure: Exposure | None = None
    """The part that interdiction with full effort would stop."""
    price_reaction: Reaction | None = None
    """How revenue reacts to the ratio of the buyer's to the seller's price."""

    @model_validator(mode="after")
    def _complete(self) -> Stream:
        income = {"baseline": self.baseline, "exposure": self.exposure}
        income["price_reaction"] = self.price_reaction
        if self.channel == "income":
            missing = [name for name, value in income.items() if value is None]
            if missing or self.flow or self.sectors:
                needs = "baseline, exposure and price_reaction, and no flow or sectors"
                raise ValueError(f'a stream of channel "income" needs {needs}')
        elif self.channel == "remittance":
            if self.flow or self.sectors or any(income.values()):
                raise ValueError('a stream of channel "remittance" has a revenue and nothing else')
        elif self.flow is None or not self.sectors or any(income.values()):
            needs = "flow and sectors, and no baseline, exposure or price_reaction"
            raise ValueError(f'a stream of channel "trade" needs {needs}')
        return self


class Streams(Record):
    """A file of ``data/streams``: the illicit revenue of one target."""

    id: StreamName
    """Its name."""
    title: Annotated[str, Field(min_length=1)]
    """One line."""
    target: Code
    """Whose revenue."""
    baseline_year: int
    """The year whose balance holds the baseline revenue."""
    streams: Annotated[list[Stream], Field(min_length=1)]
    """The streams."""
    sources: dict[Code, SourceEntry] = Field(default_factory=dict)
    """Sources beside the bundled ones."""

    def stream(self, name: str) -> Stream | None:
        """Return the stream of that name; None if there is none."""
        return next((stream for stream in self.streams if stream.id == name), None)


def earned(
    revenue: float, exposure: float, interdiction: float, reaction: float, price_ratio: float
) -> float:
    """Return what a stream brings under interdiction and at a price ratio.

    Parameters
    ----------
    revenue
        Million USD a year without either.
    exposure
        Part that full interdiction would stop, 0 to 1.
    interdiction
        Effort, 0 to 1.
    reaction
        Elasticity to the price ratio.
    price_ratio
        The buyer's over the seller's price, relative to the years that the revenue is from.

    Raises
    ------
    InvalidInput
        For a share outside [0, 1], or a price ratio that is not positive.

    Examples
    --------
    >>> earned(200.0, exposure=0.5, interdiction=0.4, reaction=1.0, price_ratio=1.25)
    200.0
    """
    problems = [
        Problem(name, f"is {value:g}, must be between 0 and 1")
        for name, value in (("exposure", exposure), ("interdiction", interdiction))
        if not 0 <= value <= 1
    ]
    if not price_ratio > 0:
        problems.append(Problem("price_ratio", f"is {price_ratio:g}, must be positive"))
    if problems:
        raise InvalidInput(problems, "illicit stream")
    return float(revenue * (1 - exposure * interdiction) * price_ratio**reaction)


def stream_names() -> list[str]:
    """Names of the bundled files."""
    return [name for name in names("streams", ".yaml") if name != "sources"]


def load_streams(name_or_path: str | Path, claims: Claims | None = None) -> Streams:
    """Read a bundled file of streams, or a path that ends in .yaml, and check it.

    Parameters
    ----------
    claims
        What its figures may cite; None: the bundled claims.

    Raises
    ------
    InvalidInput
        With every problem of the file and its line.

    Examples
    --------
    >>> streams = load_streams("dprk-illicit")
    >>> streams.target, streams.stream("cyber_theft").revenue.central
    ('PRK', 218.0)
    """
    located = load_yaml(find(str(name_or_path), "streams", ".yaml"))
    found = parse(Streams, located, context=claims or BundledClaims())
    problems = _problems(found, located)
    if problems:
        raise InvalidInput(problems)
    return found


def _problems(found: Streams, located: Located) -> list[Problem]:
    problems = []
    seen: set[str] = set()
    for at, stream in enumerate(found.streams):
        if stream.id in seen:
            message = f'two streams are called "{stream.id}"; rename one'
            problems.append(Problem(located.place(("streams", at)), message))
        seen.add(stream.id)
        for position, sector in enumerate(stream.sectors):
            if sector not in sector_kinds():
                place = located.place(("streams", at, "sectors", position))
                hint = did_you_mean(sector, sector_kinds())
                problems.append(Problem(place, f'"{sector}" is no sector; {hint}'))
    if found.target not in economy_names():
        hint = did_you_mean(found.target, economy_names())
        problems.append(Problem(located.place(("target",)), f'"{found.target}": {hint}'))
    known = sources_with(found.sources, f"streams {found.id}")
    cited = [
        (located.place(("streams", at, name, "source")), quantity.source)
        for at, stream in enumerate(found.streams)
        for name in ("revenue", "baseline", "exposure", "price_reaction")
        if (quantity := getattr(stream, name)) is not None
        and located.text(("streams", at, name, "source")) is not None  # else the claim gives it
    ]
    return problems + known.missing(cited)


def extra_income(
    stream: Stream, level: Level, interdiction: float = 0.0, price_ratio: float = 1.0
) -> float:
    """Return what an income stream brings beyond the baseline year, million USD a year.

    Parameters
    ----------
    level
        Which end of its ranges; exposure is read from the other end, so that "low" is the least.

    Examples
    --------
    >>> extra_income(load_streams("dprk-illicit").stream("arms"), "central")
    0.0
    """
    if stream.baseline is None or stream.exposure is None or stream.price_reaction is None:
        what = f"is {stream.channel}, which the engine computes"
        raise InvalidInput(Problem(f"stream {stream.id}", what))
    now = earned(
        stream.revenue.at(level),
        stream.exposure.at(OPPOSITE[level]),
        interdiction,
        stream.price_reaction.at(level),
        price_ratio,
    )
    return now - stream.baseline.at(level)
