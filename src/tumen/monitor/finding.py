"""What a signal says: an effect with its interval, and the records it rests on."""

from __future__ import annotations

from dataclasses import dataclass

LEVEL = 0.95
"""Of all intervals."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that a signal found; evidence, never proof.

    Examples
    --------
    >>> Finding("breaks", "CHN", "export", 2017, 2019, -1000.0, -1200.0, -800.0,
    ...         "million USD a year").says_more
    False
    """

    signal: str
    partner: str
    flow: str
    """The target's: export, import or both."""
    first: int
    last: int
    """Years that the effect is of."""
    effect: float
    low: float
    high: float
    """Interval at :data:`LEVEL`; the range of the years where records have no error of sampling."""
    unit: str
    error: float | None = None
    """Standard error, in the same unit."""
    p_value: float | None = None
    """How often chance alone does as much; None: the signal only describes."""
    musd: float | None = None
    """The effect as million USD a year, where it has one."""
    data: str = ""
    """Records used."""
    note: str = ""
    """What it means and what it cannot say."""

    @property
    def says_more(self) -> bool:
        """Tell whether there is more trade than expected, beyond the interval."""
        return self.low > 0
