"""Small regimes and tables of trade, and the bundled ones, read once."""

from __future__ import annotations

import pytest

from tumen.catalogue.bundled import data
from tumen.regime.coverage import bundled_law
from tumen.regime.law import Law
from tumen.regime.regime import Regime, load_regime
from tumen.sources.product_trade import ProductTrade, load_product_trade


@pytest.fixture(scope="session")
def un() -> Regime:
    return load_regime("un-dprk")


@pytest.fixture(scope="session")
def trade() -> ProductTrade:
    return load_product_trade(data("trade", "prk-2016.csv"))


@pytest.fixture(scope="session")
def law(un: Regime) -> Law:
    return bundled_law(un)
