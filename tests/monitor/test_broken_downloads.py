"""Downloads that went wrong: one clear error each, and the store stays as it was."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.monitor.files import baci, comtrade, comtrade_line
from tumen.errors import InvalidInput
from tumen.monitor.build import build

GOOD = "2016,408,156,270111,1200,5"
NAME = "BACI_HS92_Y2016_V202501.csv"


def cut_zip(folder: Path) -> Path:
    path = folder / "BACI_HS92_V202501.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr(NAME, "t,i,j,k,v,q\n" + (GOOD + "\n") * 1000)
    path.write_bytes(path.read_bytes()[:-40])
    return path


def damaged_zip(folder: Path) -> Path:
    path = folder / "BACI_HS92_V202501.zip"
    with zipfile.ZipFile(path, "w") as packed:
        packed.writestr(NAME, "t,i,j,k,v,q\n" + GOOD + "\n")
    content = bytearray(path.read_bytes())
    content[content.index(b"1200")] = ord("9")
    path.write_bytes(content)
    return path


def web_page(folder: Path) -> Path:
    path = folder / NAME
    path.write_text("<!DOCTYPE html>\n<html><body>Please log in</body></html>\n")
    return path


def semicolons(folder: Path) -> Path:
    return baci(folder, GOOD.replace(",", ";"), header="t;i;j;k;v;q")


def mixed_editions(folder: Path) -> Path:
    return comtrade(folder, comtrade_line(), comtrade_line(product="270112", edition="H5"))


def doubles(folder: Path) -> Path:
    return baci(folder, GOOD, "2016,156,408,270900,3,1", GOOD)


def negative(folder: Path) -> Path:
    return baci(folder, GOOD, "2016,156,408,270900,-3.5,1")


def unknown_codes(folder: Path) -> Path:
    return baci(folder, GOOD, "2016,156,999,270900,3,1")


def code_of_the_past(folder: Path) -> Path:
    return baci(folder, GOOD, "2016,156,736,270900,3,1")


def no_such_product(folder: Path) -> Path:
    return baci(folder, GOOD, "2016,156,408,279900,3,1")


def changed_header(folder: Path) -> Path:
    return baci(folder, GOOD, header="t,i,j,k,val,q")


def empty(folder: Path) -> Path:
    path = folder / NAME
    path.write_text("")
    return path


def only_a_header(folder: Path) -> Path:
    return baci(folder)


def other_encoding(folder: Path) -> Path:
    path = folder / "customs.csv"
    text = "year,exporter,importer,product,value\n2016,Côte d'Ivoire,CHN,270111,3\n"
    path.write_bytes(text.encode("latin-1"))
    return path


def not_a_number(folder: Path) -> Path:
    return baci(folder, GOOD, "2016,156,408,270900,NaN,1")


def ragged(folder: Path) -> Path:
    return baci(folder, GOOD, "2016,156,408,2709")


BROKEN: list[tuple[Callable[[Path], Path], list[str]]] = [
    (cut_zip, ["BACI_HS92_V202501.zip", "no whole zip file", "bytes are here", "fetch it again"]),
    (damaged_zip, ["BACI_HS92_V202501.zip", "no whole zip file", "CRC", "fetch it again"]),
    (web_page, [f"{NAME}:row 1", "web page", "<!DOCTYPE html>", "must be a table", "browser"]),
    (semicolons, [f"{NAME}:row 1", "semicolons", "t;i;j", "must be commas", "separator"]),
    (mixed_editions, ["TradeData.csv:row 3, column classificationCode", "HS2017", "HS2012",
                      "row 2", "download one edition"]),
    (doubles, [f"{NAME}:row 4", "stands already in row 2", "PRK, CHN", "one row a flow"]),
    (negative, [f"{NAME}:row 3, column v", "'-3.5'", "not negative"]),
    (unknown_codes, [f"{NAME}:row 3, column j", "'999'", "mapping file"]),
    (code_of_the_past, [f"{NAME}:row 3, column j", "'736' is Sudan, in use until 2011, not in 2016",
                        "729 Sudan", "728 South Sudan"]),
    (no_such_product, [f"{NAME}:row 3, column k", '"2799"', "ends at 2716"]),
    (changed_header, [NAME, "no column 'v'", "val"]),
    (empty, [f"{NAME}:row 1", "is empty", "must be a table", "fetch it again"]),
    (only_a_header, [NAME, "no record of trade"]),
    (other_encoding, ["customs.csv:row 2", "no UTF-8", "encoding"]),
    (not_a_number, [f"{NAME}:row 3, column v", "'NaN'", "finite number"]),
    (ragged, [NAME, "3"]),
]  # fmt: skip


@pytest.mark.parametrize(("make", "said"), BROKEN, ids=[make.__name__ for make, _ in BROKEN])
def test_one_clear_error_and_the_store_stays_as_it_was(
    tmp_path: Path, make: Callable[[Path], Path], said: list[str]
) -> None:
    (tmp_path / "good").mkdir()
    store = tmp_path / "store"
    build([baci(tmp_path / "good", GOOD, year=2016)], store)
    before = {path: path.read_bytes() for path in store.rglob("*") if path.is_file()}
    (tmp_path / "bad").mkdir()
    with pytest.raises(InvalidInput) as caught:
        build([make(tmp_path / "bad")], store)
    assert len(caught.value.problems) == 1, caught.value
    for words in said:
        assert words in str(caught.value)
    assert {path: path.read_bytes() for path in store.rglob("*") if path.is_file()} == before
