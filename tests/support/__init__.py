"""Data sets with known answers, and worlds that tests invent."""
