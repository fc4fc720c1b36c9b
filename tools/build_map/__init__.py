"""Building the map's table of places from its outline; not shipped."""
