"""Figures with their sources."""
