"""A scenario at the harsh or the mild end of its figures: each where it hurts the target most.

Figures pull in different directions: much enforcement hurts, much illicit income helps. The
table below says which end of each figure is the harsh one.
"""

from __future__ import annotations

from typing import Any, Literal

from tumen.evidence.quantity import OPPOSITE, Level, Quantity
from tumen.files.schema import Record
from tumen.scenario.enforcement import at_end
from tumen.scenario.schema import Scenario

End = Literal["harsh", "mild"]
ENDS: tuple[End, ...] = ("harsh", "mild")

HARSH: dict[str, dict[str, Level]] = {
    "finance": {"share": "high", "wedge": "high"},
    "capacity": {"left": "low"},
    "smuggling": {"mark_up": "high", "burned": "high", "margin": "high"},
    "freeness": {"left": "low"},
    "hidden": {"added": "low"},
    "openings": {"musd": "low"},
    "transfers": {"musd": "low"},
    "illicit": {
        "interdiction": "high",
        "price_ratio": "low",
        "revenue": "low",
        "baseline": "high",
        "exposure": "high",
        "price_reaction": "low",
    },
}
"""Kind of rule → figure → the end that hurts; what is given to the target helps."""
OF_SUPPORT: dict[str, Level] = {"transfer_musd": "low", "credit_musd": "low"}
OF_GOODS: dict[str, Level] = {"musd": "low", "volume": "low", "price": "low"}
OF_FACILITATION: dict[str, Level] = {"freeness": "low"}
OF_ENDURANCE: dict[str, Level] = {
    "stock_musd": "low",
    "release_months": "high",
    "baseline_draw_musd": "high",
    "base_hazard": "high",
}
OF_PRIORS: dict[str, Level] = {"slope": "high"}
OF_VOLUMES: dict[str, Level] = {"amount": "high"}
"""A cap in barrels leaves less of a larger baseline."""


def scenario_at(scenario: Scenario, end: End) -> Scenario:
    """Return the scenario with every figure at its harsh or mild end as the central one.

    Trade elasticities go along: the lower they are, the more every barrier hurts. How stiff the
    short run is stays: its ends are a row of their own among the assumptions.

    Examples
    --------
    >>> from tumen.scenario.load import load_scenario
    >>> harsh = scenario_at(load_scenario("dprk-2017"), "harsh")
    >>> rule = harsh.steps[3].smuggling[0]
    >>> rule.mark_up.central == rule.mark_up.high
    True
    """
    moved = at_end(scenario, "high" if end == "harsh" else "low")
    steps = [
        step.model_copy(
            update={
                kind: [_moved(rule, figures, end) for rule in getattr(step, kind)]
                for kind, figures in HARSH.items()
            }
        )
        for step in moved.steps
    ]
    update: dict[str, Any] = {
        "steps": steps,
        "support": [_supporter(each, end) for each in moved.support],
        "volumes": [_moved(volume, OF_VOLUMES, end) for volume in moved.volumes],
        "elasticity": "low" if end == "harsh" else "high",
    }
    if moved.endurance is not None:
        priors = [_moved(prior, OF_PRIORS, end) for prior in moved.endurance.priors]
        changed = _moved(moved.endurance, OF_ENDURANCE, end)
        update["endurance"] = changed.model_copy(update={"priors": priors})
    return moved.model_copy(update=update)


def _supporter(each: Any, end: End) -> Any:
    goods = [_moved(item, OF_GOODS, end) for item in each.goods]
    freed = [_moved(link, OF_FACILITATION, end) for link in each.facilitation]
    changed = _moved(each, OF_SUPPORT, end)
    return changed.model_copy(update={"goods": goods, "facilitation": freed})


def _moved(record: Record, figures: dict[str, Level], end: End) -> Any:
    """Return a record whose figures have one end of their range as central value."""
    update = {}
    for name, harsh in figures.items():
        quantity = getattr(record, name)
        if isinstance(quantity, Quantity):
            level = harsh if end == "harsh" else OPPOSITE[harsh]
            update[name] = quantity.model_copy(update={"central": quantity.at(level)})
    return record.model_copy(update=update)
