"""The answer in plain words, read from the steps that a scenario has."""

from __future__ import annotations

from tumen.report.endurance import endurance_words
from tumen.report.numbers import decimals_for, percent
from tumen.report.stepping_in import replacement_words
from tumen.scenario.result import Result, StepResult
from tumen.scenario.schema import Scenario

LOSSES = ("law", "enforced", "withdrawal")
"""Steps told by where they leave real income; the others by what they change."""
LEVEL_DIGITS = 2
"""Decimals of a level at most, as in the tables."""


def sentence(scenario: Scenario, result: Result) -> str:
    """Return two or three sentences: the law, what is left of it, and what each actor changes.

    Parameters
    ----------
    scenario
        Gives the names.
    result
        Gives the numbers; real income is meant unless another reading is named.
    """
    steps = [step for step in result.steps if step.id != "baseline"]
    moves = {
        after.id: after.real_income_pct - before.real_income_pct
        for before, after in zip(result.steps, result.steps[1:], strict=False)
    }
    digits = _digits(moves)
    names = _Names(scenario)
    first, rest, last = steps[0], steps[1:], steps[-1]
    stands = [
        f"With {names.actor(first)}, {names.target}'s real income would change by "
        f"{percent(first.real_income_pct, digits)}{_band(first, digits, result.draws)}"
    ]
    stands += [
        f"with {names.actor(step)} by {percent(step.real_income_pct, digits)}"
        for step in rest
        if step.id in LOSSES
    ]
    gains = [
        f"{names.actor(step)} {_moved(moves[step.id], digits)}"
        for step in rest
        if step.id not in LOSSES
    ]
    told = ["; ".join(stands) + "."]
    if gains:
        left = f"{percent(last.real_income_pct, digits)}{_band(last, digits, result.draws)}"
        told.append(f"{_capital(' and '.join(gains))}, which leaves {left}.")
    earned = percent(last.real_earnings_pct, digits)
    told.append(f"What the economy earns itself changes by {earned}.")
    told.append(endurance_words(result))
    told.append(replacement_words(result, names.newcomer, names.benefactor))
    return " ".join(words for words in told if words)


def _digits(moves: dict[str, float]) -> int:
    """As many as the smallest move that is told as one needs; levels need two at most."""
    told = decimals_for([move for step, move in moves.items() if step not in LOSSES])
    stood = decimals_for([move for step, move in moves.items() if step in LOSSES])
    return max(told, min(stood, LEVEL_DIGITS))


class _Names:
    """What the sentence calls economies and steps."""

    def __init__(self, scenario: Scenario) -> None:
        from tumen.catalogue.bundled import economy_names

        known = economy_names()
        self.target = known.get(scenario.target, scenario.target)
        self.benefactor = scenario.benefactor_name or known.get(
            scenario.benefactor, scenario.benefactor
        )
        self.newcomer = scenario.newcomer_name or known.get(scenario.newcomer, scenario.newcomer)
        self._actors = {
            "law": "the law enforced in full",
            "enforced": "the law as enforced",
            "withdrawal": f"the withdrawal of {self.benefactor}",
            "black_market": "a black market",
            "support": f"support by {self.newcomer}",
        }

    def actor(self, step: StepResult) -> str:
        return self._actors[step.id]


def _band(step: StepResult, digits: int, draws: int) -> str:
    if step.real_income_pct_low is None or step.real_income_pct_high is None:
        return ""
    low, high = (
        percent(value, digits) for value in (step.real_income_pct_low, step.real_income_pct_high)
    )
    over = f"in nine of ten of {draws} draws" if draws else "over the range of trade elasticities"
    return f" ({low} to {high} {over})"


def _moved(points: float, digits: int) -> str:
    if float(f"{points:.{digits}f}") == 0:
        return "changes nothing"
    verb = "gives back" if points > 0 else "takes a further"
    return f"{verb} {abs(points):.{digits}f} points"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
