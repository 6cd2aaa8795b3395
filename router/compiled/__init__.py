"""Plans that are used often, as Python code of their own."""
