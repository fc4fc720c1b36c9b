"""Product codes: HS headings and scopes, services, and the way from headings to sectors."""
