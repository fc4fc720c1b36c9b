"""Trade by partner adds up to the ladder."""

from __future__ import annotations

import pytest

from tests.scenario.cases import full


@pytest.mark.parametrize("name", ["dprk-2017", "russia-2022"])
def test_rows_of_a_step_sum_to_it(name: str) -> None:
    _, result = full(name)
    economies = {row.economy for row in result.partner_trade}
    assert result.target not in economies
    for step in result.steps:
        rows = [row for row in result.partner_trade if row.step == step.id]
        assert {row.economy for row in rows} == economies
        sums = {
            field: sum(getattr(row, field) for row in rows)
            for field in (
                "exports_musd",
                "imports_musd",
                "hidden_exports_musd",
                "hidden_imports_musd",
            )
        }
        for field, value in sums.items():
            assert value == pytest.approx(getattr(step, field), abs=1e-3, rel=1e-9)
        assert sum(row.hidden_musd for row in rows) == pytest.approx(step.hidden_musd, abs=1e-3)
        unrecorded = sum(row.unrecorded_exports_musd for row in rows)
        assert unrecorded == pytest.approx(step.exports_unrecorded_musd, abs=1e-3)
        assert all(row.all_musd == pytest.approx(row.open_musd + row.hidden_musd) for row in rows)
