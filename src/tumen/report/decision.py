"""The decision in words and tables, read from the solution and never written in advance."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from tumen.report.layout import captioned, make_table, text_table
from tumen.report.numbers import money, percent, signed
from tumen.scenario.decision_draws import FEWEST
from tumen.scenario.decision_result import Decision, Inverse, SeatRow, SituationRow, SwitchRow
from tumen.scenario.schema import Scenario

if TYPE_CHECKING:
    from rich.console import RenderableType
    from rich.table import Table
    from rich.text import Text

SUPPORT_WORDS = {
    "none": "gives no support",
    "quiet": "backfills quietly",
    "brazen": "backfills brazenly",
    "open": "supports openly",
}
BINDING_WORDS = {
    "acceptance": "{tightest} would veto any more",
    "jump": "with any more, support would jump",
    "interior": "more would gain the proposer nothing",
    "full cut": "nothing is left to ban",
    "no acceptable text": "{tightest} accepts none",
    "reversion": "the proposer prefers no text",
}
MOTIVE_WORDS = {
    "noise_musd": "noise of the monitor, σ",
    "penalty": "penalty when caught, F",
    "relief": "relief lost when caught, ρ",
    "survival_value": "worth of survival, S",
    "veto_cost": "cost of a veto, κ",
    "cost": "cost of support, c",
    "margin": "margin on support, g",
    "supply": "what it could supply, B",
    "capacity": "what it could supply, B",
    "capacity_after_veto": "the same after a veto",
    "false_alarm": "false alarms, α",
    "base_hazard": "hazard without a cut, h0",
    "danger": "danger to the target, η·loss(1)",
    "reversion": "cut without a text, r0",
    "black_market": "black market, s",
    "unanimity": "worth of a text that passes, λ",
    "fear": "proposer's fear of collapse",
}
LEVERS = {
    "noise_musd": ("better monitoring", -1),
    "penalty": ("dearer secondary sanctions", 1),
    "relief": ("more credible relief", 1),
}
"""What others can do, and whether it raises or lowers the motive."""
STOPPED = "none"
NO_TEXT = 5e-3
"""A text that bans less is none."""


def decision_lines(scenario: Scenario, found: Decision) -> list[RenderableType]:
    """Return everything that ``tumen decide`` prints, in order."""
    from rich.padding import Padding
    from rich.text import Text

    lines: list[RenderableType] = [
        Text(f"{scenario.title}: the vote and the quiet backfill", style="bold"),
        Padding(Text(decision_words(scenario, found)), (1, 0)),
        *decision_tables(found),
    ]
    if found.switches:
        lines += [Text(""), switches(found)]
    if found.phase_map:
        lines += [Text(""), phase_map(found)]
    if found.shares:
        lines += [Text(""), shares(found)]
    if found.inverse is not None:
        lines += [Text(""), believed(found.inverse)]
    return [*lines, Text(""), Text("\n".join(_basis(found))), *_notes(found)]


def decision_tables(found: Decision) -> list[RenderableType]:
    """Return how each situation is played: all that ``tumen run`` shows beside the words."""
    from rich.text import Text

    return [situations(found), Text(""), seats(found)]


def decision_words(scenario: Scenario, found: Decision) -> str:
    """Return a sentence or two for each situation, what would stop the support, and how sure."""
    names = _Names(scenario)
    told = [_situation_words(names, row, found) for row in found.situations]
    told += _stopped_words(names, found)
    if found.inverse is not None:
        told.append(_story_words(names, found.inverse))
    return " ".join(told)


class _Names:
    def __init__(self, scenario: Scenario) -> None:
        from tumen.catalogue.bundled import economy_names

        self._known = economy_names()
        self.target = self(scenario.target)

    def __call__(self, state: str) -> str:
        return self._known.get(state, state)


def _situation_words(names: _Names, row: SituationRow, found: Decision) -> str:
    states = [each for each in found.seats if each.situation == row.situation]
    binding = BINDING_WORDS[row.binding].format(tightest=names(row.tightest))
    if row.vote == "yes":
        told = (
            f"{row.label}: a text that bans {_percent(row.text)} of {names.target}'s trade with "
            f"{names(found.stake.benefactor)} passes ({binding})"
        )
        if row.text < NO_TEXT:
            told = f"{row.label}: what passes is in effect no text ({binding})"
    else:
        told = f"{row.label}: no text passes ({binding})"
    acts = "; ".join(_acts(names, each, row.vote == "yes") for each in states)
    falls, calm = 100 * row.collapse, 100 * found.stake.collapse_without_cut
    return (
        f"{told}; {acts}. Real income changes by {percent(-row.loss_pct)}, and the chance that "
        f"{names.target} falls within {found.stake.horizon_years:g} years is {falls:.1f} % "
        f"({calm:.1f} % without any cut)."
    )


def _acts(names: _Names, row: SeatRow, passed: bool) -> str:
    votes = "votes yes and " if passed and row.vote == "yes" else ""
    told = f"{names(row.state)} {votes}{SUPPORT_WORDS[row.support]}"
    if row.support == "none":
        return told
    caught = f", noticed with a chance of {_percent(row.detection)}" if passed else ""
    amount = money(row.backfill_musd)
    if _wide(row):
        amount += f", from {money(row.backfill_musd_low)} to {money(row.backfill_musd_high)} over "
        amount += "several equilibria,"
    return f"{told} ({amount} million USD a year{caught})"


def _stopped_words(names: _Names, found: Decision) -> Iterator[str]:
    """Say which value of each lever ends the support that is followed, as far as one does."""
    if not found.curves:
        return
    state, situation = found.curves[0].state, found.curves[0].situation
    seat = next(each for each in found.seats if (each.situation, each.state) == (situation, state))
    if seat.support == STOPPED:
        return
    ends = [
        f"{words} ({MOTIVE_WORDS[row.motive]}: {_number(row.at)} {row.unit} in place of "
        f"{_number(row.central)})"
        for motive, (words, sign) in LEVERS.items()
        for row in _ends(found, motive, sign)
    ]
    where = f"{names(state)}'s support ({_label(found, situation)})"
    if ends:
        yield f"What would end {where}: {'; or '.join(ends)}."
    else:
        yield f"Of the values looked at, none of what others can do would end {where}."


def _ends(found: Decision, motive: str, sign: int) -> list[SwitchRow]:
    """The first switch from the central value on, in the lever's direction, to no support."""
    further = [
        row
        for row in found.switches
        if row.motive == motive
        and row.what == "support"
        and sign * (row.at - row.central) > 0
        and (row.after if sign > 0 else row.before) == STOPPED
    ]
    return sorted(further, key=lambda row: sign * row.at)[:1]


def _story_words(names: _Names, inverse: Inverse) -> str:
    """How often what was seen is the solution, and how sure that share is."""
    low, high = inverse.story_low, inverse.story_high
    if low >= inverse.reproduced_from:
        judged = "counts as reproduced"
    elif high < inverse.reproduced_from:
        judged = "does not count as reproduced"
    else:
        judged = "is undecided with so few draws"
    seen = {"yes": "a yes", "veto": "a veto", "": ""}[inverse.vote]
    kinds = " or ".join(inverse.support).replace("none", "no")
    if kinds:
        seen = f"{seen} with " if seen else ""
        seen += f"{kinds} support by {names(inverse.state)}"
    told = (
        f"Over {inverse.story_draws} draws of all motives, {seen or 'whatever is played'} is the "
        f"solution in {_percent(inverse.story_share)} ({_percent(low)} to {_percent(high)}), which "
        f"{judged} (from {_percent(inverse.reproduced_from)} on)"
    )
    if inverse.sizes:
        told += f"; at the sizes that were seen in {inverse.fitting} of {inverse.draws} more"
    return f"{told}."


def situations(found: Decision) -> Table:
    """What passes in each situation, and what comes of it."""
    table = text_table(
        "The text: shares of the trade with " + found.stake.benefactor,
        ["situation", "what keeps it from being larger", "vote", "text", "net\ncut",
         "loss of\nincome %", "falls,\n%", "accepted\nup to"],
        left=3,
    )  # fmt: skip
    for row in found.situations:
        table.add_row(
            row.label,
            BINDING_WORDS[row.binding].format(tightest=row.tightest),
            row.vote,
            f"{row.text:.3f}",
            f"{row.net_cut:.3f}",
            signed(row.loss_pct).lstrip("+"),
            f"{100 * row.collapse:.1f}",
            "none" if row.accepted_up_to is None else f"{row.accepted_up_to:.3f}",
        )
    calm = 100 * found.stake.collapse_without_cut
    lines = [
        "Central motives. net cut: what support and a black market leave of the text.",
        f"falls: within {found.stake.horizon_years:g} years; {calm:.1f} % without any cut.",
    ]
    if found.stake.law_text is not None:
        lines.append(f"The law of the case bans {found.stake.law_text:.3f} of this trade.")
    return captioned(table, "\n".join(lines))


def seats(found: Decision) -> Table:
    """What each state does."""
    table = text_table(
        "Who does what: million USD a year",
        ["situation", "state", "vote", "support", "amount", "(range)", "of at\nmost", "caught,\n%",
         "gain by\nyes, bn", "jumps\nat text"],
        left=4,
    )  # fmt: skip
    labels = {row.situation: row for row in found.situations}
    for row in found.seats:
        wide = _wide(row)
        table.add_row(
            labels[row.situation].label,
            row.state,
            "" if labels[row.situation].binding == "reversion" else row.vote,
            row.support,
            money(row.backfill_musd),
            f"{money(row.backfill_musd_low)} to {money(row.backfill_musd_high)}" if wide else "",
            money(row.capacity_musd),
            f"{100 * row.detection:.0f}",
            "" if row.margin is None else signed(row.margin, 2),
            "" if row.jump_at is None else f"{row.jump_at:.3f}",
        )
    lines = [
        "caught: with no support, how often honest trade is flagged. jumps at text: beyond it the",
        "best support is suddenly larger; the tables (--out) say from what to what.",
        *_equilibria(found),
    ]
    return captioned(table, "\n".join(lines))


def _wide(row: SeatRow) -> bool:
    """Whether equilibria differ in this state's support, as far as it is shown."""
    return row.backfill_musd_high - row.backfill_musd_low > 0.05


def _equilibria(found: Decision) -> Iterator[str]:
    for row in found.situations:
        if row.binding == "no acceptable text":
            yield f"{row.label}: votes are on the text that comes nearest to passing."
        if row.equilibria == 0:
            yield f"{row.label}: no equilibrium in support was found; the nearest end is shown."
        elif row.on_a_line:
            yield f"{row.label}: equilibria in support form a line; the range shows it."
        elif row.equilibria > 1:
            yield f"{row.label}: {row.equilibria} equilibria in support; the range spans them."
        else:
            yield f"{row.label}: one equilibrium in support, from every start (which is no proof)."


def switches(found: Decision) -> Table:
    """At which value of a motive vote or support switches."""
    state = found.switches[0].state
    table = text_table(
        f"Tipping points of {state}, {_label(found, found.switches[0].situation)}",
        ["motive", "unit", "what", "below", "above", "switches at", "central", "range"],
        left=5,
    )
    for row in found.switches:
        table.add_row(
            MOTIVE_WORDS[row.motive],
            row.unit,
            row.what,
            row.before,
            row.after,
            _number(row.at),
            _number(row.central),
            f"{_number(row.low)} to {_number(row.high)}",
        )
    followed = list(dict.fromkeys(each.motive for each in found.curves))
    still = [each for each in followed if each not in {row.motive for row in found.switches}]
    caption = (
        "Followed from a twentieth of the central value to twenty times it; from 0 where it is 0."
    )
    if still:
        caption += f"\nNothing switches along: {', '.join(MOTIVE_WORDS[each] for each in still)}."
    return captioned(table, caption)


def phase_map(found: Decision) -> Table:
    """Vote and support over two motives, a letter for each kind."""
    first = found.phase_map[0]
    across = sorted({each.across_value for each in found.phase_map})
    up = sorted({each.up_value for each in found.phase_map}, reverse=True)
    cells = {(each.across_value, each.up_value): each for each in found.phase_map}
    table = make_table(
        f"{first.state} over two motives: across {MOTIVE_WORDS[first.across]}, up "
        f"{MOTIVE_WORDS[first.up]}",
        ["", *(_number(value) for value in across)],
    )
    for value in up:
        kinds = [cells[other, value] for other in across]
        table.add_row(
            _number(value), *("veto" if each.vote == "veto" else each.support for each in kinds)
        )
    return captioned(table, "After a yes: none, quiet or brazen support; veto: no text passes.")


def shares(found: Decision) -> Table:
    """How often drawn motives give each kind of play, and each state's yes to what was seen."""
    state = found.shares[0].state
    table = text_table(
        f"All motives drawn, {found.draws} times: how often each play is the solution",
        ["situation", "vote", f"support of {state}", "share, %"],
        left=3,
    )
    for row in found.shares:
        table.add_row(_label(found, row.situation), row.vote, row.support, f"{100 * row.share:.0f}")
    lines = [
        "Half of the draws lie below the central value of each figure, half above, evenly.",
        *(
            f"{_label(found, row.situation)}: {row.state} would accept a text of {row.text:.2f} in "
            f"{_percent(row.chance)} of the draws."
            for row in found.chances
        ),
    ]
    return captioned(table, "\n".join(lines))


def believed(inverse: Inverse) -> Table:
    """What must be believed for all that was seen to be the solution."""
    table = text_table(
        f"What must be believed: {inverse.fitting} of {inverse.draws} draws give what was seen",
        ["", "figure", "unit", "thought\npossible", "(range)", "fits:\nmedian", "(5 to 95 %)"],
        left=3,
    )
    for row in (*inverse.ratios, *inverse.rows):
        fits = ("", "")
        if row.fitting_low is not None and row.fitting_high is not None:
            fits = (
                _number(row.fitting_central or 0.0),
                f"{_number(row.fitting_low)} to {_number(row.fitting_high)}",
            )
        table.add_row(
            row.state,
            MOTIVE_WORDS.get(row.motive, row.motive),
            row.unit,
            _number(row.central),
            f"{_number(row.low)} to {_number(row.high)}",
            *fits,
        )
    caption = (
        "Ratios come first: only they count in the game, and they say more than any one motive."
        if inverse.ratios
        else ""
    )
    if any(row.fitting_low is None for row in inverse.rows):
        caption = f"Fewer than {FEWEST} draws fit, too few for ranges: ask for more with --draws."
    return captioned(table, caption)


def _basis(found: Decision) -> Iterator[str]:
    stake = found.stake
    yield (
        f"The loss of income comes from {stake.solves} solves; a whole cut costs "
        f"{stake.whole_loss_pct:.1f} %. Between them it is"
    )
    error, at = stake.interpolation_error_points, stake.interpolation_error_at
    yield f"interpolated: off by {error:.1g} points at a text of {at:.4f}, the most found."
    yield (
        f"Support by {stake.newcomer} differs from a text that is smaller by as much by "
        f"{stake.slack_difference_points:.1g} points at most."
    )
    yield f"The black market carries {stake.black_market:.3f} of it, once a text is in force."
    if stake.support_musd is not None:
        support = money(stake.support_musd)
        yield f"In the last step of the case {stake.newcomer} supports with {support} million."


def _notes(found: Decision) -> Iterator[Text]:
    from rich.text import Text

    said = [f"{row.label}: {row.note}" for row in found.situations if row.note]
    for note in (*said, *found.notes):
        yield Text(note)


def _label(found: Decision, situation: str) -> str:
    return next(row.label for row in found.situations if row.situation == situation)


def _percent(share: float) -> str:
    return f"{100 * share:.0f} %"


def _number(value: float) -> str:
    text = f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.3g}"
    return text.replace("-", "−")


def decision_payload(scenario: Scenario, found: Decision) -> dict[str, Any]:
    """Return plain data; names as in :mod:`tumen.scenario.decision_result`."""
    return {
        "scenario": scenario.id,
        "target": scenario.target,
        "sentence": decision_words(scenario, found),
        **asdict(found),
    }


def decision_rows(found: Decision | None) -> dict[str, list[Mapping[str, Any]]]:
    """Return the tables of a decision by name, for files."""
    if found is None:
        return {}
    inverse = found.inverse
    return {
        "decision_situations": [asdict(row) for row in found.situations],
        "decision_seats": [asdict(row) for row in found.seats],
        "decision_losses": [asdict(row) for row in found.stake.losses],
        "decision_switches": [asdict(row) for row in found.switches],
        "decision_curves": [asdict(row) for row in found.curves],
        "decision_map": [asdict(row) for row in found.phase_map],
        "decision_shares": [asdict(row) for row in found.shares],
        "decision_chances": [asdict(row) for row in found.chances],
        "decision_believed": []
        if inverse is None
        else [asdict(row) for row in (*inverse.ratios, *inverse.rows)],
    }
