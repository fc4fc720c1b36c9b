"""What each part of a step adds: one part at a time, in order, so that the parts sum exactly."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from tumen.regime.consistency import ON_FLOWS
from tumen.scenario.rules import EnforcementRule, LawSetting
from tumen.scenario.schema import Scenario
from tumen.scenario.settings import Settings, accumulated
from tumen.scenario.target_law import scenario_law

KINDS = (
    "law", "enforcement", "finance", "capacity", "smuggling", "freeness", "hidden", "openings",
    "transfers", "illicit", "support",
)  # fmt: skip
"""Kinds of setting in the order in which a step's changes are taken."""
WORDS = {
    "law": "law",
    "enforcement": "enforcement",
    "finance": "payment",
    "capacity": "closed firms",
    "smuggling": "smuggling",
    "freeness": "typed-in freeness",
    "hidden": "typed-in smuggling",
    "openings": "new links",
    "transfers": "transfers",
    "illicit": "illicit income",
    "support": "support",
}
"""What tables call them."""

AHEAD = "stopped early"
"""What tables call that which partners stop ahead of a wind-down's last day."""

Answer = Callable[[Settings], tuple[float, float, float]]
"""Settings → real income in per cent, recorded exports and imports in million USD a year."""


@dataclass(frozen=True, slots=True)
class Contribution:
    """What one part of a step adds on top of the parts before it."""

    step: str
    part: str
    real_income_points: float
    """Percentage points of the target's real income."""
    exports_musd: float
    """Recorded exports."""
    imports_musd: float
    """Recorded imports."""


def contributions(scenario: Scenario, answer: Answer) -> list[Contribution]:
    """Take every step apart; a step's parts sum to its change exactly.

    Parameters
    ----------
    answer
        Solves a set of settings; called once for each part.

    Notes
    -----
    Parts are taken in a fixed order (:data:`KINDS`, acts by the day of their adoption), each on top
    of those before. Another order would share out what parts do jointly in another way.
    """
    found: list[Contribution] = []
    before: Settings | None = None
    last = (0.0, 0.0, 0.0)
    for step, _, settings in accumulated(scenario):
        if before is None:
            last = answer(settings)
        else:
            for part, partial in _parts(scenario, before, settings):
                now = answer(partial)
                moved = (new - old for new, old in zip(now, last, strict=True))
                found.append(Contribution(step, part, *moved))
                last = now
        before = settings
    return _merged(found)


def _merged(found: list[Contribution]) -> list[Contribution]:
    """Add up what the same act contributes on several days."""
    total: dict[tuple[str, str], Contribution] = {}
    for each in found:
        earlier = total.get((each.step, each.part))
        total[each.step, each.part] = (
            each
            if earlier is None
            else Contribution(
                each.step,
                each.part,
                earlier.real_income_points + each.real_income_points,
                earlier.exports_musd + each.exports_musd,
                earlier.imports_musd + each.imports_musd,
            )
        )
    return list(total.values())


def _parts(scenario: Scenario, before: Settings, after: Settings) -> Iterator[tuple[str, Settings]]:
    """Yield the name of each changed part, and the settings with it."""
    current = before
    for kind in KINDS:
        new = getattr(after, kind)
        if getattr(current, kind) == new:
            continue
        if kind == "law" and before.law is None and after.law is not None:
            for act, setting in _acts(scenario, after.law):
                current = replace(current, law=setting)
                yield act, current
            continue
        if kind == "enforcement":
            rules = _without_new_haste(current, after)
            if _by_name(rules) != _by_name(current.enforcement):
                current = replace(current, enforcement=rules)
                yield WORDS[kind], current
            if _by_name(rules) != _by_name(after.enforcement):
                current = replace(current, enforcement=after.enforcement)
                yield AHEAD, current
            continue
        current = replace(current, **{kind: new})
        yield WORDS[kind], current


def _without_new_haste(before: Settings, after: Settings) -> tuple[EnforcementRule, ...]:
    """New rules, but those only about what is stopped ahead of time still the old ones."""
    return (
        *(rule for rule in after.enforcement if not _only_early(rule)),
        *(rule for rule in before.enforcement if _only_early(rule)),
    )


def _only_early(rule: EnforcementRule) -> bool:
    return not rule.speaks and not rule.path


def _by_name(rules: tuple[EnforcementRule, ...]) -> dict[str, EnforcementRule]:
    return {rule.id: rule for rule in rules}


def _acts(scenario: Scenario, law: LawSetting) -> Iterator[tuple[str, LawSetting]]:
    """Yield the acts that reach a flow, by day of adoption, and the law with them.

    Each stands for what the law's day sees of it, wind-downs over or not, beside what earlier acts
    had left in force on the eve of the next.
    """
    adopted: dict[datetime.date, list[str]] = {}
    for measure in scenario_law(scenario, law).measures:
        if measure.instrument in ON_FLOWS and measure.adopted <= law.date:
            acts = adopted.setdefault(measure.adopted, [])
            if measure.act not in acts:
                acts.append(measure.act)
    days = sorted(adopted)
    for day, following in zip(days, [*days[1:], None], strict=True):
        until = law.acts_until if following is None else following - datetime.timedelta(days=1)
        yield "; ".join(adopted[day]), law.model_copy(update={"acts_until": until})
