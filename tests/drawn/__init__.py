"""Federations that nobody wrote: drawn from a seed, satisfiable by construction: docs/testing.md."""
