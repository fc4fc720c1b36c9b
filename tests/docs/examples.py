"""Find the examples of a Markdown page and run them in order.

``python`` blocks run as doctests where they hold ``>>>``, else as they are; the blocks of a
page share their names. In ``console`` blocks every ``$ tumen`` line runs, and lines under it
must match what it prints (``...`` stands for anything). A comment before a block changes that:
``<!-- file: NAME -->`` writes the block to a file, ``<!-- exit: 2 -->`` expects another exit
status, ``<!-- skip -->`` leaves the block alone.
"""

from __future__ import annotations

import doctest
import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from tests.support.once import once

ROOT = Path(__file__).resolve().parents[2]
FLAGS = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE
_FENCE = re.compile(
    r"(?:^<!-- *(?P<note>file: *\S+|exit: *\d+|skip) *-->\s*\n)?"
    r"^(?P<fence>```+)(?P<language>\w+)[ \t]*\n(?P<body>.*?)^(?P=fence)[ \t]*$",
    re.MULTILINE | re.DOTALL,
)
_RUN = "import sys; from tumen.cli.main import app_entry; sys.argv[0] = 'tumen'; app_entry()"


@dataclass(frozen=True, slots=True)
class Block:
    """A fenced block of a page."""

    place: str
    line: int
    language: str
    body: str
    note: str

    def number(self) -> int:
        """Return the exit status that the block expects."""
        return int(self.note.removeprefix("exit:")) if self.note.startswith("exit:") else 0


@dataclass(frozen=True, slots=True)
class Command:
    """One line after ``$``, and the output shown under it."""

    words: list[str]
    output: str


LONG = (["tumen", "run", "dprk-2017"],)
"""Commands of several pages that take long and write nothing: run once for all of them."""


def blocks(text: str, name: str) -> Iterator[Block]:
    """Yield the fenced blocks of a page that name a language."""
    for match in _FENCE.finditer(text):
        line = text.count("\n", 0, match.start("fence")) + 1
        note = match["note"] or ""
        yield Block(f"{name}:{line}", line, match["language"], match["body"], note)


def commands(body: str) -> Iterator[Command]:
    """Yield the commands of a console block."""
    body = re.sub(r"\\\n[ \t]*", "", body)
    for part in re.split(r"^\$ ", body, flags=re.MULTILINE)[1:]:
        first, _, output = part.partition("\n")
        yield Command(shlex.split(first, comments=True), output)


@dataclass
class Page:
    """Runs the blocks of one page in one folder."""

    folder: Path
    names: dict[str, object] = field(default_factory=lambda: {"__name__": "__main__"})

    def run(self, block: Block) -> None:
        """Run one block; an AssertionError says what differs."""
        if block.note == "skip":
            return
        if block.note.startswith("file:"):
            path = self.folder / block.note.removeprefix("file:").strip()
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(block.body)
        elif block.language == "python":
            self._python(block)
        elif block.language == "console":
            for command in commands(block.body):
                if command.words[:1] == ["tumen"]:
                    self._console(command, block)

    def _python(self, block: Block) -> None:
        if ">>>" not in block.body:
            exec(compile(block.body, block.place, "exec"), self.names)
            return
        parser = doctest.DocTestParser()
        test = parser.get_doctest(block.body, {}, block.place, block.place, block.line)
        test.globs = self.names
        said: list[str] = []
        runner = doctest.DocTestRunner(optionflags=FLAGS, verbose=False)
        runner.run(test, out=said.append, clear_globs=False)
        assert not said, "".join(said)

    def _console(self, command: Command, block: Block) -> None:
        if command.words in LONG:
            done = once("-".join(command.words), partial(self._done, command))
        else:
            done = self._done(command)
        said = f"{block.place}: {shlex.join(command.words)}\n{done.stdout}{done.stderr}"
        assert done.returncode == block.number(), said
        if command.output.strip():
            printed = done.stdout if not block.number() else done.stdout + done.stderr
            same = doctest.OutputChecker().check_output(command.output, printed, FLAGS)
            assert same, f"{said}\nexpected:\n{command.output}"

    def _done(self, command: Command) -> subprocess.CompletedProcess[str]:
        environment = {**os.environ, "PYTHONPATH": str(ROOT / "src"), "COLUMNS": "100"}
        environment |= {"NO_COLOR": "1", "TERM": "dumb"}
        return subprocess.run(
            [sys.executable, "-c", _RUN, *command.words[1:]],
            cwd=self.folder,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
