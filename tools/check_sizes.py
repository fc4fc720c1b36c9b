"""Check that modules and functions stay small enough to be read.

Source modules have a median of at most 150 lines and none over 500, tests none over
800; no function is longer than 80 lines, and nine in ten are under 35.
"""

from __future__ import annotations

import ast
import statistics
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
MEDIAN_MODULE = 150
LONGEST_MODULE = 500
LONGEST_TEST = 800
LONGEST_FUNCTION = 80
USUAL_FUNCTION = 35
USUAL_SHARE = 0.9

Function = tuple[str, int]
"""``file:line name`` and the number of lines, docstring included."""


def functions(source: str, name: str) -> Iterator[Function]:
    r"""Yield every function of a module with its length.

    >>> list(functions("def a():\n    return 1\n", "m.py"))
    [('m.py:1 a', 2)]
    """
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            length = (node.end_lineno or node.lineno) - node.lineno + 1
            yield f"{name}:{node.lineno} {node.name}", length


def module_problems(lengths: dict[str, int], longest: int, median: int | None) -> list[str]:
    """Say which modules are too long, and whether the usual one is."""
    found = [
        f"{name} has {lines} lines; at most {longest}"
        for name, lines in lengths.items()
        if lines > longest
    ]
    if median is not None and lengths and statistics.median(lengths.values()) > median:
        found.append(f"half the modules have more than {median} lines")
    return found


def function_problems(found: Iterable[Function]) -> list[str]:
    """Say which functions are too long, and whether too many are long."""
    listed = list(found)
    problems = [
        f"{name} has {lines} lines; at most {LONGEST_FUNCTION}"
        for name, lines in listed
        if lines > LONGEST_FUNCTION
    ]
    usual = sum(lines < USUAL_FUNCTION for _, lines in listed)
    if usual < USUAL_SHARE * len(listed):
        worst = sorted(listed, key=lambda each: -each[1])[:5]
        names = ", ".join(f"{name} ({lines})" for name, lines in worst)
        problems.append(
            f"{usual} of {len(listed)} functions are under {USUAL_FUNCTION} lines; "
            f"nine in ten must be. Longest: {names}"
        )
    return problems


def check(root: Path = ROOT) -> list[str]:
    """Return every breach in a checkout."""
    problems: list[str] = []
    for folders, longest, median in (
        (("src",), LONGEST_MODULE, MEDIAN_MODULE),
        (("tools", "benchmarks"), LONGEST_MODULE, None),
        (("tests",), LONGEST_TEST, None),
    ):
        paths = sorted(path for folder in folders for path in (root / folder).rglob("*.py"))
        sources = {path.relative_to(root).as_posix(): path.read_text("utf-8") for path in paths}
        lengths = {name: len(text.splitlines()) for name, text in sources.items()}
        written = {name: lines for name, lines in lengths.items() if lines > 0}
        problems += module_problems(written, longest, median)
        problems += function_problems(
            each for name, text in sources.items() for each in functions(text, name)
        )
    return problems


if __name__ == "__main__":
    breaches = check()
    print("\n".join(breaches) if breaches else "sizes: good")
    sys.exit(bool(breaches))
