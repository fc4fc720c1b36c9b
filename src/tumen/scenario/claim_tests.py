"""The claims that a case is asked about, held against what Tumen finds."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from tumen.evidence.claim import Claim
from tumen.evidence.widening import supported
from tumen.regime.coverage import bundled_law, coverage
from tumen.scenario.baseline import scenario_world
from tumen.scenario.citations import scenario_ledger
from tumen.scenario.claim_checks import streams_of
from tumen.scenario.decision_game import MOTIVES, seat
from tumen.scenario.ladder import ladder
from tumen.scenario.records import ClaimTest
from tumen.scenario.rules import LawSetting
from tumen.scenario.schema import Scenario
from tumen.scenario.stake import Economy, economy
from tumen.scenario.stems import stem
from tumen.statecraft.seat import Stance


@dataclass(frozen=True, slots=True)
class Finding:
    """A claim and what Tumen says about it."""

    claim: str
    says: str
    """What was found, in words; empty: nothing tests it."""
    found: float | None
    """The number that was found, in the unit of the claim."""
    verdict: str
    """"within", "below" or "above" what the claim supports; empty: not compared."""
    see: str
    """The command that shows more."""
    note: str


def claims_tested(scenario: Scenario) -> list[Finding]:
    """Return what Tumen finds about each claim that the scenario tests, in its order."""
    claims, case = scenario_ledger(scenario), _Case(scenario)
    return [_tested(case, test, claims[test.claim]) for test in scenario.tested]


@dataclass(frozen=True)
class _Case:
    """A scenario, and what several tests need of it, found once."""

    scenario: Scenario

    @cached_property
    def economy(self) -> Economy:
        assert self.scenario.statecraft is not None
        return economy(self.scenario, self.scenario.statecraft)


def _tested(case: _Case, test: ClaimTest, claim: Claim) -> Finding:
    for name, find in _TESTS.items():
        value = getattr(test, name)
        if value is not None and (name != "decision" or case.scenario.statecraft is not None):
            says, found, unit, see = find(case, value)
            return Finding(claim.id, says, found, _verdict(claim, found, unit), see, test.note)
    return Finding(claim.id, "", None, "", "", test.note)


def _verdict(claim: Claim, found: float | None, unit: str) -> str:
    wide = supported(claim)
    if wide is None or found is None or wide.unit != unit:
        return ""
    return "below" if found < wide.low else "above" if found > wide.high else "within"


_Answer = tuple[str, float | None, str, str]
"""What was found in words, as a number, its unit, and the command that shows more."""


def _partner(case: _Case, partner: str) -> _Answer:
    scenario = case.scenario
    world = scenario_world(scenario)
    trade = world.dataset["trade"].sum("sector")
    sold = trade.sel(origin=scenario.target).drop_sel(destination=scenario.target)
    bought = trade.sel(destination=scenario.target).drop_sel(origin=scenario.target)
    both = float(sold.sel(destination=partner)) + float(bought.sel(origin=partner))
    share = both / (float(sold.sum()) + float(bought.sum()))
    says = f"{partner} has {100 * share:.1f} % of {scenario.target}'s baseline trade"
    return says, share, "share", f"tumen lifelines {scenario.target}"


def _exports_banned(case: _Case, law: LawSetting) -> _Answer:
    scenario = case.scenario
    share = coverage(bundled_law(law.regimes), law.date).exports_share
    regimes = ", ".join(law.regimes)
    says = f"{regimes} bans {100 * share:.1f} % of {scenario.target}'s exports on {law.date}"
    return says, share, "share", f"tumen coverage {law.regimes[0]} --date {law.date}"


def _stream(case: _Case, name: str) -> _Answer:
    scenario = case.scenario
    revenue = streams_of(scenario)[name].revenue
    return (
        f"stream {name}: {revenue.span}",
        revenue.central,
        revenue.unit,
        f"tumen run {scenario.id}",
    )


def _measure(case: _Case, name: str) -> _Answer:
    scenario = case.scenario
    measure = stem(scenario, name)
    days = f"in force from {measure.from_}"
    if measure.bites_from != measure.from_:
        days += f", felt in full from {measure.bites_from}"
    see = f"tumen coverage {name.partition('/')[0]} --date {measure.from_}"
    return f"{measure.citation}: {days}", None, "", see


def _number(case: _Case, name: str) -> _Answer:
    scenario = case.scenario
    step, _, number = name.partition(".")
    values: dict[str, float] = {}
    for rung in ladder(scenario, scenario_world(scenario), "central"):
        found = rung.result(scenario.target)
        values[found.id] = float(getattr(found, number))
        if found.id == step:
            break
    *earlier, value = values.values()
    unit = "per cent" if number.endswith("_pct") else "million USD a year"
    says = f"the run gives {name} {value:.3g} {unit}"
    if earlier:
        says += f", {value - earlier[-1]:+.2g} against {list(values)[-2]}"
    return says.replace("-", "−"), value, unit, f"tumen explain {scenario.id} {name}"


def _decision(case: _Case, name: str) -> _Answer:
    """What a state does, and what it would do without a motive."""
    given = case.scenario.statecraft
    assert given is not None
    place, _, rest = name.partition(".")
    state, _, motive = rest.partition(".")
    situation = next(each for each in given.situations if each.id == place)
    game = seat(given, situation, case.economy, state)
    says = f"{situation.label}: {_does(state, game.solve())}"
    if motive:
        without = game.varied(**{MOTIVES.get(motive, motive): 0.0}).solve()
        says += f"; without {motive.replace('_', ' ')} {_does(state, without)}"
    return says, None, "", f"tumen decide {case.scenario.id}"


def _does(state: str, stance: Stance) -> str:
    text = f"a text of {stance.text:.2f} passes" if stance.vote == "yes" else "no text passes"
    return f"{text}, and {state} gives {stance.support.replace('none', 'no')} support"


_TESTS: dict[str, Callable[[_Case, Any], _Answer]] = {
    "partner": _partner,
    "exports_banned": _exports_banned,
    "stream": _stream,
    "measure": _measure,
    "number": _number,
    "decision": _decision,
}
