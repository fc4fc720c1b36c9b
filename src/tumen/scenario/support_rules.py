"""From support and illicit streams to links opened, links freed and money that moves."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tumen.errors import InvalidInput, Problem
from tumen.evidence.quantity import OPPOSITE, Level
from tumen.files.located import Located
from tumen.files.located import Path as Place
from tumen.files.nearest import did_you_mean
from tumen.lifeline.illicit import Stream, extra_income, load_streams
from tumen.scenario.citations import citable
from tumen.scenario.schema import (
    FreenessRule,
    HiddenRule,
    OpeningRule,
    Scenario,
    TransferRule,
)
from tumen.scenario.support_schema import (
    NONE_STATED,
    Facilitation,
    IllicitRule,
    Supporter,
    SupportGoods,
)


@dataclass(frozen=True, slots=True)
class SupportRules:
    """What supporters amount to, in the words of a step."""

    freeness: tuple[FreenessRule, ...]
    hidden: tuple[HiddenRule, ...]
    openings: tuple[OpeningRule, ...]
    transfers: tuple[TransferRule, ...]


def support_rules(scenario: Scenario, supporters: Sequence[Supporter]) -> SupportRules:
    """Return the rules of the supporters that are active in the scenario's month."""
    now = [each for each in supporters if each.active(scenario.as_of)]
    goods = [(each, item) for each in now for item in each.goods]
    freed = [(each, link) for each in now for link in each.facilitation]
    return SupportRules(
        freeness=tuple(
            FreenessRule(
                id=_name(each, link, flow),
                origins=_from(scenario, each, flow),
                destinations=_to(scenario, each, flow),
                sectors=link.sectors,
                left=link.freeness,
            )
            for each, link in freed
            for flow in link.flows
            if not link.hidden
        ),
        hidden=tuple(
            HiddenRule(
                id=_name(each, link, flow),
                origins=_from(scenario, each, flow),
                destinations=_to(scenario, each, flow),
                sectors=link.sectors,
                added=link.freeness,
            )
            for each, link in freed
            for flow in link.flows
            if link.hidden
        ),
        openings=tuple(_opening(scenario, each, item) for each, item in goods),
        transfers=(
            *(
                _money(scenario, each, kind)
                for each in now
                for kind in ("transfer", "credit")
                if getattr(each, f"{kind}_musd").source != NONE_STATED
            ),
            *(_gift(scenario, each, item) for each, item in goods if item.given),
        ),
    )


def _name(each: Supporter, link: Facilitation, flow: str) -> str:
    return f"{each.id}-{link.id}-{flow}".lower()


def _from(scenario: Scenario, each: Supporter, flow: str) -> list[str]:
    return [scenario.target if flow == "export" else each.id]


def _to(scenario: Scenario, each: Supporter, flow: str) -> list[str]:
    return [each.id if flow == "export" else scenario.target]


def _opening(scenario: Scenario, each: Supporter, item: SupportGoods) -> OpeningRule:
    return OpeningRule(
        id=f"{each.id}-{item.id}".lower(),
        origins=_from(scenario, each, item.flow),
        destinations=_to(scenario, each, item.flow),
        sectors=[item.sector],
        musd=item.value,
        hidden=item.hidden,
    )


def _money(scenario: Scenario, each: Supporter, kind: str) -> TransferRule:
    return TransferRule(
        id=f"{each.id}-{kind}".lower(),
        giver=each.id,
        receiver=scenario.target,
        musd=each.transfer_musd if kind == "transfer" else each.credit_musd,
        hidden=each.hidden,
    )


def _gift(scenario: Scenario, each: Supporter, item: SupportGoods) -> TransferRule:
    """What pays for goods that are given: the goods are behind it, so it is not hidden money."""
    return TransferRule(
        id=f"{each.id}-{item.id}-given".lower(),
        giver=each.id,
        receiver=scenario.target,
        musd=item.value,
    )


def illicit_income(rules: Sequence[IllicitRule], level: Level) -> float:
    """Return what the streams bring beyond the baseline year, million USD a year."""
    total = 0.0
    for rule in rules:
        if rule.revenue is None:
            raise InvalidInput(Problem(f"illicit {rule.id}", "has no revenue; name its streams"))
        stream = Stream(
            id=rule.id,
            name=rule.id,
            channel="income",
            revenue=rule.revenue,
            baseline=rule.baseline,
            exposure=rule.exposure,
            price_reaction=rule.price_reaction,
        )
        effort = 0.0 if rule.interdiction is None else rule.interdiction.at(OPPOSITE[level])
        ratio = 1.0 if rule.price_ratio is None else rule.price_ratio.at(level)
        total += extra_income(stream, level, effort, ratio)
    return total


def with_streams(scenario: Scenario, located: Located) -> Scenario:
    """Complete illicit rules from the scenario's streams, so that each can be overridden.

    Raises
    ------
    InvalidInput
        For a rule whose stream is not in the file or is no income, with its line.
    """
    places = list(_rules(scenario))
    if not places:
        return scenario
    known = {} if scenario.streams is None else _known(scenario, scenario.streams, located)
    problems = []
    completed: dict[tuple[int, int], IllicitRule] = {}
    for place, rule in places:
        stream = known.get(rule.id)
        given = (rule.revenue, rule.baseline, rule.exposure, rule.price_reaction)
        if stream is None and all(figure is not None for figure in given):
            continue
        if stream is None or stream.channel != "income":
            problems.append(Problem(located.place(place), _no_stream(scenario, rule, known)))
            continue
        filled = {
            name: getattr(rule, name) or getattr(stream, name)
            for name in ("revenue", "baseline", "exposure", "price_reaction")
        }
        completed[int(place[1]), int(place[3])] = rule.model_copy(update=filled)
    if problems:
        raise InvalidInput(problems)
    steps = []
    for at, step in enumerate(scenario.steps):
        rules = [completed.get((at, index), rule) for index, rule in enumerate(step.illicit)]
        steps.append(step.model_copy(update={"illicit": rules}))
    return scenario.model_copy(update={"steps": steps})


def _rules(scenario: Scenario) -> Iterator[tuple[Place, IllicitRule]]:
    for at, step in enumerate(scenario.steps):
        for position, rule in enumerate(step.illicit):
            yield ("steps", at, "illicit", position), rule


def _known(scenario: Scenario, name: str, located: Located) -> dict[str, Stream]:
    try:
        streams = load_streams(name, citable(scenario)).streams
        return {stream.id: stream for stream in streams}
    except InvalidInput as error:
        place = located.place(("streams",))
        problems = [
            Problem(place if problem.place == name else problem.place, problem.message)
            for problem in error.problems
        ]
        raise InvalidInput(problems) from error


def _no_stream(scenario: Scenario, rule: IllicitRule, known: dict[str, Stream]) -> str:
    if scenario.streams is None:
        return (
            f'"{rule.id}" needs revenue, baseline, exposure and price_reaction, or a file of '
            "streams that holds them (streams: NAME)"
        )
    if rule.id in known:
        kind = known[rule.id].channel
        return f'"{rule.id}" is {kind}, which the engine computes; it cannot be added'
    income = [name for name, stream in known.items() if stream.channel == "income"]
    return f'"{rule.id}" is no stream of {scenario.streams}; {did_you_mean(rule.id, income)}'
