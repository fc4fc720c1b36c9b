"""The law on the day of every act: what share of the target's trade it bans or caps."""

from __future__ import annotations

from dataclasses import dataclass

from tumen.regime.coverage import timeline
from tumen.scenario.rules import LawSetting
from tumen.scenario.schema import Scenario
from tumen.scenario.settings import accumulated
from tumen.scenario.target_law import scenario_law


@dataclass(frozen=True, slots=True)
class Adoption:
    """The law on the day of an act, as a share of the baseline year's goods."""

    adopted: str
    acts: str
    exports_share: float
    imports_share: float
    exports_capped_share: float
    imports_capped_share: float
    claimed: float | None
    """Share of exports that was claimed at the adoption."""


def law_setting(scenario: Scenario) -> LawSetting | None:
    """Return the law of the last step that has one."""
    settings = [found.law for _, _, found in accumulated(scenario) if found.law is not None]
    return settings[-1] if settings else None


def adoptions(scenario: Scenario) -> list[Adoption]:
    """Return the law at every adoption; empty without a law."""
    setting = law_setting(scenario)
    if setting is None:
        return []
    laid = scenario_law(scenario, setting)
    claims = {
        claim.adopted: claim.share
        for regime in laid.regimes
        for claim in regime.claims
        if claim.flow == "export"
    }
    return [
        Adoption(
            adopted.isoformat(),
            acts,
            found.exports_share,
            found.imports_share,
            found.exports_capped_share,
            found.imports_capped_share,
            claims.get(adopted),
        )
        for adopted, acts, found in timeline(laid)
    ]
