"""Named sets of elasticities of inputs and final demand."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Annotated

from pydantic import Field

from tumen.catalogue.bundled import BundledClaims, data, sources
from tumen.errors import InvalidInput, Problem
from tumen.evidence.quantity import Level, Quantity
from tumen.files.nearest import did_you_mean
from tumen.files.schema import Code, Record, parse
from tumen.files.strict_yaml import load_yaml
from tumen.world.short_run import with_elasticities

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tumen.world import World


class Preset(Record):
    """One set of elasticities."""

    title: Annotated[str, Field(min_length=1)]
    """One line."""
    inputs: Quantity
    """Between the inputs of a sector, labour among them."""
    final: Quantity
    """Between products of final demand."""
    critical: list[Code] = Field(default_factory=list)
    """Sectors whose products are hard to replace."""
    critical_inputs: Quantity | None = None
    """Between those and all other inputs."""


class PresetsFile(Record):
    """``data/technology/presets.yaml``."""

    presets: dict[Code, Preset]


@cache
def presets() -> dict[str, Preset]:
    """All presets by name.

    Examples
    --------
    >>> list(presets())
    ['smooth', 'rigid', 'bottleneck']
    """
    located = load_yaml(data("technology", "presets.yaml"))
    found = parse(PresetsFile, located, context=BundledClaims()).presets
    cited = [(name, q.source) for name, preset in found.items() for q in quantities_of(preset)]
    problems = sources().missing(cited)
    if problems:
        raise InvalidInput(problems, "presets")
    return dict(found)


def quantities_of(preset: Preset) -> list[Quantity]:
    """The figures of a preset."""
    scarce = [] if preset.critical_inputs is None else [preset.critical_inputs]
    return [preset.inputs, preset.final, *scarce]


def preset(name: str) -> Preset:
    """Return a preset; an unknown name is refused with the nearest."""
    known = presets()
    if name not in known:
        raise InvalidInput(Problem(f"preset {name}", f"there is none; {did_you_mean(name, known)}"))
    return known[name]


def with_preset(
    world: World,
    name: str,
    economies: Iterable[str] | None = None,
    level: Level = "central",
    weight: float = 1.0,
) -> World:
    """Return ``world`` with the elasticities of a preset.

    Parameters
    ----------
    economies
        Where; None: everywhere.
    level
        Reading of the figures.
    weight
        How far from 1 towards the preset the elasticities are, 0 to 1.

    Raises
    ------
    InvalidInput
        For an unknown preset or economy, or a critical input that the world does not have.

    Examples
    --------
    >>> import tumen
    >>> short = with_preset(tumen.load_world(), "rigid", ["PRK"])
    >>> float(short.dataset.final_elasticity.sel(economy="PRK"))
    0.9
    """
    chosen = preset(name)

    def towards(figure: Quantity | None) -> float:
        return 1.0 if figure is None else 1.0 + weight * (figure.at(level) - 1.0)

    return with_elasticities(
        world,
        towards(chosen.inputs),
        towards(chosen.final),
        chosen.critical,
        towards(chosen.critical_inputs),
        economies,
    )
