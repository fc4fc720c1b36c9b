"""A loss of income between the points at which it was solved: smooth, monotone on their lines."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from tumen.errors import InvalidInput, Problem

if TYPE_CHECKING:
    from scipy.interpolate import NdPPoly

Array = npt.NDArray[np.float64]

_HERMITE = np.array([[2, 1, -2, 1], [-3, -2, 3, -1], [0, 1, 0, 0], [1, 0, 0, 0]], float)
"""From (value, slope) at the left and the right end to coefficients, highest power first."""
ALLOWED_DIP = 1e-5
"""Share of income by which a loss may fall where the text grows: less is interpolation."""
FINE = 201
"""Points along each axis at which it is looked at."""


@dataclass(frozen=True)
class Surface:
    """loss(r, a) at any text r and support a that arrives, from a grid of solved losses.

    Parameters
    ----------
    texts
        r, rising from 0 to 1.
    parts
        a/r, the part of the cut that is made up, rising from 0 to 1.
    losses
        Share of real income lost, dims text, part.

    Raises
    ------
    InvalidInput
        If an axis does not rise from 0 to 1, a loss is missing, or losses fall with the text or
        rise with support.

    Notes
    -----
    Bicubic Hermite pieces; slopes along both axes are those of monotone cubic interpolation
    (Fritsch and Carlson 1980, as in SciPy's PCHIP), so that on the lines of the grid nothing
    over- or undershoots.

    Examples
    --------
    >>> texts, parts = np.array([0.0, 0.5, 1.0]), np.array([0.0, 0.4, 1.0])
    >>> losses = np.array([[0.0, 0.0, 0.0], [0.1, 0.06, 0.0], [0.3, 0.18, 0.0]])
    >>> surface = Surface(texts, parts, losses)
    >>> surface(np.array([0.5, 0.5, 1.0]), np.array([0.0, 0.2, 1.0])).round(3).tolist()
    [0.1, 0.06, 0.0]
    """

    texts: Array
    parts: Array
    losses: Array

    def __post_init__(self) -> None:
        found = [
            Problem(name, f"is {axis.tolist()}, must rise from 0 to 1")
            for name, axis in (("texts", self.texts), ("parts", self.parts))
            if axis.size < 2 or axis[0] != 0 or axis[-1] != 1 or (np.diff(axis) <= 0).any()
        ]
        found = found or self._loss_problems()
        if found:
            raise InvalidInput(found, "loss of text and support")

    def _loss_problems(self) -> list[Problem]:
        shape = (self.texts.size, self.parts.size)
        if self.losses.shape != shape:
            return [Problem("losses", f"has shape {self.losses.shape}, must have {shape}")]
        if not np.isfinite(self.losses).all():
            r, x = (int(each) for each in np.argwhere(~np.isfinite(self.losses))[0])
            place = f"at text {self.texts[r]:g}, of which {self.parts[x]:g} is made up"
            return [Problem("losses", f"is {self.losses[r, x]:g} {place}, must be finite")]
        return self._dips()

    def _dips(self) -> list[Problem]:
        """Look at the loss between the points too, where support is no more than was cut."""
        even = np.linspace(0.0, 1.0, FINE)
        text, support = np.meshgrid(even, even, indexing="ij")
        losses = np.where(support <= text, self(text, support), np.nan)
        dips = (
            ("falls as the text grows", np.diff(losses, axis=0)),
            ("rises with support", -np.diff(losses, axis=1)),
        )
        return [
            Problem("losses", f"{what}, by {-np.nanmin(moves):.2g}; it must be monotone in both")
            for what, moves in dips
            if np.nanmin(moves) < -ALLOWED_DIP
        ]

    def __call__(self, text: Array, support: Array) -> Array:
        """Return the loss; arrays of one shape in, and out."""
        text, support = np.asarray(text, float), np.asarray(support, float)
        part = np.divide(support, text, out=np.zeros(text.shape), where=text > 0)
        points = np.column_stack([np.clip(each.ravel(), 0.0, 1.0) for each in (text, part)])
        loss: Array = self._pieces(points).reshape(text.shape)
        return loss

    @property
    def whole(self) -> float:
        """The loss of a whole cut without support."""
        return float(self.losses[-1, 0])

    @cached_property
    def _pieces(self) -> NdPPoly:
        from scipy.interpolate import NdPPoly

        values = self.losses
        by_text, by_part = _slopes(self.texts, values, 0), _slopes(self.parts, values, 1)
        both = _slopes(self.texts, by_part, 0)
        steps = np.diff(self.texts)[:, None], np.diff(self.parts)[None, :]
        ends = np.empty((4, 4, self.texts.size - 1, self.parts.size - 1))
        for row in range(4):
            for column in range(4):
                given = {(0, 0): values, (1, 0): by_text, (0, 1): by_part, (1, 1): both}
                part = given[row % 2, column % 2]
                at = part[row // 2 :, column // 2 :][: ends.shape[2], : ends.shape[3]]
                ends[row, column] = at * steps[0] ** (row % 2) * steps[1] ** (column % 2)
        power = np.einsum("pr,qc,rcij->pqij", _HERMITE, _HERMITE, ends)
        exponent = np.arange(3, -1, -1.0)
        power /= steps[0] ** exponent[:, None, None, None]
        power /= steps[1] ** exponent[None, :, None, None]
        return NdPPoly(power, (self.texts, self.parts))


def _slopes(axis: Array, values: Array, along: int) -> Array:
    from scipy.interpolate import PchipInterpolator

    slopes: Array = PchipInterpolator(axis, values, axis=along).derivative()(axis)
    return slopes
