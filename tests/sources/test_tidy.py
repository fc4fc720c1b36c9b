"""A user's own world from tidy tables: what is read, and what is refused with row and column."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd
import pytest
import xarray as xr

from tests.support.worlds import world
from tumen.catalogue import load_world
from tumen.errors import InvalidInput
from tumen.sources.tidy import TABLES, read_folder
from tumen.world import World

Frames = dict[str, pd.DataFrame]

BASE = world(3, 2, seed=1, tariffs=0.2)


def frames(base: World) -> Frames:
    """One tidy table for each variable."""
    found = {}
    for name, (columns, _) in TABLES.items():
        if name in base.dataset:
            array = base.dataset[name].transpose(*columns)
            found[name] = array.to_dataframe(name="value").reset_index()[[*columns, "value"]]
    return found


def write(folder: Path, tables: Frames, suffix: str = ".csv") -> Path:
    folder.mkdir(exist_ok=True)
    for name, frame in tables.items():
        if suffix == ".csv":
            frame.to_csv(folder / f"{name}.csv", index=False)
        else:
            text = duckdb.connect()
            text.register("frame", frame)
            text.execute(f"COPY frame TO '{folder / name}.parquet' (FORMAT parquet)")
            text.close()
    return folder


def assert_same(read: xr.Dataset, base: World) -> None:
    again = World(read)
    assert again.economies == base.economies
    assert again.sectors == base.sectors
    for name in TABLES:
        if name in base.dataset:
            np.testing.assert_allclose(again.dataset[name], base.dataset[name], rtol=1e-12)


@pytest.mark.parametrize("suffix", [".csv", ".parquet"])
def test_a_folder_of_tables_is_a_world(tmp_path: Path, suffix: str) -> None:
    assert_same(read_folder(write(tmp_path, frames(BASE), suffix)), BASE)


def test_the_bundled_world_goes_through_tidy_tables_unchanged(tmp_path: Path) -> None:
    full = load_world()
    economies = {e: e if e in ("PRK", "CHN", "RUS", "USA") else "REST" for e in full.economies}
    sectors = {s: s if s in ("B05", "C19") else s[0] for s in full.sectors}
    small = full.aggregated(economies, sectors)
    assert_same(read_folder(write(tmp_path, frames(small))), small)


@pytest.mark.parametrize(
    "names",
    [
        {"origin": "exporter_iso3", "destination": "importer_iso3", "value": "trade"},
        {"origin": "i", "destination": "j", "sector": "k", "value": "v"},
        {"origin": "Exporter", "destination": " importer ", "sector": "INDUSTRY"},
    ],
)
def test_usual_column_names_are_understood(tmp_path: Path, names: dict[str, str]) -> None:
    tables = frames(BASE)
    tables["trade"] = tables["trade"].rename(columns=names)[::-1].iloc[::-1].assign(year=2016)
    assert_same(read_folder(write(tmp_path, tables)), BASE)


def test_rows_may_come_in_any_order(tmp_path: Path) -> None:
    tables = frames(BASE)
    tables["input_share"] = tables["input_share"].sample(frac=1, random_state=1)
    assert_same(read_folder(write(tmp_path, tables)), BASE)


Change = Callable[[Frames], None]


def at(table: str, row: int, column: str, value: object) -> Change:
    def change(tables: Frames) -> None:
        tables[table][column] = tables[table][column].astype(object)
        tables[table].loc[row, column] = value

    return change


def drop(table: str, row: int) -> Change:
    def change(tables: Frames) -> None:
        tables[table] = tables[table].drop(index=row)

    return change


def again(table: str, row: int) -> Change:
    def change(tables: Frames) -> None:
        tables[table] = pd.concat([tables[table], tables[table].loc[[row]]])

    return change


def gone(table: str) -> Change:
    return lambda tables: tables.__delitem__(table)


def column(table: str, **names: str) -> Change:
    def change(tables: Frames) -> None:
        tables[table] = tables[table].rename(columns=names)

    return change


# The trade table of BASE has 18 records, lines 2 to 19: e0→e0 s0, e0→e0 s1, e0→e1 s0, …
WRONG: list[tuple[str, Change, str]] = [
    ("text", at("trade", 4, "value", "12,5"), "trade.csv:row 6, column value: '12,5' is no finite"),
    ("empty", at("trade", 0, "value", None), "trade.csv:row 2, column value: is empty"),
    ("nan", at("trade", 1, "value", "NaN"), "trade.csv:row 3, column value: 'NaN' is no finite"),
    ("inf", at("tariff", 1, "value", "inf"), "tariff.csv:row 3, column value: 'inf' is no finite"),
    ("no label", at("trade", 2, "sector", None), "trade.csv:row 4, column sector: is empty"),
    ("padded", at("trade", 2, "sector", " s0"), "row 4, column sector: ' s0' has spaces around it"),
    (
        "twice",
        again("trade", 3),
        "trade.csv:row 20, column origin: e0, e1, s1 stands in row 5 already",
    ),
    ("missing", drop("trade", 5), "trade.csv: the row for e0, e2, s1 is missing"),
    ("missing share", drop("final_share", 1), "final_share.csv: the row for e0, s1 is missing"),
    (
        "misspelt in trade",
        at("trade", 7, "origin", "E1"),
        "trade.csv:row 9, column origin: 'E1' lacks most of its rows (88%); did you mean \"e1\"?",
    ),
    (
        "misspelt in shares",
        at("final_share", 2, "economy", "e11"),
        "final_share.csv:row 4, column economy: 'e11' is not in the trade table; "
        'did you mean "e1"?',
    ),
    ("misspelt sector", at("trade_elasticity", 1, "sector", "s9"), "row 3, column sector: 's9'"),
    (
        "no column",
        column("trade", destination="destnation"),
        "trade.csv: has no column 'destination'; did you mean \"destnation\"?",
    ),
    ("no value", column("final_share", value="x"), "final_share.csv: has no column 'value'"),
    (
        "two columns",
        lambda tables: tables["trade"].insert(0, "exporter", "e0"),
        "trade.csv: has the columns 'exporter' and 'origin', which mean the same; keep one",
    ),
    (
        "no table",
        gone("trade_elasticity"),
        "holds no trade_elasticity.csv or .parquet (columns sector, value)",
    ),
]


@pytest.mark.parametrize(("change", "message"), [w[1:] for w in WRONG], ids=[w[0] for w in WRONG])
def test_what_is_wrong_is_named_with_row_and_column(
    tmp_path: Path, change: Change, message: str
) -> None:
    tables = frames(BASE)
    change(tables)
    with pytest.raises(InvalidInput) as caught:
        read_folder(write(tmp_path, tables))
    assert message in str(caught.value)


def test_one_misspelt_name_is_told_once_and_no_row_twice(tmp_path: Path) -> None:
    tables = frames(BASE)
    tables["trade"].loc[7, "origin"] = "E1"
    with pytest.raises(InvalidInput) as caught:
        read_folder(write(tmp_path, tables))
    assert [str(problem) for problem in caught.value.problems] == [
        "trade.csv:row 9, column origin: 'E1' lacks most of its rows (88%); did you mean \"e1\"?",
        "trade.csv: the row for e1, e0, s1 is missing",
        "trade.csv: if absent rows mean 0, say so: missing='zero', or --missing zero",
    ]


def test_problems_of_several_tables_are_one_error(tmp_path: Path) -> None:
    tables = frames(BASE)
    for change in (at("trade", 4, "value", "x"), gone("final_share"), at("tariff", 0, "value", "")):
        change(tables)
    with pytest.raises(InvalidInput) as caught:
        read_folder(write(tmp_path, tables))
    places = [problem.place for problem in caught.value.problems]
    assert "trade.csv:row 6, column value" in places
    assert "tariff.csv:row 2, column value" in places
    assert str(tmp_path) in places


def test_a_wrong_value_in_parquet_names_its_record(tmp_path: Path) -> None:
    tables = frames(BASE)
    tables["trade"].loc[4, "value"] = np.inf
    with pytest.raises(InvalidInput, match=r"trade\.parquet:row 5, column value: 'inf' is no"):
        read_folder(write(tmp_path, tables, ".parquet"))


def test_blank_lines_and_quotes_do_not_shift_rows(tmp_path: Path) -> None:
    write(tmp_path, frames(BASE))
    path = tmp_path / "trade_elasticity.csv"
    path.write_text('\ufeffsector,value\r\n\r\n"s0",4.0\r\n\r\ns1,oops\r\n', encoding="utf-8")
    with pytest.raises(InvalidInput, match=r"trade_elasticity.csv:row 5, column value: 'oops'"):
        read_folder(tmp_path)


def test_many_wrong_values_are_counted_not_all_listed(tmp_path: Path) -> None:
    tables = frames(BASE)
    tables["trade"]["value"] = "x"
    with pytest.raises(InvalidInput, match="and 8 more values like these") as caught:
        read_folder(write(tmp_path, tables))
    assert len(caught.value.problems) == 11


def test_absent_rows_may_mean_zero_when_said(tmp_path: Path) -> None:
    tables = frames(BASE)
    for name in ("trade", "tariff"):
        tables[name] = tables[name].drop(index=5)
    data = read_folder(write(tmp_path, tables), missing="zero")
    assert float(data.trade.sel(origin="e0", destination="e2", sector="s1")) == 0.0
    assert float(data.trade.sum()) == pytest.approx(float(tables["trade"].value.sum()))
    tables["final_share"] = tables["final_share"].drop(index=1)
    with pytest.raises(InvalidInput, match=r"final_share\.csv: the row for e0, s1 is missing"):
        read_folder(write(tmp_path, tables), missing="zero")
    with pytest.raises(InvalidInput, match="missing: is 'ignore', must be"):
        read_folder(tmp_path, missing="ignore")  # type: ignore[arg-type]


def test_csv_and_parquet_of_one_table_are_refused(tmp_path: Path) -> None:
    write(tmp_path, frames(BASE))
    write(tmp_path, {"trade": frames(BASE)["trade"]}, ".parquet")
    with pytest.raises(InvalidInput, match=r"holds both trade\.csv and trade\.parquet; keep one"):
        read_folder(tmp_path)


@pytest.mark.parametrize("content", [b"\xff\xfe\x00\x81" * 50, b"", b"PAR1" + bytes(60), b"\x00"])
@pytest.mark.parametrize("suffix", [".csv", ".parquet"])
def test_a_file_that_is_no_table_is_one_clear_error(
    tmp_path: Path, content: bytes, suffix: str
) -> None:
    tables = frames(BASE)
    tables.pop("final_share")
    write(tmp_path, tables)
    (tmp_path / f"final_share{suffix}").write_bytes(content)
    with pytest.raises(InvalidInput, match=rf"final_share\{suffix}: (cannot be read|has no col)"):
        read_folder(tmp_path)


def test_ragged_and_header_only_tables_are_refused(tmp_path: Path) -> None:
    write(tmp_path, frames(BASE))
    path = tmp_path / "trade_elasticity.csv"
    path.write_text("sector,value\ns0,4.0,9\ns1,5.0\n")
    with pytest.raises(InvalidInput, match=r"elasticity\.csv:row 2: has 3 cells, the first line"):
        read_folder(tmp_path)
    path.write_text("sector,value\n")
    with pytest.raises(InvalidInput, match=r"trade_elasticity\.csv: has no records"):
        read_folder(tmp_path)


def test_something_that_is_no_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match=r"is no folder; name the folder with trade.csv"):
        read_folder(tmp_path / "none")
    with pytest.raises(InvalidInput, match=r"holds no trade.csv"):
        read_folder(tmp_path)
