"""Trade records kept, and signals of quiet support looked for in them."""
