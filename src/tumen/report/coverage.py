"""What ``tumen coverage`` and ``tumen regimes`` print: the law on a day, and over all adoptions."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from tumen.regime.checks import regime_names
from tumen.regime.consistency import ON_FLOWS
from tumen.regime.coverage import Coverage, GroupShare, bundled_law, coverage, timeline
from tumen.regime.exempt import exempt_trade, route_trade
from tumen.regime.law import Law
from tumen.regime.regime import Claim, load_regime
from tumen.report.layout import text_table
from tumen.report.numbers import money

if TYPE_CHECKING:
    from rich.console import RenderableType
    from rich.table import Table
    from rich.text import Text

SMALL = 0.005
"""Groups below this share of a flow are not printed."""


def coverage_payload(
    regimes: str | Sequence[str], date: datetime.date, year: int | None = None
) -> dict[str, Any]:
    """Return the object of ``tumen coverage REGIME --date D --json``.

    Parameters
    ----------
    regimes
        Bundled names or files.
    year
        Another base year than the regime's.

    Examples
    --------
    >>> found = coverage_payload("un-dprk", datetime.date(2017, 12, 31))
    >>> found["target"], found["base_year"], round(found["exports_share"], 2)
    ('PRK', 2016, 0.87)
    """
    return coverage(bundled_law(regimes, year), date).payload()


def coverage_lines(
    regimes: str | Sequence[str], date: datetime.date, year: int | None = None
) -> list[RenderableType]:
    """Return everything that ``tumen coverage REGIME --date D`` prints, in order."""
    from rich.text import Text

    law = bundled_law(regimes, year)
    found = coverage(law, date)
    title = "; ".join(regime.title for regime in law.regimes)
    head = f"{title}\nThe law of {date} on {found.target}'s trade of {found.base_year}"
    lines: list[RenderableType] = [Text(head, style="bold"), Text(""), totals(found), Text("")]
    lines += [measures(found), *_others(found), Text(""), groups(found), Text(""), adoptions(law)]
    for words in (*exemption_words(law, date), *claim_words(law)):
        lines += [Text(""), Text(words)]
    return lines


def regime_lines() -> list[str]:
    """Return a line for every bundled regime: name, number of measures, title."""
    found = []
    for name in regime_names():
        regime = load_regime(name)
        found.append(f"{name:17s}{len(regime.measures):3d} measures  {regime.title}")
    return found


def _percent(share: float) -> str:
    """A share in per cent, without a decimal that it does not carry.

    >>> _percent(0.8651), _percent(0.0), _percent(0.0004)
    ('86.5', '0', '0.0')
    """
    return "0" if share == 0 else f"{100 * share:.1f}"


def totals(found: Coverage) -> Table:
    """Exports, imports, services and remittances: what is banned, capped, moving and unknown."""
    table = text_table(
        "Share of the year's value, per cent",
        ["", "musd", "banned", "of it still\nmoving", "capped", "not\npriced",
         "banned with\njudged goods"],
        left=1,
    )  # fmt: skip
    table.add_row(
        "exports of goods", money(found.exports_musd), _percent(found.exports_share),
        _percent(found.exports_winding_down_share), _percent(found.exports_capped_share),
        _percent(found.exports_unpriced_share), _percent(found.exports_judged_share),
    )  # fmt: skip
    table.add_row(
        "imports of goods", money(found.imports_musd), _percent(found.imports_share),
        _percent(found.imports_winding_down_share), _percent(found.imports_capped_share),
        _percent(found.imports_unpriced_share), _percent(found.imports_judged_share),
    )  # fmt: skip
    table.add_row(
        "services sold", money(found.services_musd), _percent(found.services_share),
        _percent(found.services_winding_down_share), "", "", "",
    )  # fmt: skip
    if found.remittances_musd:
        table.add_row(
            "remittances", money(found.remittances_musd), _percent(found.remittances_share),
            _percent(found.remittances_winding_down_share), "", "", "",
        )  # fmt: skip
    table.caption = "\n".join(
        (
            "banned, capped: goods whose value a source gives. not priced: in none of the shares.",
            "judged goods: splits of a residual by judgement, counted by the product they name.",
            *(("remittances: pay of workers abroad, no trade.",) if found.remittances_musd else ()),
        )
    )
    table.caption_justify = "left"
    return table


def measures(found: Coverage) -> Table:
    """Every measure in force, with the share that it reaches by itself."""
    table = text_table(
        "Measures in force: share of their flow, each by itself",
        ["id", "act and paragraph", "what", "instrument", "from", "bites from", "%"],
        left=6,
    )
    for each in found.measures:
        if each.instrument not in ON_FLOWS:
            continue
        share = _percent(each.share) + ("?" if each.unknown > SMALL else "")
        table.add_row(
            each.id,
            each.citation,
            each.title,
            each.instrument.replace("_", " "),
            each.from_.isoformat(),
            "" if each.bites_from == each.from_ else each.bites_from.isoformat(),
            share,
        )
    if any(each.unknown > SMALL for each in found.measures):
        table.caption = "? reaches part of more trade, and no source says how much."
        table.caption_justify = "left"
    return table


def _others(found: Coverage) -> Iterator[Text]:
    """Name the measures in force that are not about products: finance, firms, transport."""
    from rich.text import Text

    kinds: dict[str, list[str]] = {}
    for each in found.measures:
        if each.instrument not in ON_FLOWS:
            kinds.setdefault(each.instrument.replace("_", " "), []).append(each.id)
    if kinds:
        listed = "; ".join(f"{kind}: {', '.join(ids)}" for kind, ids in kinds.items())
        yield Text(f"Also in force, without a share of trade. {listed}.")


def exemption_words(law: Law, date: datetime.date) -> list[str]:
    """Say what each exemption in force keeps free, and where recorded trade holds nothing of it."""
    year, words = law.trade.year, []
    by_product = any(row.product and not row.service for row in law.trade.rows)
    for each in exempt_trade(law, date):
        what = each.exemption.purpose or each.exemption.note or each.exemption.citation
        head = f"Exempt from {each.measure}: {what}."
        if each.musd > 0:
            words.append(f"{head} It keeps {_musd(each.musd)} of {year} free.")
        elif by_product:
            note = f" ({each.exemption.note})" if each.exemption.note else ""
            words.append(
                f"{head} Respected, though the recorded {_flow(each.flow)} of {law.trade.target} "
                f"in {year} hold nothing under it{note}."
            )
        else:
            words.append(f"{head} Trade by product is not at hand: the reaches are net of it.")
    for route in route_trade(law, date):
        held = " and ".join(f"{flow} of {_musd(value)}" for flow, value in route.flows.items())
        under = f"{_musd(route.banned)} of it" if route.banned > 0 else "nothing of it"
        words.append(
            f"On the route {route.route} ({route.name}) the table of {year} holds "
            + (f"{held}; {under} is under a ban." if held else "nothing.")
        )
    return words


def _musd(value: float) -> str:
    return f"{money(value)} million USD"


def _flow(flow: str) -> str:
    return {"export": "exports", "import": "imports", "labour": "remittances"}.get(flow, flow)


def groups(found: Coverage) -> Table:
    """Partners and sectors with the share of their trade that is banned."""
    table = text_table(
        "By partner and sector: per cent of all goods, those without a price included",
        ["", "", "musd", "banned", "capped"],
        left=2,
    )
    total = {"export": found.exports_musd, "import": found.imports_musd}
    for kind, members in (("partner", found.partners), ("sector", found.sectors)):
        for each in _largest(members, total):
            table.add_row(
                f"{each.flow} by {kind}",
                each.name,
                money(each.musd),
                _percent(each.banned),
                _percent(each.capped),
            )
    return table


def _largest(members: Sequence[GroupShare], total: dict[str, float]) -> Iterator[GroupShare]:
    ordered = sorted(members, key=lambda each: (each.flow, -each.musd))
    yield from (each for each in ordered if each.musd > SMALL * total[each.flow])


def adoptions(law: Law) -> Table:
    """The law at every adoption, with what was claimed beside what is computed."""
    table = text_table(
        "At every adoption: per cent of the year's goods",
        ["adopted", "act", "exports\nbanned", "claimed", "with\njudged", "exports\ncapped",
         "imports\nbanned", "imports\ncapped"],
        left=2,
    )  # fmt: skip
    claims = {claim.adopted: claim for claim in _claims(law) if claim.flow == "export"}
    for adopted, acts, found in timeline(law):
        claim = claims.get(adopted)
        table.add_row(
            adopted.isoformat(),
            acts,
            _percent(found.exports_share),
            f"{100 * claim.share:.0f}" if claim else "",
            _percent(found.exports_judged_share),
            _percent(found.exports_capped_share),
            _percent(found.imports_share),
            _percent(found.imports_capped_share),
        )
    return table


def _claims(law: Law) -> list[Claim]:
    return [claim for regime in law.regimes for claim in regime.claims]


def claim_words(law: Law) -> list[str]:
    """Say in words what was claimed, what is computed, and why they differ."""
    at = {adopted: found for adopted, _, found in timeline(law)}
    words = []
    for claim in _claims(law):
        found = at.get(claim.adopted)
        if found is not None:
            mine, judged = found.exports_share, found.exports_judged_share
            if claim.flow == "import":
                mine, judged = found.imports_share, found.imports_judged_share
            words.append(
                f"Claimed {claim.adopted}: {claim.text}. Computed: {_percent(mine)} %, with judged "
                f"goods {_percent(judged)} %. {claim.gap}".rstrip()
            )
    return words
