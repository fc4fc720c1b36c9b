"""Programs that pip installs, asked the same question: run by the Python of their own environment.

Knows nothing of Tumen. Prints one line of JSON: seconds, and answers to hold beside Tumen's.
"""

from __future__ import annotations

import contextlib
import io
import json
import sys
import time
from importlib.metadata import version
from typing import Any


def gegravity(file: str) -> dict[str, Any]:
    """One sector, a trade agreement: trade as it is enters as the log of a bilateral cost."""
    import gegravity as ge
    import numpy as np
    import pandas as pd

    given = np.load(file)
    trade, agreed = given["trade"], given["freeness"]
    names = [f"e{n:03d}" for n in range(len(trade))]
    output, spending = trade.sum(axis=1), trade.sum(axis=0)
    i, n = (axis.ravel() for axis in np.indices(trade.shape))
    log_cost = np.log(trade * trade.sum() / np.outer(output, spending))
    table = pd.DataFrame(
        {
            "exporter": np.array(names)[i],
            "importer": np.array(names)[n],
            "year": "2022",
            "trade": trade.ravel(),
            "Y": output[i],
            "E": spending[n],
            "fit": log_cost.ravel(),
            "agreed": 0.0,
        }
    )
    rows = [{"var": "fit", "coeff": 1.0, "ste": 0.1}, {"var": "agreed", "coeff": 1.0, "ste": 0.1}]
    costs = ge.CostCoeffs(pd.DataFrame(rows), "var", "coeff", "ste")
    base = ge.BaselineData(
        table,
        imp_var_name="importer",
        exp_var_name="exporter",
        year_var_name="year",
        trade_var_name="trade",
        expend_var_name="E",
        output_var_name="Y",
    )
    start = time.perf_counter()
    model = ge.OneSectorGE(
        base,
        year="2022",
        reference_importer=names[0],
        sigma=1 + float(given["elasticity"]),
        cost_variables=["fit", "agreed"],
        cost_coeff_values=costs,
        quiet=True,
    )
    model.build_baseline()
    changed = model.baseline_data.copy()
    place = {name: at for at, name in enumerate(names)}
    cells = changed["exporter"].map(place), changed["importer"].map(place)
    changed["agreed"] = np.log(agreed)[cells]
    model.define_experiment(changed)
    model.simulate()
    seconds = time.perf_counter() - start
    gain = model.country_results.loc[names, "welfare statistic"]
    return {"seconds": seconds, "answer": gain.tolist()}


def sanction_simulator(target: str) -> dict[str, Any]:
    """Balance and solve the program's own scenario, a full embargo of an economy."""
    from sanction_simulator import bench_cache, data_dir
    from sanction_simulator import power_trade_estimation as model

    bench = model.Benchmark(data_dir(), cache=bench_cache())
    places = list(bench.countries)
    at = places.index(target)
    legs = [(k, at) for k in range(len(places)) if k != at]
    legs += [(at, k) for k in range(len(places)) if k != at]
    start = time.perf_counter()
    batch = model.ScenarioBatch(bench, [legs], model.TAU_BASE, model.DELTA_BASE)
    batch.balance()
    batch.solve(model.RHO_BASE)
    return {"seconds": time.perf_counter() - start}


def main(program: str, argument: str) -> None:
    """Run one program quietly and print what it took."""
    ask = {"gegravity": gegravity, "sanction-simulator": sanction_simulator}[program]
    with contextlib.redirect_stdout(io.StringIO()):
        found = ask(argument)
    sys.stdout.write(json.dumps(found | {"version": version(program)}) + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:3])
