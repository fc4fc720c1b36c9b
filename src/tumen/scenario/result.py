"""What a run gives: plain records that reports, JSON and tables read."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from tumen.evidence.quantity import Quantity
from tumen.lifeline.replacement import Replacement, Takeover
from tumen.lifeline.support import Compensation
from tumen.scenario.backtest import BacktestRow
from tumen.scenario.backtest_errors import BacktestDriver, BacktestFigure, BacktestGood
from tumen.scenario.decision_result import Decision
from tumen.scenario.decomposition import Contribution
from tumen.world.display import html_table


@dataclass(frozen=True, slots=True)
class StepResult:
    """One rung: million USD a year, per cent against the baseline."""

    id: str
    label: str
    provisional: bool
    exports_musd: float
    """Exports that partners record."""
    imports_musd: float
    """Imports that partners record."""
    hidden_musd: float
    """Smuggled trade and hidden support in goods that partners do not record."""
    exports_unrecorded_musd: float
    """Open sales that no customs record shows: services, rights."""
    imports_unrecorded_musd: float
    """Open purchases that no customs record shows."""
    hidden_exports_musd: float
    """Smuggled sales."""
    hidden_imports_musd: float
    """Smuggled purchases, and links opened in hiding."""
    hidden_transfers_musd: float
    """Hidden support and illicit income that no trade is behind."""
    remittances_musd: float
    """Pay of its workers abroad, as far as law and partners leave it; part of ``deficit_musd``."""
    transfers_musd: float
    """Support and illicit income beyond the baseline, hidden or not; part of ``deficit_musd``."""
    diversion_musd: float
    """What the target's trade gained on links that no setting touches."""
    evasion_musd: float
    """Smuggled trade, and banned trade that partners do not stop."""
    deficit_musd: float
    """D': imports minus exports of everything."""
    rents_abroad_musd: float
    """What the wedges of caps and hidden routes bring it from abroad, less what it pays."""
    real_income_pct: float
    """What the economy can buy, transfers included; exact."""
    real_output_pct: float
    """The volume of what it makes."""
    real_earnings_pct: float
    """What its own earnings can buy."""
    employment_pct: float
    """Change of work, weighted by pay; 0 unless labour is idle."""
    labour: str
    """"mobile", "fixed" or "idle": whether workers can change sectors."""
    first_order_pct: float
    """The first-order sum of the literature."""
    first_order_flag: str
    """Why that sum should not be used here; empty: it may."""
    real_income_pct_low: float | None = None
    """Lowest over the range of trade elasticities; with draws their 5th per cent. None: not
    computed."""
    real_income_pct_high: float | None = None
    """Highest over the same range; with draws their 95th per cent."""
    exports_musd_low: float | None = None
    """5th per cent of the draws; None: there are none."""
    exports_musd_high: float | None = None
    imports_musd_low: float | None = None
    imports_musd_high: float | None = None
    hidden_musd_low: float | None = None
    hidden_musd_high: float | None = None
    real_output_pct_low: float | None = None
    real_output_pct_high: float | None = None
    real_earnings_pct_low: float | None = None
    real_earnings_pct_high: float | None = None
    runway_months: float | None = None
    """Months that savings would pay for the imports wanted under these settings; None: no end, or
    nothing is said of savings."""
    runway_months_low: float | None = None
    runway_months_high: float | None = None
    survival: float | None = None
    """Chance of holding for 60 months under these settings."""
    survival_low: float | None = None
    survival_high: float | None = None


@dataclass(frozen=True, slots=True)
class HoldingRow:
    """One step while savings pay for imports, and when they are gone: million USD a year."""

    step: str
    label: str
    exports_musd: float
    """Recorded, while savings last."""
    imports_musd: float
    """Recorded, while savings last."""
    deficit_musd: float
    """Imports less exports of everything."""
    own_financing_musd: float
    """What pays for it beside savings."""
    draw_musd: float
    """What savings pay."""
    stock_musd: float
    """Savings in the month of the ladder."""
    real_income_pct: float
    """What the economy can buy while savings last, these included."""
    real_output_pct: float
    gone_real_income_pct: float
    """What it can buy when they are gone."""
    gone_real_output_pct: float
    gone_imports_musd: float
    """Recorded imports when they are gone."""
    runway_months: float | None
    """Months that savings pay the draw; None: nothing is drawn."""
    survival: float
    """Chance of holding for 60 months, mean of the priors."""
    priors: dict[str, float]
    """The same by prior."""
    runway_months_low: float | None = None
    runway_months_high: float | None = None
    survival_low: float | None = None
    survival_high: float | None = None


@dataclass(frozen=True, slots=True)
class HistoryRow:
    """One record beside the timeline."""

    id: str
    period: str
    measure: str
    partner: str
    good: str
    recorded: float
    unit: str
    computed: float
    computed_low: float | None
    """At the ends of all figures; None: not computed."""
    computed_high: float | None
    error: float
    """Per cent of the record; points for growth."""
    within: bool | None
    """Whether the band meets the record's own range; None: there is no band."""
    read_off: bool
    """Whether a figure of enforcement in force was read off a record of the same year."""
    driver: str = ""
    """The assumption that moves the figure most between its ends."""
    driver_effect: float | None = None
    """By how much, in the unit of the record, from the harsh to the mild end."""
    source: str = ""


@dataclass(frozen=True, slots=True)
class ForecastRow:
    """A published forecast of exhaustion beside what the model says."""

    id: str
    made: str
    said: str
    """The month in which hard currency was to be gone."""
    stock_musd: float
    """What it went by."""
    model_with_its_stock: str
    """Month in which that would be gone at the pace of the month; empty: never."""
    model_low: str | None
    """The same with the scenario's own savings, at the harsh end; None: not computed."""
    model_central: str
    model_high: str | None
    """At the mild end; None: not computed."""
    source: str


@dataclass(frozen=True, slots=True)
class ImpliedStock:
    """The smallest savings with which recorded deficits could be paid, million USD."""

    years: str
    deficits_musd: float
    financing_low_musd: float
    financing_central_musd: float
    financing_high_musd: float
    """Own financing of the years together."""
    low: float
    central: float
    high: float
    stated_low: float
    stated_central: float
    stated_high: float
    """What the scenario states."""


@dataclass(frozen=True, slots=True)
class Convergence:
    """How well a step was solved."""

    step: str
    iterations: int
    worst_imbalance: float
    tolerance: float


@dataclass(frozen=True, slots=True)
class ClosureResult:
    """Trade loss and financing loss, each against the baseline, in per cent."""

    id: str
    label: str
    real_income_pct: float
    real_output_pct: float
    real_earnings_pct: float
    imports_musd: float
    """All imports, recorded or not."""


@dataclass(frozen=True, slots=True)
class HorizonRow:
    """One step at one end of time."""

    step: str
    end: str
    """"short run" or "long run"."""
    labour: str
    """Whether workers can change sectors."""
    inputs: str
    """The preset of elasticities of inputs."""
    exports_musd: float
    imports_musd: float
    """What partners record, million USD a year."""
    real_income_pct: float
    real_output_pct: float
    employment_pct: float


@dataclass(frozen=True, slots=True)
class Sensitivity:
    """Real income of the target at every step when one assumption changes."""

    assumption: str
    value: str
    number: float | None
    """The assumption as a number, where it is one: GDP in million USD."""
    real_income_pct: dict[str, float]
    """Step id → per cent against that assumption's own baseline; only the steps solved."""
    problem: str = ""
    """Why the other steps have no solution under this assumption."""


@dataclass(frozen=True, slots=True)
class PartnerEffect:
    """What a step does to another economy."""

    step: str
    economy: str
    real_income_musd: float
    """Change of real income, million USD a year."""
    real_income_pct: float


@dataclass(frozen=True, slots=True)
class PartnerTrade:
    """The target's trade with one economy at a step, million USD a year."""

    step: str
    economy: str
    exports_musd: float
    """To it, as its customs record them."""
    imports_musd: float
    """From it, as its customs record them."""
    unrecorded_exports_musd: float
    """Open sales that no customs record shows."""
    unrecorded_imports_musd: float
    """Open purchases that no customs record shows."""
    hidden_exports_musd: float
    """Smuggled sales."""
    hidden_imports_musd: float
    """Smuggled purchases, and links opened in hiding."""

    @property
    def open_musd(self) -> float:
        """Both ways, hidden from nobody."""
        recorded = self.exports_musd + self.imports_musd
        return recorded + self.unrecorded_exports_musd + self.unrecorded_imports_musd

    @property
    def hidden_musd(self) -> float:
        """Both ways, recorded by nobody."""
        return self.hidden_exports_musd + self.hidden_imports_musd

    @property
    def all_musd(self) -> float:
        """Both ways, hidden or not."""
        return self.open_musd + self.hidden_musd


@dataclass(frozen=True, slots=True)
class SectorRow:
    """The target's trade and prices in one sector at one step."""

    step: str
    sector: str
    exports_musd: float
    imports_musd: float
    hidden_musd: float
    output_pct: float
    """Change of the quantity made."""
    price_pct: float
    """Change of the buyer's price relative to the consumer price index."""


@dataclass(frozen=True, slots=True)
class HubRow:
    """Goods of the target that go round by a third economy at a step, million USD a year."""

    step: str
    flow: str
    hub: str
    diverted_musd: float
    """Of this flow: the hub's customs record it as imports and as exports."""
    hub_imports_musd: float
    """All that the hub records as imports, what goes round included, of both flows."""
    hub_exports_musd: float
    direct_before_musd: float
    """The baseline's direct record of all goods of this flow that hubs carry."""
    direct_musd: float
    """What is left of that record."""
    fitted: str
    """Sectors in which a leg is fitted, as trade does not show it."""


@dataclass(frozen=True, slots=True)
class CitedSource:
    """A source as the report prints it."""

    id: str
    text: str
    url: str | None


@dataclass(frozen=True, slots=True)
class VolumeReplaced:
    """What became of one product's volume: million units a year."""

    product: str
    unit: str
    flow: str
    baseline: float
    """From or to all partners."""
    now: float
    lost_with_benefactor: float
    newcomer_recorded: float
    """Extra volume with the newcomer that partners record."""
    newcomer_hidden: float


@dataclass(frozen=True, slots=True)
class StreamRow:
    """A stream of trade or pay: what sources say beside what is computed, million USD a year."""

    stream: str
    name: str
    revenue: Quantity
    computed_musd: float
    """What nobody records in its sectors and direction at the last step, legal or not; of pay,
    what is left."""


@dataclass(frozen=True, slots=True)
class SteppingIn:
    """All of it, of the last step."""

    takeovers: tuple[Takeover, ...] = ()
    replacement: Replacement | None = None
    volumes: tuple[VolumeReplaced, ...] = ()
    streams: tuple[StreamRow, ...] = ()


@dataclass(frozen=True, slots=True)
class Driver:
    """How much of the variance of an answer over the draws an input explains alone."""

    answer: str
    """"STEP.NUMBER"."""
    input: str
    index: float


@dataclass(frozen=True, slots=True, repr=False)
class Result:
    """All that a run computed."""

    scenario: str
    title: str
    target: str
    as_of: str
    steps: tuple[StepResult, ...]
    closures: tuple[ClosureResult, ...]
    horizons: tuple[HorizonRow, ...]
    sensitivity: tuple[Sensitivity, ...]
    partners: tuple[PartnerEffect, ...]
    sectors: tuple[SectorRow, ...]
    partner_trade: tuple[PartnerTrade, ...]
    """Of every step with every economy that trades with the target at some step."""
    contributions: tuple[Contribution, ...]
    convergence: tuple[Convergence, ...]
    sources: tuple[CitedSource, ...]
    world: dict[str, Any]
    versions: dict[str, str]
    backtest: tuple[BacktestRow, ...] = ()
    backtest_figures: tuple[BacktestFigure, ...] = ()
    backtest_goods: tuple[BacktestGood, ...] = ()
    backtest_drivers: tuple[BacktestDriver, ...] = ()
    stepping_in: SteppingIn = field(default_factory=SteppingIn)
    """Who takes over at the last step."""
    hubs: tuple[HubRow, ...] = ()
    """What goes round by third economies, step by step."""
    compensation: tuple[Compensation, ...] = ()
    """What the newcomer would have to give, before it steps in."""
    timeline: tuple[dict[str, Any], ...] = ()
    holding: tuple[HoldingRow, ...] = ()
    history: tuple[HistoryRow, ...] = ()
    forecasts: tuple[ForecastRow, ...] = ()
    implied_stock: ImpliedStock | None = None
    decision: Decision | None = None
    """The vote and the backfill at the central motives; None: not asked, or nothing is said."""
    seed: int | None = None
    draws: int = 0
    failed_draws: int = 0
    """Draws without a solution; in no quantile."""
    failures: tuple[str, ...] = ()
    """Why, for the first of them."""
    drivers: tuple[Driver, ...] = ()
    """What drives the first and the last step, over the draws."""
    elasticity_of_headline: float | None = None
    """Per cent by which the first step's loss changes with 1 % more GDP of the target."""
    notes: tuple[str, ...] = field(default=())

    def __repr__(self) -> str:
        last = self.steps[-1]
        return f"Result({self.scenario}, {len(self.steps)} steps, {last.real_income_pct:.2f} %)"

    def _repr_html_(self) -> str:
        """Show the ladder in a notebook."""
        rows: list[list[str | float]] = [
            [
                step.label,
                step.exports_musd,
                step.imports_musd,
                step.hidden_musd,
                step.real_income_pct,
                step.real_output_pct,
                step.real_earnings_pct,
            ]
            for step in self.steps
        ]
        columns = ["step", "exports", "imports", "hidden", "real income, %", "real output, %",
                   "real earnings, %"]  # fmt: skip
        title = f"{self.title}: million USD a year; per cent against the baseline"
        return html_table(title, columns, rows)
