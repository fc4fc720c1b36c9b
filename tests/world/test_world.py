"""World: equilibrating, saving, reading."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import xarray as xr

from tests.support import worlds
from tests.support.worlds import world
from tumen.errors import InvalidInput
from tumen.world import World


def test_equilibrate_accepts_flows_uses_and_deficits_that_do_not_match() -> None:
    data = worlds.dataset(5, 4, seed=3, deficits=0.05)
    with pytest.raises(InvalidInput, match="accounts"):
        World(data.drop_vars("deficit"))
    solved = World.equilibrate(data)
    np.testing.assert_allclose(solved.accounts.deficit, data.deficit, rtol=1e-7)
    value_added = (data.value_added_share * data.trade.sum("destination").values).sum()
    assert float(solved.accounts.value_added.sum()) == pytest.approx(float(value_added), rel=1e-9)


def test_equilibrate_keeps_cost_shares_and_labels_in_order() -> None:
    data = worlds.dataset(5, 3, seed=3, tariffs=0.3)
    mixed = ["e3", "e0", "e4", "e1", "e2"]
    data = data.sel({"origin": mixed, "destination": mixed, "economy": mixed})
    solved = World.equilibrate(data, deficits="zero").dataset
    assert list(solved.economy.values) == mixed
    assert list(solved.origin.values) == mixed
    for name in ("value_added_share", "input_share", "final_share", "tariff"):
        assert solved[name].equals(data[name].transpose(*solved[name].dims)), name
    again = World.equilibrate(solved, deficits="zero").dataset
    np.testing.assert_allclose(again.trade, solved.trade, rtol=1e-7)
    assert "deficits zero" in solved.attrs["equilibrated"]


def test_equilibrate_zero_balances_everybodys_trade() -> None:
    solved = World.equilibrate(worlds.dataset(6, 2, seed=1, deficits=0.1), deficits="zero")
    np.testing.assert_allclose(solved.accounts.exports, solved.accounts.imports, rtol=1e-9)


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("trade", np.nan, "is nan"),
        ("trade", -1.0, "is -1"),
        ("final_share", 0.9, "final_share, economy"),
        ("value_added_share", np.inf, "is inf"),
    ],
)
def test_equilibrate_refuses_what_no_solver_can_mend(name: str, value: float, message: str) -> None:
    data = worlds.dataset(3, 2)
    array = data[name].copy()
    array[(0,) * array.ndim] = value
    with pytest.raises(InvalidInput, match=message):
        World.equilibrate(data.assign({name: array}))


def test_equilibrate_refuses_deficits_without_a_payer_and_unknown_words() -> None:
    data = worlds.dataset(3, 2)
    with pytest.raises(InvalidInput, match="deficits sum to 3"):
        World.equilibrate(data.assign(deficit=data.deficit + 1))
    with pytest.raises(InvalidInput, match="must be 'keep' or 'zero'"):
        World.equilibrate(data, deficits="none")  # type: ignore[arg-type]


def test_equilibrate_refuses_demand_for_what_nobody_sells_to_the_buyer() -> None:
    data = worlds.dataset(3, 2)
    trade = data.trade.copy()
    trade.loc[{"destination": "e1", "sector": "s1"}] = 0.0
    with pytest.raises(InvalidInput, match=r"economy e1, sector s1.*buys none"):
        World.equilibrate(data.assign(trade=trade))


def test_a_world_is_not_changed_by_changing_the_dataset_that_it_gives_back() -> None:
    base = world(3, 2)
    given = base.dataset
    given["trade"] = given.trade * 2
    given.attrs["title"] = "other"
    assert not base.dataset.trade.equals(given.trade)
    assert base.dataset.attrs.get("title") != "other"


def test_a_saved_world_comes_back_bit_for_bit(tmp_path: Path) -> None:
    base = world(5, 4, seed=6, tariffs=0.2)
    base.save(tmp_path / "mine.nc")
    again = World.load(tmp_path / "mine.nc").dataset
    assert again.identical(base.dataset)
    for name in base.dataset.data_vars:
        assert again[name].values.tobytes() == base.dataset[name].values.tobytes(), name
    assert [path.name for path in tmp_path.iterdir()] == ["mine.nc"]


def test_saving_makes_the_folder_above(tmp_path: Path) -> None:
    world(2, 1).save(tmp_path / "new" / "mine.nc")
    assert World.load(tmp_path / "new" / "mine.nc").economies == ("e0", "e1")


def test_saving_where_nothing_can_be_written_leaves_nothing(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(InvalidInput, match="cannot be written"):
        world(2, 1).save(tmp_path / "file" / "mine.nc")
    with pytest.raises(InvalidInput, match="is a folder"):
        world(2, 1).save(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def test_a_failed_save_keeps_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "mine.nc"
    world(2, 1).save(path)
    before = path.read_bytes()

    def half(self: xr.Dataset, target: Path, **_: object) -> None:
        Path(target).write_bytes(before[:100])
        raise RuntimeError("disk")

    monkeypatch.setattr(xr.Dataset, "to_netcdf", half)
    with pytest.raises(RuntimeError, match="disk"):
        world(3, 1).save(path)
    assert path.read_bytes() == before
    assert [each.name for each in tmp_path.iterdir()] == ["mine.nc"]


@pytest.mark.parametrize("damage", ["truncated", "half", "empty", "text", "other"])
def test_damaged_files_are_one_clear_error(tmp_path: Path, damage: str) -> None:
    path = tmp_path / "mine.nc"
    world(4, 3).save(path)
    whole = path.read_bytes()
    content = {
        "truncated": whole[:-100],
        "half": whole[: len(whole) // 2],
        "empty": b"",
        "text": b"origin,destination\n",
        "other": b"\x89PNG\r\n\x1a\n" + bytes(200),
    }
    path.write_bytes(content[damage])
    with pytest.raises(InvalidInput, match=r"mine\.nc: cannot be read as NetCDF-4") as caught:
        World.load(path)
    assert len(caught.value.problems) == 1
    assert "\n" not in str(caught.value)


def test_a_missing_file_and_a_file_that_is_no_world(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="no such file"):
        World.load(tmp_path / "none.nc")
    xr.Dataset({"a": ("x", [1.0])}).to_netcdf(tmp_path / "a.nc", engine="h5netcdf")
    with pytest.raises(InvalidInput, match="trade: is missing"):
        World.load(tmp_path / "a.nc")


def test_a_world_says_what_it_is() -> None:
    assert repr(world(3, 2)) == "World('untitled', 3 economies, 2 sectors)"


def test_the_data_of_a_world_cannot_be_changed_behind_its_back() -> None:
    own = worlds.world(3, 2)
    with pytest.raises(ValueError, match="read-only"):
        own.dataset["trade"].values[0, 0, 0] *= 2
