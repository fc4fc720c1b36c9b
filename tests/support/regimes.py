"""Regimes and tables of trade written in a line."""

from __future__ import annotations

import json
from typing import Any, cast

from tumen.regime.measure import Measure
from tumen.regime.regime import Regime
from tumen.sources.product_trade import Flow, ProductRow, ProductTrade

HEAD = """\
id: "trial"
title: "A trial"
senders: ["*"]
targets: ["PRK"]
base_year: 2016
measures:
"""
MEASURE = """\
  - id: "fish"
    title: "Fish"
    act: "Announcement 1 of 2017"
    instrument: export_ban
    flow: export
    adopted: 2017-08-05
    from: 2017-08-06
    scope: {revision: HS92, hs: ["03"]}
    verification: "general knowledge"
    sources: ["law-general-knowledge"]
"""
DEFAULTS: dict[str, Any] = {
    "title": "A measure",
    "act": "Act 1",
    "instrument": "export_ban",
    "flow": "export",
    "adopted": "2017-08-05",
    "from": "2017-08-05",
    "verification": "general knowledge",
    "sources": ["law-general-knowledge"],
}


def measure(id_: str, hs: list[str] | None = None, **fields: Any) -> dict[str, Any]:
    """Return the fields of a measure; ``from_`` stands for ``from``."""
    fields = {name.rstrip("_"): value for name, value in fields.items()}
    scope = {} if hs is None else {"scope": {"revision": "HS92", "hs": hs}}
    return {"id": id_} | DEFAULTS | scope | fields


def regime(*measures: dict[str, Any], **fields: Any) -> Regime:
    """Return a regime of all senders on one target."""
    head = {"id": "trial", "title": "A trial", "senders": ["*"], "targets": ["PRK"]}
    whole = head | {"base_year": 2016} | fields | {"measures": list(measures)}
    return Regime.model_validate_json(json.dumps(whole))


def row(product: str, musd: float = 1.0, flow: str = "export", **fields: Any) -> ProductRow:
    """Return a row of trade with one partner."""
    values = {
        "partner": "CHN", "revision": "HS92", "sector": "B05", "tonnes": None,
        "basis": "reported", "priced": True, "route": "", "source": "trial", "note": "",
    }  # fmt: skip
    return ProductRow(flow=cast(Flow, flow), product=product, musd=musd, **(values | fields))


def table(*rows: ProductRow) -> ProductTrade:
    """Return a year's trade of the target."""
    return ProductTrade("PRK", 2016, rows)


def only(given: Regime) -> Measure:
    """Return the one measure of a regime."""
    (found,) = given.measures
    return found
