"""The engine against Stata's ge_gravity: EU enlargement, one sector, 44 economies."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import xarray as xr

from tests.support import shared
from tumen.equilibrium import Outcome, solve
from tumen.world import Shock, World

THETA = 4.0


@pytest.fixture(scope="module")
def enlargement() -> tuple[Outcome, pd.DataFrame]:
    folder = shared.folder("data", "gegravity_0014")
    frame = pd.read_csv(folder / "trade_2000.csv")
    table = frame.pivot(index="exporter", columns="importer")
    labels = list(table.index)

    def link(column: str) -> xr.DataArray:
        values = np.asarray(table[column])[:, :, None]
        coords = {"origin": labels, "destination": labels, "sector": ["all"]}
        return xr.DataArray(values, coords, ("origin", "destination", "sector"))

    ones = xr.DataArray(
        np.ones((len(labels), 1)), {"economy": labels, "sector": ["all"]}, ("economy", "sector")
    )
    data = xr.Dataset(
        {
            "trade": link("trade_value"),
            "value_added_share": ones,
            "final_share": ones,
            "trade_elasticity": ("sector", [THETA]),
        }
    )
    effect = link("eu_effect")
    freeness = effect.copy(data=np.exp(effect.values))
    outcome = solve(World(data), Shock(freeness=freeness))
    answers = pd.read_csv(folder / "expected_region_r.csv")
    additive = answers[answers.closure == "additive"].set_index("region").loc[labels]
    return outcome, additive


def test_published_welfare_of_three_economies(enlargement: tuple[Outcome, pd.DataFrame]) -> None:
    income = enlargement[0].real_income.sel(economy=["HUN", "POL", "DEU"])
    np.testing.assert_allclose(income, [1.014043, 1.006804, 1.000725], atol=1e-6)


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [("real_income", "welfare_hat"), ("real_wage", "real_wage_hat"), ("wage", "wage_hat")],
)
def test_every_economy_matches_to_1e_7(
    enlargement: tuple[Outcome, pd.DataFrame], ours: str, theirs: str
) -> None:
    outcome, answers = enlargement
    np.testing.assert_allclose(getattr(outcome, ours), answers[theirs], rtol=1e-7)


def test_autarky_losses_of_the_sufficient_statistic() -> None:
    folder = shared.folder("data", "gegravity_0014")
    frame = pd.read_csv(folder / "trade_2000.csv")
    total = frame.groupby("importer").trade_value.sum()
    home = frame[frame.exporter == frame.importer].set_index("importer").trade_value
    loss = 100 * (1 - (home / total) ** (1 / 5))
    assert loss["USA"] == pytest.approx(1.398, abs=5e-4)
    assert loss["CHN"] == pytest.approx(1.413, abs=5e-4)
