"""Every quantity of a record is found, wherever it stands."""

from __future__ import annotations

from tumen.evidence.figures import quantities_in
from tumen.evidence.quantity import Quantity
from tumen.files.schema import Record


class Inner(Record):
    share: Quantity | None = None
    name: str = ""


class Outer(Record):
    first: Quantity
    by_name: dict[str, Inner]
    listed: list[Inner]


def test_fields_lists_and_mappings_are_walked() -> None:
    one, two, three = (Quantity.of(n, n, n, "share", "trial") for n in (1, 2, 3))
    record = Outer(first=one, by_name={"a": Inner(share=two)}, listed=[Inner(), Inner(share=three)])
    assert list(quantities_in(record)) == [
        (("first",), one),
        (("by_name", "a", "share"), two),
        (("listed", 1, "share"), three),
    ]
    assert list(quantities_in("words")) == []
