"""The formula and the literature behind every number of a ladder."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Formula:
    """How a number is computed, and where the equation stands."""

    text: str
    reference: str


_RECORDED = "Σ M' · (π φ_recorded · recorded + ω_open) / (π φ + ω) over partners and sectors"
_HIDDEN = "Σ M' · (π φ_hidden + ω_hidden) / (π φ + ω) over partners and sectors"
_CP = "Caliendo and Parro (2015), Review of Economic Studies 82(1)"

FORMULAS: dict[str, Formula] = {
    "exports_musd": Formula(f"target's sales abroad that partners record: {_RECORDED}", _CP),
    "imports_musd": Formula(f"target's purchases abroad that partners record: {_RECORDED}", _CP),
    "hidden_musd": Formula(
        "hidden_exports_musd + hidden_imports_musd; transfers pay for them and stand apart", "a sum"
    ),
    "hidden_exports_musd": Formula(f"target's sales: {_HIDDEN}", _CP),
    "hidden_imports_musd": Formula(f"target's purchases: {_HIDDEN}", _CP),
    "hidden_transfers_musd": Formula(
        "transfers to the target marked hidden", "typed in the scenario"
    ),
    "remittances_musd": Formula(
        "Σ V (1 − b e − early · moving) over economies that pay, V the baseline's pay of workers; "
        "who no longer pays keeps it: D' of the target falls, theirs rises",
        "balance of payments: primary income, not trade",
    ),
    "transfers_musd": Formula(
        "transfers to the target less those it gives, and illicit income beyond the baseline",
        "typed in the scenario",
    ),
    "exports_unrecorded_musd": Formula(
        "target's open sales × (1 − the world's recorded share): services, rights", _CP
    ),
    "imports_unrecorded_musd": Formula(
        "target's open purchases × (1 − the world's recorded share): goods outside customs records",
        _CP,
    ),
    "deficit_musd": Formula("D' = imports − exports of everything, as the closure says", _CP),
    "diversion_musd": Formula(
        "Σ max(M' − M, 0) over the target's links whose freeness no setting changes", _CP
    ),
    "evasion_musd": Formula(
        "hidden exports + hidden imports + Σ M' · b (1 − e) φ_fin / φ",
        "split of each solved flow by its parts of freeness",
    ),
    "rents_abroad_musd": Formula(
        "Σ (q − 1)/q · payments earned from abroad less paid abroad, q the wedge of a cap or route",
        "complementarity of caps; Bhagwati and Hansen (1973) for hidden routes",
    ),
    "real_income_pct": Formula(
        "100 (Î / P̂ − 1), Î = (ŵ w L + R' + D' + rents) / (w L + R + D), P̂ = Π_s P̂_s^α_s", _CP
    ),
    "real_output_pct": Formula(
        "100 (Σ_s VA_s q̂_s / Σ_s VA_s − 1), q̂_s = Ŷ_s / ĉ_s",
        "Laspeyres volume index of value added; compare growth of national accounts",
    ),
    "real_earnings_pct": Formula(
        "100 ((ŵ w L + R') / (w L + R) / P̂ − 1): income without transfers", _CP
    ),
    "employment_pct": Formula(
        "100 (Σ_s V_s L̂_s / Σ_s V_s − 1), V labour income of the baseline, L̂ = min(1, β'Y'/(βYŵ))",
        "docs/model.md, labour",
    ),
    "runway_months": Formula(
        "12 K / d, K savings in the month of the ladder, d = min(K/Δ, max(0, M* − exports − F))",
        "stock and flow; Mun (2020) for the stock",
    ),
    "survival": Formula(
        "mean over priors of exp(−Σ_60 months h0/12 · exp(η · loss of real income)), the loss "
        "while savings last, then the loss without",
        "Marinov (2005) and Licht (2017) as two priors",
    ),
    "first_order_pct": Formula(
        "terms of trade + volume of trade + efficiency + transfer, discrete changes at the "
        "baseline",
        f"{_CP}, equation 20, with efficiency and transfer added",
    ),
}
