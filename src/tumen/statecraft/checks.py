"""What the parameters of a game may be, and what to say when they are not."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

from tumen.errors import Problem


@dataclass(frozen=True, slots=True)
class Bounds:
    """The values that a parameter may take, and what it stands for."""

    meaning: str
    low: float = -math.inf
    high: float = math.inf
    open_ends: bool = False
    """The bounds themselves are not allowed."""

    def allow(self, value: float) -> bool:
        """Tell whether a value is a finite number within the bounds."""
        if not math.isfinite(value):
            return False
        if self.open_ends:
            return self.low < value < self.high
        return self.low <= value <= self.high

    @property
    def allowed(self) -> str:
        """The bounds in words.

        >>> Bounds("", 0).allowed, Bounds("", 0, 1, open_ends=True).allowed
        ('a number not below 0', 'above 0 and below 1')
        """
        if self.high < math.inf:
            words = "above {} and below {}" if self.open_ends else "between {} and {}"
            return words.format(f"{self.low:g}", f"{self.high:g}")
        if self.low > -math.inf:
            return f"a number {'above' if self.open_ends else 'not below'} {self.low:g}"
        return "a finite number"


def problems(found: object, rules: dict[str, Bounds]) -> Iterator[Problem]:
    """Yield what is wrong with the attributes of an object; those that are None are absent."""
    for name, bounds in rules.items():
        value = getattr(found, name)
        if value is None:
            continue
        try:
            number = float(value) if not isinstance(value, (bool, str)) else None
        except (TypeError, ValueError):
            number = None
        if number is None or not bounds.allow(number):
            seen = f"{number:g}" if number is not None else repr(value)
            yield Problem(name, f"is {seen}, must be {bounds.allowed}: {bounds.meaning}")
