"""Every figure in a record, with its place: none can be forgotten by whoever adds a field."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tumen.evidence.quantity import Quantity
from tumen.files.located import Path as Place
from tumen.files.schema import Record


def quantities_in(record: Any, at: Place = ()) -> Iterator[tuple[Place, Quantity]]:
    """Yield the place and value of every quantity inside a record, in the order of its fields.

    Examples
    --------
    >>> class Stream(Record):
    ...     revenue: Quantity
    >>> revenue = Quantity.of(1, 2, 3, "million USD a year", "trial")
    >>> [place for place, _ in quantities_in([Stream(revenue=revenue)])]
    [(0, 'revenue')]
    """
    if isinstance(record, Quantity):
        yield at, record
    elif isinstance(record, Record):
        for name in type(record).model_fields:
            yield from quantities_in(getattr(record, name), (*at, name))
    elif isinstance(record, dict):
        for key, value in record.items():
            yield from quantities_in(value, (*at, key))
    elif isinstance(record, list | tuple):
        for position, value in enumerate(record):
            yield from quantities_in(value, (*at, position))
