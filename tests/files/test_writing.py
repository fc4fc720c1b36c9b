"""Writing beside and renaming: whole or not at all."""

from __future__ import annotations

import errno
from pathlib import Path

import pytest

from tumen.errors import InvalidInput
from tumen.files.writing import MARKER, replacing, replacing_folder, write_bytes, write_text


def names(folder: Path) -> list[str]:
    return sorted(each.relative_to(folder).as_posix() for each in folder.rglob("*"))


def stop_after_half(path: Path) -> None:
    path.write_bytes(b"half")
    raise RuntimeError


def test_text_is_utf8_and_folders_are_made(tmp_path: Path) -> None:
    write_text(tmp_path / "new" / "folder" / "a.txt", "Tümen\n")
    assert (tmp_path / "new" / "folder" / "a.txt").read_bytes() == "Tümen\n".encode()
    assert names(tmp_path) == ["new", "new/folder", "new/folder/a.txt"]


def test_an_error_keeps_the_old_file_and_leaves_nothing(tmp_path: Path) -> None:
    write_bytes(tmp_path / "a.bin", b"old")
    for path in (tmp_path / "a.bin", tmp_path / "new" / "b.bin"):
        with pytest.raises(RuntimeError), replacing(path) as beside:
            stop_after_half(beside)
    assert names(tmp_path) == ["a.bin"]
    assert (tmp_path / "a.bin").read_bytes() == b"old"


def test_the_old_file_stands_until_the_end_and_the_suffix_is_kept(tmp_path: Path) -> None:
    write_text(tmp_path / "a.parquet", "old")
    with replacing(tmp_path / "a.parquet") as beside:
        assert beside.suffix == ".parquet"
        assert beside.parent == tmp_path
        beside.write_text("new")
        assert (tmp_path / "a.parquet").read_text() == "old"
    assert (tmp_path / "a.parquet").read_text() == "new"
    assert names(tmp_path) == ["a.parquet"]


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    write_text(tmp_path / "real.txt", "old")
    (tmp_path / "link.txt").symlink_to(tmp_path / "real.txt")
    write_text(tmp_path / "link.txt", "new")
    assert (tmp_path / "link.txt").is_symlink()
    assert (tmp_path / "real.txt").read_text() == "new"


@pytest.mark.parametrize("name", ["", "file/inside", "a\0b", "x" * 300])
def test_places_that_cannot_be_written_are_refused(tmp_path: Path, name: str) -> None:
    (tmp_path / "file").write_text("")
    for write in (replacing, replacing_folder):
        if write is replacing_folder and not name:
            continue
        with pytest.raises(InvalidInput), write(f"{tmp_path}/{name}") as beside:
            (beside / "inside" if beside.is_dir() else beside).write_text("x")
    assert names(tmp_path) == ["file"]


def test_a_full_disk_is_said_plainly_and_other_errors_pass(tmp_path: Path) -> None:
    full = OSError(errno.ENOSPC, "No space left on device")
    with pytest.raises(InvalidInput, match="cannot be written: No space left"):
        fail_inside(tmp_path / "a", full)
    with pytest.raises(FileNotFoundError):
        fail_inside(tmp_path / "a", FileNotFoundError(errno.ENOENT, "gone", "/elsewhere/b"))
    assert names(tmp_path) == []


def fail_inside(path: Path, error: OSError) -> None:
    with replacing(path):
        raise error


def test_a_folder_appears_whole(tmp_path: Path) -> None:
    with replacing_folder(tmp_path / "deep" / "out") as beside:
        (beside / "tables").mkdir()
        (beside / "tables" / "steps.csv").write_text("step")
        assert not (tmp_path / "deep" / "out").exists()
    assert names(tmp_path / "deep") == [
        "out",
        f"out/{MARKER}",
        "out/tables",
        "out/tables/steps.csv",
    ]
    assert (tmp_path / "deep" / "out" / MARKER).read_text() == "tables/steps.csv\n"


def test_a_folder_that_tumen_wrote_is_replaced_whole(tmp_path: Path) -> None:
    for content in ("first", "second"):
        with replacing_folder(tmp_path / "out") as beside:
            (beside / f"{content}.csv").write_text(content)
        (tmp_path / "out" / ".DS_Store").write_text("")
    assert names(tmp_path) == ["out", "out/.DS_Store", f"out/{MARKER}", "out/second.csv"]


def test_an_empty_folder_is_used(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    with replacing_folder(tmp_path / "out") as beside:
        (beside / "a").write_text("")
    assert names(tmp_path) == ["out", f"out/{MARKER}", "out/a"]


def test_files_of_others_are_never_taken_away(tmp_path: Path) -> None:
    out = tmp_path / "out"
    with replacing_folder(out) as beside:
        (beside / "steps.csv").write_text("")
    (out / "notes.txt").write_text("mine")
    with pytest.raises(InvalidInput, match=r"did not write \(notes.txt\): name a new folder"):
        replacing_folder(out).__enter__()
    with pytest.raises(InvalidInput, match="is a file: name a folder"):
        replacing_folder(out / "notes.txt").__enter__()
    assert names(tmp_path) == ["out", f"out/{MARKER}", "out/notes.txt", "out/steps.csv"]


def test_a_failed_run_keeps_the_old_folder(tmp_path: Path) -> None:
    with replacing_folder(tmp_path / "out") as beside:
        (beside / "steps.csv").write_text("old")
    with pytest.raises(RuntimeError), replacing_folder(tmp_path / "out") as beside:
        stop_after_half(beside / "steps.csv")
    assert names(tmp_path) == ["out", f"out/{MARKER}", "out/steps.csv"]
    assert (tmp_path / "out" / "steps.csv").read_text() == "old"
