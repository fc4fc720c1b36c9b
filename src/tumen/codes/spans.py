"""Sets of whole numbers as sorted, disjoint spans, each up to but not including its end."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

Span = tuple[int, int]
"""First number, and the one after the last."""


def merged(spans: Iterable[Span]) -> tuple[Span, ...]:
    """Sort spans and join those that touch.

    Examples
    --------
    >>> merged([(5, 7), (1, 3), (3, 5)])
    ((1, 7),)
    """
    result: list[Span] = []
    for low, high in sorted(spans):
        if result and low <= result[-1][1]:
            result[-1] = (result[-1][0], max(result[-1][1], high))
        else:
            result.append((low, high))
    return tuple(result)


def minus(spans: Sequence[Span], taken: Sequence[Span]) -> tuple[Span, ...]:
    """Take spans out of spans.

    Examples
    --------
    >>> minus([(0, 10)], [(2, 3), (8, 12)])
    ((0, 2), (3, 8))
    """
    left = list(merged(spans))
    for start, end in taken:
        cut = ((low, min(high, start), max(low, end), high) for low, high in left)
        left = [
            (a, b) for low, mid, back, high in cut for a, b in ((low, mid), (back, high)) if a < b
        ]
    return merged(left)


def intersects(spans: Sequence[Span], others: Sequence[Span]) -> bool:
    """Tell whether two sets have a number in common."""
    return any(low < end and start < high for low, high in spans for start, end in others)


def inside(spans: Sequence[Span], others: Sequence[Span]) -> bool:
    """Tell whether every number of the first set is in the second.

    Examples
    --------
    >>> inside([(1, 2), (4, 6)], [(0, 3), (4, 9)]), inside([(1, 4)], [(0, 3)])
    (True, False)
    """
    return not minus(spans, others)
