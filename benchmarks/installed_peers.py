"""Programs from PyPI on the same data in the same run, in an environment of their own."""

from __future__ import annotations

import json
import subprocess
import sys
import venv
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np

from benchmarks.timing import Row, median_seconds
from tests.support.worlds import world
from tumen import Outcome, Shock, load_world, solve

ENVIRONMENT = Path(".venv-peers")
PACKAGES = ("gegravity", "sanction-simulator")
SCRIPT = Path(__file__).with_name("peer_programs.py")
LARGEST = 150
FREER = float(np.exp(0.22))
BUDGET = 50.0
"""Against sanction-simulator's scenario on the same network."""
PATIENCE = 600
"""Seconds that a program may take."""


def installed_peer_rows() -> Iterator[Row]:
    """Time gegravity on one sector and sanction-simulator's scenario of an embargo."""
    python, problem = _environment()
    for economies in (50, LARGEST):
        yield _one_sector(python, problem, economies)
    yield _embargo(python, problem)


def _one_sector(python: Path, problem: str, economies: int) -> Row:
    """The same trade agreement, without deficits, and how far the two answers are apart."""
    base = world(economies, 1, seed=1, inputs=False, deficits=0)
    members = economies // 5
    freeness = np.ones((economies, economies))
    freeness[:members, :members] = FREER
    np.fill_diagonal(freeness, 1.0)
    shock = Shock(freeness=base.labelled(freeness[:, :, None], ("origin", "destination", "sector")))

    def solved() -> Outcome:
        return solve(base, shock)

    with TemporaryDirectory() as folder:
        file = Path(folder, "question.npz")
        trade, theta = base.dataset["trade"].values[:, :, 0], base.accounts.theta[0]
        np.savez(file, trade=trade, freeness=freeness, elasticity=theta)
        seen = problem or _run(python, "gegravity", str(file))
    name = f"gegravity, {economies}"
    if isinstance(seen, str):
        return Row(name, f"one sector, {economies} economies, against gegravity: not run: {seen}")
    seconds = median_seconds(solved, 9)
    ratio = seen["seconds"] / seconds
    apart = float(np.abs(1 / np.array(seen["answer"]) - solved().real_income.values).max())
    text = (
        f"one sector, {economies} economies: {1e3 * seconds:.1f} ms; gegravity {seen['version']} "
        f"{seen['seconds']:.1f} s in this run, {ratio:.0f} × as long; real incomes differ by up to "
        f"{100 * apart:.2f} %"
    )
    figures = {"seconds": seconds, "peer_seconds": seen["seconds"], "ratio": ratio, "apart": apart}
    return Row(name, text, figures)


def _embargo(python: Path, problem: str) -> Row:
    """A full embargo of Russia on the network of 2022; the two models are not the same."""
    name = "sanction-simulator, embargo of RUS"
    seen = problem or _run(python, "sanction-simulator", "RUS")
    if isinstance(seen, str):
        return Row(name, f"embargo of RUS, against sanction-simulator: not run: {seen}")
    base = load_world("world-2022")
    shock = Shock.of(base, {("RUS", "*", "*"): 0.0, ("*", "RUS", "*"): 0.0})

    def solved() -> Outcome:
        return solve(base, shock, deficits="zero")

    seconds = median_seconds(solved, 9)
    ratio = seen["seconds"] / seconds
    text = (
        f"embargo of RUS, 80 economies: {1e3 * seconds:.0f} ms; sanction-simulator "
        f"{seen['version']} {seen['seconds']:.1f} s in this run on the same network, another model "
        f"of it; {ratio:.0f} × as long (budget {BUDGET:g})"
    )
    figures = {"seconds": seconds, "peer_seconds": seen["seconds"], "ratio": ratio}
    return Row(name, text, figures, ratio >= BUDGET)


def _environment() -> tuple[Path, str]:
    """The Python of the peers' environment, made where it is missing; and why there is none."""
    python = ENVIRONMENT / ("Scripts" if sys.platform == "win32" else "bin") / "python"
    done = ENVIRONMENT / "made.stamp"
    if done.exists():
        return python, ""
    venv.create(ENVIRONMENT, with_pip=True, clear=True)
    command = [str(python), "-m", "pip", "--disable-pip-version-check", "install", "--quiet"]
    made = subprocess.run([*command, *PACKAGES], capture_output=True, text=True, check=False)
    if made.returncode:
        last = (made.stderr.strip().splitlines() or ["pip failed"])[-1]
        return python, f"its packages cannot be installed ({last})"
    done.touch()
    return python, ""


def _run(python: Path, program: str, argument: str) -> dict[str, Any] | str:
    """What a program printed, or why it did not."""
    command = [str(python), str(SCRIPT), program, argument]
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, check=False, timeout=PATIENCE
        )
    except subprocess.TimeoutExpired:
        return f"took more than {PATIENCE} s"
    if done.returncode:
        return (done.stderr.strip().splitlines() or ["it failed"])[-1]
    found: dict[str, Any] = json.loads(done.stdout)
    return found
