"""How states vote, support quietly and are caught: a game solved backwards. Knows no engine."""
