"""How long a target holds: hard currency, and the hazard of losing power. Knows no engine."""
