"""Write files and folders so that a reader never sees half of one."""

from __future__ import annotations

import errno
import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from tumen.errors import InvalidInput, Problem

MARKER = ".tumen-output"
"""The file that says which files of a folder Tumen wrote."""
_LITTER = {".DS_Store", "Thumbs.db", "desktop.ini"}


def write_text(path: str | os.PathLike[str], text: str) -> None:
    """Write a UTF-8 text file whole or not at all."""
    write_bytes(path, text.encode())


def write_bytes(path: str | os.PathLike[str], content: bytes) -> None:
    """Write a file whole or not at all."""
    with replacing(path) as beside:
        beside.write_bytes(content)


@contextmanager
def replacing(path: str | os.PathLike[str]) -> Iterator[Path]:
    """Give a path beside the file to write to, and put it in the file's place at the end.

    When the block raises, the old file stays as it was and nothing is left behind.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     with replacing(Path(folder, "answer.txt")) as beside:
    ...         _ = beside.write_text("-7.3 %")
    ...     Path(folder, "answer.txt").read_text()
    '-7.3 %'
    """
    target = _target(path)
    if target.is_dir():
        raise InvalidInput(Problem(str(path), "is a folder: name a file"))
    with _parents(target):
        beside = _beside(target)
        try:
            beside.touch()  # a folder that cannot be written shows here, whoever writes next
            yield beside
            os.replace(beside, target)
        finally:
            with suppress(OSError):
                beside.unlink()


@contextmanager
def replacing_folder(path: str | os.PathLike[str]) -> Iterator[Path]:
    """Give an empty folder beside ``path`` to write to, and put it in its place at the end.

    A folder that holds files which Tumen did not write is refused before anything
    starts. When the block raises, the old folder stays as it was.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as place:
    ...     with replacing_folder(Path(place, "out")) as beside:
    ...         _ = Path(beside, "steps.csv").write_text("step")
    ...     sorted(file.name for file in Path(place, "out").iterdir())
    ['.tumen-output', 'steps.csv']
    """
    target = _target(path)
    _refuse_foreign(target)
    with _parents(target):
        beside = _beside(target)
        beside.mkdir()
        try:
            yield beside
            (beside / MARKER).write_text("".join(f"{name}\n" for name in sorted(_files(beside))))
            _swap(beside, target)
        finally:
            shutil.rmtree(beside, ignore_errors=True)


def _target(path: str | os.PathLike[str]) -> Path:
    """Follow links, so that a linked file or folder is replaced and the link stays."""
    try:
        target = Path(path).resolve()
        target.exists()
    except (OSError, ValueError, RuntimeError) as error:
        reason = getattr(error, "strerror", None) or error
        raise InvalidInput(Problem(str(path), f"cannot be written: {reason}")) from None
    return target


def _beside(target: Path) -> Path:
    return target.with_name(f".{secrets.token_hex(4)}-{target.name}")


@contextmanager
def _parents(target: Path) -> Iterator[None]:
    """Make the folders above a target; take them away again when the block raises.

    A failure to write here, or a full disk, is input that cannot be used: another
    place has to be named.
    """
    missing = [folder for folder in target.parents if not folder.exists()]
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        yield
    except BaseException as error:
        for folder in missing:
            with suppress(OSError):
                folder.rmdir()
        if isinstance(error, OSError) and _about_writing(error, target):
            reason = error.strerror or error
            raise InvalidInput(Problem(str(target), f"cannot be written: {reason}")) from None
        raise


def _about_writing(error: OSError, target: Path) -> bool:
    if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EROFS):
        return True
    named = str(error.filename or "")
    return bool(named) and (Path(named).is_relative_to(target.parent) or named in _above(target))


def _above(target: Path) -> set[str]:
    return {str(folder) for folder in target.parents}


def _swap(beside: Path, target: Path) -> None:
    """Put a folder in the place of an old one; the old one comes back when that fails."""
    if not target.exists():
        os.replace(beside, target)
        return
    old = _beside(target)
    os.replace(target, old)
    try:
        os.replace(beside, target)
    except OSError:
        os.replace(old, target)
        raise
    shutil.rmtree(old, ignore_errors=True)


def _files(folder: Path) -> set[str]:
    inside = (each for each in folder.rglob("*") if not each.is_dir() or each.is_symlink())
    return {each.relative_to(folder).as_posix() for each in inside}


def _refuse_foreign(target: Path) -> None:
    if not target.exists():
        return
    if not target.is_dir():
        raise InvalidInput(Problem(str(target), "is a file: name a folder"))
    marker = target / MARKER
    known = set(marker.read_text("utf-8").splitlines()) if marker.is_file() else set()
    foreign = {name for name in _files(target) - known if Path(name).name not in _LITTER}
    foreign.discard(MARKER)
    if foreign:
        message = (
            f"holds files that Tumen did not write ({min(foreign)}): "
            "name a new folder, or move them away"
        )
        raise InvalidInput(Problem(str(target), message))
