"""World tables of the OECD and of pymrio, down to a world that solves."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.cli.terminal import tumen
from tumen.equilibrium import solve
from tumen.errors import InvalidInput
from tumen.sources.input_output import read_icio, read_pymrio, world_dataset
from tumen.world import Shock, World

ICIO = """\
V1,AUS_B05,AUS_D,CHN_B05,CHN_D,AUS_HFCE,AUS_INVNT,CHN_HFCE,OUT
AUS_B05,1,2,0,5,4,-10,1,3
AUS_D,3,8,0,0,30,0,2,43
CHN_B05,0,0,4,20,0,0,9,33
CHN_D,1,6,8,60,7,0,110,192
TLS,1,1,1,2,3,0,5,
VA,7,25,20,105,,,,
OUT,13,42,33,192,,,,
"""


def written(folder: Path, text: str = ICIO) -> Path:
    path = folder / "2020_SML.csv"
    path.write_text(text)
    return path


def test_icio_becomes_a_world(tmp_path: Path) -> None:
    dataset = read_icio(written(tmp_path), 5.0, negative="zero")
    assert dataset.attrs["repaired"] == "1 negative cells set to 0, 6 million USD in all"
    trade = dataset["trade"]
    assert float(trade.sel(origin="AUS", destination="CHN", sector="B05")) == 0 + 5 + 1
    assert float(trade.sel(origin="CHN", destination="AUS", sector="D")) == 1 + 6 + 7
    share = dataset["input_share"].sel(economy="CHN", input="B05", sector="D")
    assert float(share) == pytest.approx((5 + 20) / 192)
    assert float(dataset["value_added_share"].sel(economy="AUS", sector="B05")) == pytest.approx(
        1 - (1 + 3 + 0 + 1) / 9
    )
    world = World.equilibrate(dataset)
    assert float(solve(world, Shock()).real_income.sel(economy="AUS")) == pytest.approx(1)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("V1", "V1", "2020_SML.csv:row AUS_B05, column final demand of AUS"),
        ("AUS_D,3,8", "AUS_D,3,x", "2020_SML.csv:row 3 (AUS_D): could not convert"),
        ("AUS_D,3,8,0", "AUS_D,3,8", "2020_SML.csv:row 3: has 8 cells, the first line has 9"),
        ("CHN_D,1", "CHN_E,1", "has no row and column CHN_D"),
        ("V1,", "V1;", "cells"),
    ],
)
def test_what_is_no_such_table_is_refused(tmp_path: Path, old: str, new: str, said: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        read_icio(written(tmp_path, ICIO.replace(old, new)), 5.0)
    assert said in str(caught.value)


def test_elasticities_by_sector_must_be_complete(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="lacks sector 'D'"):
        read_icio(written(tmp_path), {"B05": 5.0}, "zero")


def test_inputs_above_output_are_named(tmp_path: Path) -> None:
    text = ICIO.replace("AUS_B05,1,2", "AUS_B05,1,80")
    with pytest.raises(InvalidInput, match="AUS_D uses"):
        read_icio(written(tmp_path, text), 5.0, "zero")


@settings(max_examples=20)
@given(st.integers(2, 4), st.integers(1, 3), st.integers(0, 2**31))
def test_flows_and_shares_add_up(economies: int, sectors: int, seed: int) -> None:
    random = np.random.default_rng(seed)
    nodes = economies * sectors
    flows = random.uniform(0, 1, (nodes, nodes))
    demand = random.uniform(nodes, 2 * nodes, (nodes, economies))
    names = [f"E{n}" for n in range(economies)], [f"S{n}" for n in range(sectors)]
    dataset = world_dataset(flows, demand, *names, 4.0, "refuse", "random")
    assert float(dataset["trade"].sum()) == pytest.approx(flows.sum() + demand.sum())
    whole = dataset["value_added_share"] + dataset["input_share"].sum("input")
    np.testing.assert_allclose(whole, 1)
    np.testing.assert_allclose(dataset["final_share"].sum("sector"), 1)


@pytest.mark.filterwarnings("ignore")
def test_pymrio_gives_a_world() -> None:
    pymrio: Any = pytest.importorskip(
        "pymrio", reason="pymrio is not installed: pip install 'tumen[mrio]'"
    )
    mrio = pymrio.load_test()
    dataset = read_pymrio(mrio, 5.0)
    assert list(dataset["economy"].values) == [f"reg{n}" for n in range(1, 7)]
    assert float(dataset["trade"].sum()) == pytest.approx(
        float(mrio.Z.to_numpy().sum() + mrio.Y.to_numpy().sum())
    )
    assert World.equilibrate(dataset).economies[0] == "reg1"


def test_an_mrio_without_flows_is_refused() -> None:
    with pytest.raises(InvalidInput, match="no flows Z"):
        read_pymrio(SimpleNamespace(Z=None, Y=None), 5.0)


def test_the_command_line_imports_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    text = ICIO.replace("_D", "_Q9")
    words = ["world", "import", str(written(tmp_path, text)), "--out", str(tmp_path / "own.nc")]
    words += ["--missing", "zero", "--balance", "equilibrate"]
    refused = tumen(capsys, monkeypatch, *words)
    assert refused.status == 2
    assert "lacks sector 'Q9'" in refused.err
    assert tumen(capsys, monkeypatch, *words, "--elasticity", "5").status == 0
    assert World.load(tmp_path / "own.nc").economies == ("AUS", "CHN")
