"""The motives of the textbook game, for examples and tests: of no state in particular."""

from __future__ import annotations

BASE: dict[str, float] = {
    "survival_value": 10.0,
    "horizon": 5.0,
    "base_hazard": 0.02,
    "hazard_slope": 6.0,
    "income_loss": 0.35,
    "effectiveness": 1.0,
    "profit": 0.02,
    "cost": 1.0,
    "penalty": 1.0,
    "relief": 0.25,
    "veto_cost": 0.35,
    "noise": 0.10,
    "false_alarm": 0.05,
    "reversion": 0.35,
    "proposer_gain": 1.0,
    "unanimity": 0.10,
    "black_market": 0.0,
    "capacity": 0.6,
}
"""Its solution: yes to a text of .2632, backfill .0553, caught with .1375, net cut .2079."""
