"""Law as data: measures, regimes, and what share of a target's trade they cover on a day."""
