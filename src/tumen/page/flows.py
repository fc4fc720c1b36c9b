"""What the target buys and how it pays for it, before and after: two pictures of one scale."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tumen.page.case import Case
from tumen.page.exhibit import Exhibit, Row, Section, musd, words
from tumen.page.sankey import Flow, sankey
from tumen.report.numbers import money
from tumen.scenario.result import PartnerTrade, StepResult

LARGEST = 4
"""Partners on a side; the others are one."""
OTHERS = "Others"
LEAST = 0.05
"""Million USD a year from which a flow is drawn."""


@dataclass(frozen=True, slots=True)
class Account:
    """A year of the target: what comes in, and what pays for it; both sides sum to the same."""

    label: str
    bought: tuple[Flow, ...]
    paid: tuple[Flow, ...]

    @property
    def imports(self) -> float:
        """What it buys, million USD a year."""
        return sum(flow.musd for flow in self.bought if flow.kind != "money")


def flows(case: Case) -> Section:
    """Return the picture before and after, with the account behind it."""
    partners = _largest(case)
    accounts = [account(case, step, partners) for step in (case.baseline, case.last)]
    before, after = accounts
    title = (
        f"{case.target} bought for {money(before.imports)} million USD a year, and for "
        f"{money(after.imports)} after all steps"
    )
    rows: tuple[Row, ...] = tuple(row for each in accounts for row in _rows(each))
    return Section(
        "flows",
        "What it buys, and how it pays",
        exhibits=(
            Exhibit(
                "flows-sankey",
                title,
                (
                    words("when", "When"),
                    words("side", "Side"),
                    words("name", "With or by"),
                    words("kind", "Kind"),
                    musd("musd", "Million USD a year"),
                ),
                rows,
                alt=f"Flow picture. {title}. {_told(before)} {_told(after)}",
                svg=sankey([(_head(each), each.bought, each.paid) for each in accounts]),
                note="Million USD a year, all goods and services. Left: from whom it buys; right: "
                "what pays for it. Blue: open trade; orange: hidden trade; green: money without "
                "trade. Rest: what else finances imports, rents of middlemen included. Both "
                "pictures have one scale.",
            ),
        ),
    )


def _head(each: Account) -> str:
    return f"{each.label}: buys for {money(each.imports)}"


def _told(each: Account) -> str:
    bought = ", ".join(f"{flow.name} {money(flow.musd)}" for flow in _by_size(each.bought)[:3])
    paid = ", ".join(f"{flow.name} {money(flow.musd)}" for flow in _by_size(each.paid)[:4])
    return f"{each.label}: bought from {bought}; paid by {paid}."


def _by_size(found: Sequence[Flow]) -> list[Flow]:
    return sorted(found, key=lambda flow: -flow.musd)


def _rows(each: Account) -> Iterator[Row]:
    for side, found in (("buys from", each.bought), ("paid by", each.paid)):
        for flow in found:
            yield {
                "when": each.label,
                "side": side,
                "name": flow.name,
                "kind": flow.kind,
                "musd": flow.musd,
            }


def _largest(case: Case) -> list[str]:
    """Partners shown by name: the largest before or after."""
    ends = {case.baseline.id, case.last.id}
    size: dict[str, float] = {}
    for row in case.result.partner_trade:
        if row.step in ends:
            size[row.economy] = max(size.get(row.economy, 0.0), row.all_musd)
    return sorted(size, key=lambda code: -size[code])[:LARGEST]


def account(case: Case, step: StepResult, partners: Sequence[str]) -> Account:
    """Return the target's account at a step, with the named partners apart."""
    trade = [row for row in case.result.partner_trade if row.step == step.id]
    bought = list(_trade_flows(case, trade, partners, "imports"))
    paid = list(_trade_flows(case, trade, partners, "exports"))
    if step.remittances_musd > 0:
        paid.append(Flow("Pay of workers abroad", "money", step.remittances_musd))
    if step.transfers_musd > 0:
        paid.append(Flow("Support and illicit income", "money", step.transfers_musd))
    rest = sum(flow.musd for flow in bought) - sum(flow.musd for flow in paid)
    if rest >= 0:
        paid.append(Flow("Rest", "money", rest))
    else:
        bought.append(Flow("Saved abroad", "money", -rest))
    return Account(step.label, tuple(bought), tuple(paid))


def _trade_flows(
    case: Case, trade: Sequence[PartnerTrade], partners: Sequence[str], way: str
) -> Iterator[Flow]:
    """Yield open and hidden trade one way, by partner, and of all others together."""
    for code in (*partners, None):
        rows = [
            row
            for row in trade
            if (row.economy == code if code is not None else row.economy not in partners)
        ]
        name = OTHERS if code is None else case.name(code)
        seen = sum(
            getattr(row, f"{way}_musd") + getattr(row, f"unrecorded_{way}_musd") for row in rows
        )
        unseen = sum(getattr(row, f"hidden_{way}_musd") for row in rows)
        if seen > LEAST:
            yield Flow(name, "open", float(seen))
        if unseen > LEAST:
            yield Flow(f"{name}, hidden", "hidden", float(unseen))
