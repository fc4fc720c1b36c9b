"""Speed against the budget, as ratios measured in one run."""
