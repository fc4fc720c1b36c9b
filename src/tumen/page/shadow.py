"""The black market and the support: what is hidden, who takes over, what it would take."""

from __future__ import annotations

from tumen.catalogue.bundled import sector_names
from tumen.lifeline.support import Compensation
from tumen.page.case import Case
from tumen.page.exhibit import Exhibit, Row, Section, Spec, figures, musd, share, source, words
from tumen.page.palette import GREEN, GREY, HIDDEN, PURPLE, SKY, WIDTH
from tumen.page.plots import colours, finished, listed, ranges, short, values
from tumen.report.numbers import money

KINDS = (
    ("smuggled exports", HIDDEN),
    ("smuggled imports", PURPLE),
    ("hidden money", GREEN),
)
TAKEN = (("evasion", HIDDEN), ("diversion", SKY), ("support", GREEN), ("nobody", GREY))
SECTORS = 8


def shadow(case: Case) -> Section:
    """Return hidden trade by step, takeovers by sector, streams beside sources, support needed."""
    exhibits = [_hidden(case)]
    if case.result.stepping_in.streams:
        exhibits.append(_streams(case))
    if case.result.stepping_in.takeovers:
        exhibits.append(_takeovers(case))
    if case.result.stepping_in.volumes:
        exhibits.append(_volumes(case))
    if case.result.compensation:
        exhibits.append(_compensation(case))
    return Section("shadow", "Black market and support", exhibits=tuple(exhibits))


def _hidden(case: Case) -> Exhibit:
    rows: tuple[Row, ...] = tuple(
        {
            "label": step.label,
            "smuggled exports": step.hidden_exports_musd,
            "smuggled imports": step.hidden_imports_musd,
            "hidden money": step.hidden_transfers_musd,
            "evasion_musd": step.evasion_musd,
            "diversion_musd": step.diversion_musd,
        }
        for step in case.result.steps
    )
    last = case.last
    title = (
        f"At the last step {money(last.hidden_musd)} million USD a year of trade and "
        f"{money(last.hidden_transfers_musd)} million of money pass unrecorded"
    )
    return Exhibit(
        "shadow-hidden",
        title,
        (
            words("label", "Step"),
            musd("smuggled exports", "Smuggled exports"),
            musd("smuggled imports", "Smuggled imports"),
            musd("hidden money", "Hidden money"),
            musd("evasion_musd", "Evasion"),
            musd("diversion_musd", "Diversion"),
        ),
        rows,
        alt=f"Bars by step. {title}.",
        spec=_stack(
            [
                {"name": row["label"], "kind": kind, "musd": row[kind]}
                for row in rows
                for kind, _ in KINDS
            ],
            KINDS,
        ),
        note="Million USD a year. Evasion: smuggled trade, and banned trade that nobody stops. "
        "Diversion: gains on links that no setting touches. Smuggled imports include links opened "
        "in hiding.",
    )


def _stack(rows: list[Row], kinds: tuple[tuple[str, str], ...]) -> Spec:
    import altair as alt

    order = list(dict.fromkeys(str(row["name"]) for row in rows))
    names = [name for name, _ in kinds]
    placed = [{**row, "order": names.index(str(row["kind"]))} for row in rows]
    return finished(
        alt.Chart(values(placed, ("name", "kind", "musd", "order")))
        .mark_bar(size=16)
        .encode(
            y=listed("name", order),
            x=alt.X("musd:Q", title="Million USD a year", axis=alt.Axis(tickCount=6)),
            color=alt.Color("kind:N", scale=colours(kinds), title=None),
            order=alt.Order("order:O"),
        )
        .properties(width=WIDTH, height=alt.Step(28))
    )


def _streams(case: Case) -> Exhibit:
    rows: tuple[Row, ...] = tuple(
        {
            "name": row.name,
            "low": row.revenue.low,
            "central": row.revenue.central,
            "high": row.revenue.high,
            "computed": row.computed_musd,
            "source": row.revenue.source,
        }
        for row in case.result.stepping_in.streams
    )
    inside = sum(row["low"] <= row["computed"] <= row["high"] for row in rows)
    title = f"{inside} of {len(rows)} unrecorded streams lie within what sources say"
    told = "; ".join(
        f"{row['name']} {money(row['computed'])} computed, {money(row['low'])} to "
        f"{money(row['high'])} by sources"
        for row in rows
    )
    return Exhibit(
        "shadow-streams",
        title,
        (
            words("name", "Stream"),
            musd("low", "Sources, low"),
            musd("central", "Central"),
            musd("high", "High"),
            musd("computed", "Computed"),
            source("source", "Source"),
        ),
        rows,
        alt=f"Ranges and points by stream. {title}: {told}.",
        spec=ranges(list(rows), "Million USD a year"),
        note="Million USD a year at the last step. Bar: what sources say; diamond: computed.",
    )


def _takeovers(case: Case) -> Exhibit:
    names = sector_names()
    found = sorted(case.result.stepping_in.takeovers, key=lambda row: -row.withdrawn_musd)
    rows: tuple[Row, ...] = tuple(
        {
            "name": f"{short(names.get(row.sector, row.sector), 26)} ({row.flow}s)",
            "withdrawn": row.withdrawn_musd,
            "evasion": row.evasion_musd,
            "diversion": row.diversion_musd,
            "support": row.support_musd,
            "nobody": row.lost_musd,
        }
        for row in found
    )
    whole = {name: sum(row[name] for row in rows) for name in rows[0] if name != "name"}
    part = whole["nobody"] / whole["withdrawn"] if whole["withdrawn"] > 0 else 0.0
    title = (
        f"Of {money(whole['withdrawn'])} million USD a year withdrawn, nobody takes over "
        f"{100 * part:.0f} %"
    )
    bars: list[Row] = [
        {"name": row["name"], "kind": kind, "musd": max(0.0, row[kind])}
        for row in rows[:SECTORS]
        for kind, _ in TAKEN
    ]
    return Exhibit(
        "shadow-takeovers",
        title,
        (
            words("name", "Sector"),
            musd("withdrawn", "Withdrawn"),
            musd("evasion", "Evasion"),
            musd("diversion", "Diversion"),
            musd("support", "Support"),
            musd("nobody", "Nobody"),
        ),
        rows,
        alt=f"Stacked bars of the {min(SECTORS, len(rows))} largest sectors. {title}: evasion "
        f"{money(whole['evasion'])}, diversion {money(whole['diversion'])}, support "
        f"{money(whole['support'])}.",
        spec=_stack(bars, TAKEN),
        note="Million USD a year. Evasion: banned trade that goes on. Diversion: "
        "gains of others without any change of their policy. Support: what was opened or eased "
        "for it. Nobody is below 0 in the table where others gained more than was withdrawn.",
    )


def _volumes(case: Case) -> Exhibit:
    rows: tuple[Row, ...] = tuple(
        {
            "product": f"{row.product} ({row.flow}s)",
            "unit": row.unit,
            "baseline": row.baseline,
            "now": row.now,
            "lost": row.lost_with_benefactor,
            "recorded": row.newcomer_recorded,
            "hidden": row.newcomer_hidden,
        }
        for row in case.result.stepping_in.volumes
    )
    return Exhibit(
        "shadow-volumes",
        "The same in barrels and tonnes",
        (
            words("product", "Product"),
            words("unit", "Unit"),
            figures("baseline", "Baseline"),
            figures("now", "Now"),
            figures("lost", "Lost with who withdrew"),
            figures("recorded", "Newcomers, recorded"),
            figures("hidden", "Newcomers, hidden"),
        ),
        rows,
    )


def _compensation(case: Case) -> Exhibit:
    rows: tuple[Row, ...] = tuple(
        {
            "share": row.share,
            "kind": _kind(row),
            "musd": row.musd,
            "giver_cost_musd": row.giver_cost_musd,
            "best_share": row.best_share,
        }
        for row in case.result.compensation
    )
    able = [row for row in case.result.compensation if row.kind == "money" and row.musd is not None]
    title = "What the newcomer would have to give, before it steps in"
    if able:
        least = min(able, key=lambda row: row.share)
        title = (
            f"To give back {100 * least.share:.0f} % of the loss in money would take "
            f"{money(least.musd or 0.0)} million USD a year"
        )
    return Exhibit(
        "shadow-compensation",
        title,
        (
            share("share", "To give back, % of the loss"),
            words("kind", "In"),
            musd("musd", "Million USD a year"),
            musd("giver_cost_musd", "Costs the giver, million USD"),
            share("best_share", "Best reached, % of the loss"),
        ),
        rows,
        note="An empty amount: it cannot, and best reached says how near it comes. Freer links "
        "are a factor less one, not dollars.",
    )


def _kind(row: Compensation) -> str:
    names = {"money": "money", "freeness": "freer links (factor less 1)"}
    return names.get(row.kind, sector_names().get(row.kind, row.kind))
