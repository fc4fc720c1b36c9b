"""Downloads that went wrong: web pages, cut archives, other separators and encodings."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path

from tumen.errors import InvalidInput, Problem

_WEB_PAGE = (b"<!doctype html", b"<html", b"<?xml", b"<head")
_ARCHIVES = {b"PK\x03\x04": "a zip file", b"\x1f\x8b": "a gzip file", b"7z\xbc\xaf": "a 7z file"}
_SEPARATORS = {";": "semicolons", "\t": "tabs", "|": "bars", ",": "commas"}
_SHOWN = 40


def check_text(path: Path, separator: str = ",") -> None:
    """Refuse a CSV file that is none, before any column is looked for.

    Raises
    ------
    InvalidInput
        For an empty file, a web page, an archive, bytes that are no UTF-8 in the first lines, or
        columns separated by something else.
    """
    try:
        with path.open("rb") as file:
            start = file.read(4096)
    except OSError as error:
        raise InvalidInput(Problem(str(path), f"cannot be read: {error.strerror}")) from error
    if not start.strip(b"\xef\xbb\xbf \r\n\t"):
        message = "is empty (0 records), must be a table; the download broke off: fetch it again"
        raise InvalidInput(Problem(f"{path.name}:row 1", message))
    if start.lstrip(b"\xef\xbb\xbf \r\n\t").lower().startswith(_WEB_PAGE):
        shown = start.strip().splitlines()[0][:_SHOWN].decode("utf-8", "replace")
        message = (
            f"is a web page ({shown!r}), must be a table; the site asked for something, such as "
            "a login: open the address in a browser and save the file itself"
        )
        raise InvalidInput(Problem(f"{path.name}:row 1", message))
    for magic, what in _ARCHIVES.items():
        if start.startswith(magic):
            message = f"is {what}, must be a table; unpack it, or give it its proper ending"
            raise InvalidInput(Problem(path.name, message))
    if start.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise InvalidInput(_encoding(path.name, 1, start[:2], " (it looks like UTF-16)"))
    first = start.splitlines()[0].decode("utf-8", "replace")
    other = max(_SEPARATORS, key=first.count)
    if separator not in first and first.count(other):
        message = (
            f"has columns separated by {_SEPARATORS[other]} ({first[:_SHOWN]!r}), must be "
            f"{_SEPARATORS.get(separator, separator)}; export it again, or state "
            f'separator: "{other}" in a mapping file'
        )
        raise InvalidInput(Problem(f"{path.name}:row 1", message))


def encoding_problem(path: Path) -> Problem | None:
    """Find the first line that is no UTF-8."""
    with path.open("rb") as file:
        for number, line in enumerate(file, start=1):
            try:
                line.decode("utf-8")
            except UnicodeDecodeError as error:
                return _encoding(path.name, number, line[error.start : error.end])
    return None


def _encoding(name: str, row: int, seen: bytes, guess: str = "") -> Problem:
    message = (
        f"holds the bytes {seen!r}{guess}, which are no UTF-8 text; save it as UTF-8, or state "
        "encoding: in a mapping file"
    )
    return Problem(f"{name}:row {row}", message)


def unpacked(path: Path, folder: Path) -> Iterator[Path]:
    """Take the CSV files out of a zip file, one after the other; each is gone after its turn.

    Raises
    ------
    InvalidInput
        If the archive is cut short or damaged, with its size.
    """
    try:
        with zipfile.ZipFile(path) as packed:
            members = [each for each in packed.infolist() if Path(each.filename).suffix == ".csv"]
            if not members:
                raise InvalidInput(Problem(path.name, "holds no .csv file"))
            for member in members:
                member.filename = Path(member.filename).name
                out = Path(packed.extract(member, folder))
                yield out
                out.unlink()
    except (OSError, EOFError, zipfile.BadZipFile, zlib.error) as error:
        size = path.stat().st_size if path.exists() else 0
        message = (
            f"is no whole zip file ({error}; {size:,} bytes are here); the download broke off: "
            "fetch it again and compare the size"
        )
        raise InvalidInput(Problem(path.name, message)) from error
