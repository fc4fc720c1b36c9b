"""NAFTA's tariff cuts, 31 × 40: baseline and counterfactual together, against cp2015's call."""

from __future__ import annotations

from benchmarks.peers import slowest
from benchmarks.timing import Row, median_seconds
from tests.support import nafta
from tumen.equilibrium import Outcome, solve
from tumen.world import World

BUDGET = 150.0
ITERATIONS = 60


def nafta_rows(scale: float) -> list[Row]:
    """Time both closures; ``scale`` turns the peer's seconds into this machine's."""
    data, shock = nafta.dataset(), nafta.tariff_shock()
    rows = []
    for closure in ("zero", "keep"):

        def both(closure: str = closure) -> Outcome:
            world = World.equilibrate(data, deficits=closure)  # type: ignore[arg-type]
            return solve(world, shock, deficits=closure)  # type: ignore[call-overload, no-any-return]

        seconds = median_seconds(both, 9)
        ratio = slowest("cp2015", "NAFTA both").seconds * scale / seconds
        outcome = both()
        met = ratio >= BUDGET and outcome.iterations <= ITERATIONS
        text = (
            f"NAFTA 31 × 40, deficits {closure:4s}: {1e3 * seconds:6.1f} ms, "
            f"{outcome.iterations} iterations in the counterfactual; {ratio:.0f} × faster than "
            f"cp2015 (scaled, not run; budget {BUDGET:.0f})"
        )
        figures = {"seconds": seconds, "ratio": ratio, "iterations": outcome.iterations}
        rows.append(Row(f"nafta, {closure}", text, figures, met))
    return rows
