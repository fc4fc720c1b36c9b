"""Downloads: hashes, going on after a break, progress."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from tests.support.server import Answer, Asked, serving
from tumen.errors import InvalidInput
from tumen.sources.downloads import download

CONTENT = bytes(range(256)) * 400
HASH = hashlib.sha256(CONTENT).hexdigest()


def ranged(question: Asked) -> Answer:
    start = int(question.headers.get("range", "bytes=0-").removeprefix("bytes=").removesuffix("-"))
    return Answer(206 if start else 200, CONTENT[start:])


def test_a_file_is_fetched_once_and_progress_is_told(tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []
    with serving(ranged) as (address, asked):
        for _ in range(2):
            path = download(
                f"{address}/baci.zip", tmp_path, HASH, progress=lambda *now: told.append(now)
            )
    assert path.read_bytes() == CONTENT
    assert len(asked) == 1
    assert told[-1] == (len(CONTENT), len(CONTENT))
    assert [each.name for each in tmp_path.iterdir()] == ["baci.zip"]


def test_a_download_goes_on_where_it_broke_off(tmp_path: Path) -> None:
    def breaking(question: Asked) -> Answer:
        answer = ranged(question)
        answer.sent = 50_000 if answer.status == 200 else None
        return answer

    with serving(breaking) as (address, asked):
        with pytest.raises(InvalidInput, match="50,000 bytes are here, the next try goes on"):
            download(f"{address}/baci.zip", tmp_path, HASH)
        assert not (tmp_path / "baci.zip").exists()
        path = download(f"{address}/baci.zip", tmp_path, HASH)
    assert path.read_bytes() == CONTENT
    assert [each.headers.get("range") for each in asked] == [None, "bytes=50000-"]


def test_a_server_without_ranges_begins_anew(tmp_path: Path) -> None:
    (tmp_path / ".baci.zip.part").write_bytes(b"old")
    with serving(lambda _: Answer(200, CONTENT)) as (address, _):
        assert download(f"{address}/baci.zip", tmp_path, HASH).read_bytes() == CONTENT


def test_another_file_than_was_meant_is_not_kept(tmp_path: Path) -> None:
    with (
        serving(lambda _: Answer(200, b"something else")) as (address, _),
        pytest.raises(InvalidInput, match="is not the file that was meant"),
    ):
        download(f"{address}/baci.zip", tmp_path, HASH)
    assert not list(tmp_path.iterdir())


def test_a_file_that_is_not_there_is_said_so(tmp_path: Path) -> None:
    with (
        serving(lambda _: Answer(404)) as (address, _),
        pytest.raises(InvalidInput, match="404"),
    ):
        download(f"{address}/baci.zip", tmp_path, HASH)
    with pytest.raises(InvalidInput, match="64 hexadecimal digits"):
        download("http://127.0.0.1/x", tmp_path, "abc")
