"""On whom an economy depends, and what it would take to replace whoever leaves."""

from tumen.lifeline.dependence import Dependence, PartnerLoss, dependence

__all__ = ["Dependence", "PartnerLoss", "dependence"]
