"""What is said of the decision: plain records that reports, JSON and tables read."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class LossPoint:
    """A solved loss of the target's real income."""

    text: float
    """Share of its baseline trade with the benefactor that is banned."""
    support: float
    """Share of the same that the newcomer makes up."""
    loss_pct: float


@dataclass(frozen=True, slots=True)
class Stake:
    """The economy behind the game."""

    benefactor: str
    newcomer: str
    trade_musd: float
    """Baseline trade with the benefactor, both ways: 1 in the game."""
    whole_loss_pct: float
    """Real income lost by a whole cut."""
    hazard_slope: float
    """η."""
    base_hazard: float
    horizon_years: float
    collapse_without_cut: float
    """Chance that the target falls within the horizon without any cut."""
    solves: int
    """How many the losses come from."""
    interpolation_error_points: float
    """Largest difference from solves between the points, in points of real income."""
    interpolation_error_at: float
    """At which text."""
    slack_difference_points: float
    """How much support differs at most from a smaller text that is as large net of it."""
    black_market: float
    """s."""
    law_text: float | None
    """What the first step bans of this trade; None: no step has a law."""
    support_musd: float | None
    """What the newcomer adds at the last step, recorded or not; None: nothing is said of it."""
    losses: tuple[LossPoint, ...]


@dataclass(frozen=True, slots=True)
class SeatRow:
    """What one state does in a situation."""

    situation: str
    state: str
    vote: str
    """yes, veto, or none where it has no veto."""
    margin: float | None
    """What it gains by a yes rather than its veto, billion USD; None: it has no veto."""
    backfill_musd: float
    backfill_musd_low: float
    """Over all equilibria that were found."""
    backfill_musd_high: float
    detection: float
    support: str
    capacity_musd: float
    jump_at: float | None
    """Text beyond which its best support jumps; None: it only bends."""
    jump_from_musd: float | None
    jump_to_musd: float | None


@dataclass(frozen=True, slots=True)
class SituationRow:
    """How the game is played in a situation, at the central motives."""

    situation: str
    label: str
    note: str
    vote: str
    text: float
    net_cut: float
    loss_pct: float
    """Real income that the target loses."""
    collapse: float
    """Chance that it falls within the horizon."""
    binding: str
    tightest: str
    accepted_up_to: float | None
    """The largest text that nobody vetoes; None: none."""
    equilibria: int
    """In support, found at the text in force."""
    on_a_line: bool
    """Whether some form a line: then read the ranges."""


@dataclass(frozen=True, slots=True)
class SwitchRow:
    """A value of a motive at which the council's vote or a state's support switches."""

    situation: str
    state: str
    motive: str
    unit: str
    central: float
    low: float
    """Of the stated range."""
    high: float
    at: float
    what: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class CurvePoint:
    """The play at one value of a motive."""

    situation: str
    state: str
    motive: str
    unit: str
    value: float
    vote: str
    text: float
    net_cut: float
    collapse: float
    backfill_musd: float
    detection: float
    support: str


@dataclass(frozen=True, slots=True)
class MapPoint:
    """The play at two motives."""

    situation: str
    state: str
    across: str
    across_value: float
    up: str
    up_value: float
    vote: str
    text: float
    backfill_musd: float
    support: str


@dataclass(frozen=True, slots=True)
class ShareRow:
    """How often drawn motives give a kind of play."""

    situation: str
    state: str
    vote: str
    support: str
    """Of this state."""
    share: float


@dataclass(frozen=True, slots=True)
class VoteChance:
    """How often a state would accept the text that was seen, over the drawn motives."""

    situation: str
    state: str
    text: float
    chance: float


@dataclass(frozen=True, slots=True)
class BelievedRow:
    """A motive over the draws that fit all that was seen: 5th, 50th and 95th per cent."""

    state: str
    motive: str
    unit: str
    low: float
    central: float
    high: float
    fitting_low: float | None
    """None: too few draws fit."""
    fitting_central: float | None
    fitting_high: float | None


@dataclass(frozen=True, slots=True)
class Inverse:
    """What must be believed for what was seen to be the best that everyone could do."""

    situation: str
    state: str
    vote: str
    """What was seen of the vote; empty: nothing."""
    support: tuple[str, ...]
    """Kinds of support that it may have been; empty: nothing was seen of it."""
    sizes: bool
    """Whether the size of text or support was seen."""
    story_draws: int
    story_share: float
    """Of those draws: vote and kind of support as seen, whatever the sizes."""
    story_low: float
    """The 95 per cent interval of that share, which few draws leave wide (Wilson 1927)."""
    story_high: float
    reproduced_from: float
    """The story counts as reproduced from this share on."""
    draws: int
    """More draws, for the inverse question."""
    fitting: int
    """Those of them that give all that was seen, sizes included."""
    rows: tuple[BelievedRow, ...]
    ratios: tuple[BelievedRow, ...]
    """What this state's motives must be relative to each other; the range is that of all draws."""


@dataclass(frozen=True, slots=True)
class Decision:
    """All that is said of the decision."""

    stake: Stake
    situations: tuple[SituationRow, ...]
    seats: tuple[SeatRow, ...]
    switches: tuple[SwitchRow, ...] = ()
    curves: tuple[CurvePoint, ...] = ()
    phase_map: tuple[MapPoint, ...] = ()
    shares: tuple[ShareRow, ...] = ()
    chances: tuple[VoteChance, ...] = ()
    inverse: Inverse | None = None
    draws: int = 0
    seed: int = 0
    notes: tuple[str, ...] = field(default=())
