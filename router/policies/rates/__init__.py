"""How often, or how dearly, a caller may ask."""
