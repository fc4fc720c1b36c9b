"""The target: what a cut of its trade costs it, and how likely it is to fall."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from tumen.errors import InvalidInput, Problem
from tumen.statecraft.checks import Bounds, problems

Array = npt.NDArray[np.float64]

LARGEST_EXPONENT = 100.0
"""The chance of collapse is 1 long before."""


@dataclass(frozen=True, slots=True)
class LossOfTextAndSupport:
    """A loss of income that answers to the text and to the support apart, as an engine's does."""

    function: Callable[[Any, Any], Any]
    """loss(r, a), shares; a is all that gets around the text: φb, and s once it is in force."""


Loss = float | Callable[[Any], Any] | LossOfTextAndSupport
"""A number: the loss is that times n. A function: of n. Or of text and support."""

RULES = {
    "horizon": Bounds("H, years over which survival counts", 0, open_ends=True),
    "base_hazard": Bounds("h0, the hazard of falling in a year without a cut", 0),
    "hazard_slope": Bounds("η, how the log of the hazard rises with the loss of income", 0),
    "black_market": Bounds("s, the share of baseline trade that smugglers carry", 0, 1),
}
LOSS = Bounds("ȳ, the share of real income lost without this trade", 0)


@dataclass(frozen=True, kw_only=True)
class Target:
    """A target under a cut of its trade with its benefactor (baseline trade = 1)."""

    horizon: float
    base_hazard: float
    hazard_slope: float
    income_loss: Loss
    black_market: float = 0.0
    """s: works once a text is in force; there is nothing to smuggle around without a text."""

    def __post_init__(self) -> None:
        found = [*problems(self, RULES), *loss_problems(self.income_loss)]
        if found:
            raise InvalidInput(found, "target")

    def net_cut(self, text: Array, support: Array, passed: bool = True) -> Array:
        """Return n = max(0, r − support − s), support being the sum of all φb."""
        leak = self.black_market if passed else 0.0
        return np.maximum(0.0, text - support - leak)

    def collapse(self, text: Array, support: Array, passed: bool = True) -> Array:
        """Return the chance that the target falls within the horizon.

        Notes
        -----
        P = 1 − exp(−H h0 exp(η · loss)).

        Examples
        --------
        >>> target = Target(horizon=5, base_hazard=0.02, hazard_slope=6, income_loss=0.35)
        >>> round(float(target.collapse(np.array(0.2632), np.array(0.0553))), 4)
        0.1434
        """
        if isinstance(self.income_loss, LossOfTextAndSupport):
            around = support + (self.black_market if passed else 0.0)
            loss = self._loss(text, np.minimum(text, around))
        else:
            loss = self._loss(self.net_cut(text, support, passed))
        exponent = np.minimum(self.hazard_slope * loss, LARGEST_EXPONENT)
        fallen: Array = -np.expm1(-self.horizon * self.base_hazard * np.exp(exponent))
        return fallen

    @cached_property
    def _loss(self) -> Callable[..., Array]:
        if isinstance(self.income_loss, LossOfTextAndSupport):
            return on_arrays(self.income_loss.function, 2)
        if callable(self.income_loss):
            return on_arrays(self.income_loss, 1)
        slope = float(self.income_loss)
        return lambda net: slope * net


def on_arrays(function: Callable[..., Any], arguments: int) -> Callable[..., Array]:
    """Return a function that takes arrays, whether or not the one given does.

    >>> import math
    >>> on_arrays(lambda net: math.expm1(net), 1)(np.array([0.0, 1.0])).round(3).tolist()
    [0.0, 1.718]
    """
    probe = [np.array([0.25, 0.5, 0.5])] * arguments
    try:
        if np.shape(function(*probe)) == (3,):
            return lambda *values: np.asarray(function(*np.broadcast_arrays(*values)), float)
    except (TypeError, ValueError):
        pass
    return np.vectorize(function, otypes=[float])


def loss_problems(loss: object) -> Iterator[Problem]:
    """Yield what is wrong with a loss: a bad number, or a function without finite answers."""
    coupled = isinstance(loss, LossOfTextAndSupport)
    function = loss.function if isinstance(loss, LossOfTextAndSupport) else loss
    if not callable(function):
        yield from problems(_Loss(loss), {"income_loss": LOSS})
        return
    grid = np.linspace(0.0, 1.0, 11)
    arguments = np.meshgrid(grid, grid) if coupled else [grid]
    values = on_arrays(function, len(arguments))(*arguments)
    if not np.isfinite(values).all():
        where = int(np.flatnonzero(~np.isfinite(values.ravel()))[0])
        place = ", ".join(f"{each.ravel()[where]:g}" for each in arguments)
        message = f"is {values.ravel()[where]:g} at {place}, must be finite between 0 and 1"
        yield Problem("income_loss", message)


@dataclass(frozen=True, slots=True)
class _Loss:
    income_loss: object
