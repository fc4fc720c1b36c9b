"""From law to freeness: what enforcement, smuggling, finance and hubs leave of a banned link.

Everything here is a pure function of numbers and arrays; no engine, no scenario.
"""

from __future__ import annotations

from tumen.evasion.duties import Duty, joint_tariff, with_duties
from tumen.evasion.finance import finance_freeness
from tumen.evasion.freeness import LinkParts, link_parts
from tumen.evasion.gravity import LinkFreeness, with_fitted_links
from tumen.evasion.hubs import cheapest_hubs, detour_costs, head_ries_freeness
from tumen.evasion.smuggling import smuggling_freeness, smuggling_mark_up

__all__ = [
    "Duty",
    "LinkFreeness",
    "LinkParts",
    "cheapest_hubs",
    "detour_costs",
    "finance_freeness",
    "head_ries_freeness",
    "joint_tariff",
    "link_parts",
    "smuggling_freeness",
    "smuggling_mark_up",
    "with_duties",
    "with_fitted_links",
]
