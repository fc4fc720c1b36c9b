"""Which keys are allowed at a place of a schema."""

from __future__ import annotations

from typing import Annotated, Literal

import pytest
from pydantic import BaseModel, Field

from tumen.files.fields import allowed_keys


class Ban(BaseModel):
    kind: Literal["ban"]
    products: list[str]


class Cap(BaseModel):
    kind: Literal["cap"]
    limit: float


class Case(BaseModel):
    title: str
    both: list[Annotated[Ban | Cap, Field(discriminator="kind")]] = []
    by_name: dict[str, Cap | None] = {}
    renamed: Cap = Field(alias="other-name")
    pair: tuple[float, Ban] | None = None


@pytest.mark.parametrize(
    ("location", "keys"),
    [
        ((), ["title", "both", "by_name", "other-name", "pair"]),
        (("both", 0), ["kind", "products", "limit"]),
        (("both", 0, "cap"), ["kind", "limit"]),
        (("both", 0, "Ban"), ["kind", "products"]),
        (("by_name", "any"), ["kind", "limit"]),
        (("other-name",), ["kind", "limit"]),
        (("pair", 1), ["kind", "products"]),
        (("title",), []),
    ],
)
def test_allowed_keys(location: tuple[str | int, ...], keys: list[str]) -> None:
    assert allowed_keys(Case, location) == keys
