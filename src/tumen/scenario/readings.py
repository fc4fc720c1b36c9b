"""What a run through the months says of records: trade as partners record it, growth, prices."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tumen.catalogue.bundled import sector_kinds
from tumen.endurance.currency import MONTHS
from tumen.scenario import measure
from tumen.scenario.endurance_schema import PRICES, Observed
from tumen.scenario.schema import Scenario
from tumen.scenario.timeline import MonthState

Array = NDArray[np.float64]
YEAR_LENGTH = 4
"""Letters of "2017"."""


class Reading:
    """What a run says of records; the trade of an outcome is taken apart once."""

    def __init__(
        self, scenario: Scenario, states: Sequence[MonthState], rows: Sequence[Mapping[str, Any]]
    ) -> None:
        self._scenario, self._states, self._rows = scenario, states, rows
        self._trade: dict[int, Mapping[str, tuple[Array, Array]]] = {}

    def of(self, seen: Observed) -> float | None:
        """Return the run's figure for a record; None if the months do not hold its period."""
        states = [each for each in self._states if each.month.startswith(seen.period)]
        if not states or (len(seen.period) == YEAR_LENGTH and len(states) < MONTHS):
            return None
        if seen.measure == "growth":
            return self._growth(seen.period)
        if seen.measure == "stock":
            return states[-1].stock.after(states[-1].draw).musd
        if seen.measure in (*PRICES, "consumer_price"):
            return float(np.mean([self._price(state, seen) for state in states]))
        return float(sum(self._trade_of(state, seen) for state in states))

    def _growth(self, year: str) -> float | None:
        """Mean real output of a year over that of the year before, per cent."""
        before = self._mean_output(str(int(year) - 1))
        now = self._mean_output(year)
        return None if before is None or now is None else 100 * (now / before - 1)

    def _mean_output(self, year: str) -> float | None:
        if int(year) <= self._scenario.target_year:
            return 1.0
        found = [1 + r["real_output_pct"] / 100 for r in self._rows if r["month"][:4] == year]
        return float(np.mean(found)) if len(found) == MONTHS else None

    def _price(self, state: MonthState, seen: Observed) -> float:
        outcome, target = state.outcome, self._scenario.target
        index = float(outcome.price_index.sel(economy=target))
        if seen.measure == "consumer_price":
            return index
        goods = self._scenario.timeline.goods if self._scenario.timeline else []
        sector = next(good.sector for good in goods if good.id == seen.good)
        price = float(outcome.price.sel(economy=target, sector=sector))
        return price if seen.measure == "dollar_price" else price / index

    def _trade_of(self, state: MonthState, seen: Observed) -> float:
        """Goods trade of a month as partners record it, million USD."""
        parts = self._parts(state)
        partners = np.array(
            [seen.partner in (None, label) for label in state.outcome.world.economies]
        )

        def total(way: int, unrecorded: bool) -> float:
            shown = parts["recorded"][way] + (parts["unrecorded"][way] if unrecorded else 0.0)
            return float(shown[partners].sum()) / MONTHS

        exports, imports = (total(way, seen.unrecorded) for way in (0, 1))
        if seen.measure == "deficit":
            # Statistics take exports as customs record them, whatever crude is added to imports.
            return imports - total(0, False)
        return {"exports": exports, "imports": imports, "trade": exports + imports}[seen.measure]

    def _parts(self, state: MonthState) -> Mapping[str, tuple[Array, Array]]:
        """Goods trade of the target by part, worked out once for every equilibrium."""
        key = id(state.outcome)
        if key not in self._trade:
            kinds, world = sector_kinds(), state.outcome.world
            goods = np.array([kinds.get(sector) == "goods" for sector in world.sectors])
            n = world.economies.index(self._scenario.target)
            parts = measure.foreign_parts(state.outcome, state.arrangement, n)
            self._trade[key] = {
                name: (out * goods, into * goods) for name, (out, into) in parts.items()
            }
        return self._trade[key]
