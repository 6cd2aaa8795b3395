"""What generated code leaves to the interpreter."""

from __future__ import annotations


class Uncompilable(Exception):
    """A plan of which no code is made: it asks for what is too rare, or its code would be too long."""


class Unasked(Uncompilable):
    """A field that may not be null and that no subgraph is asked for: objects of that type are not expected there."""


class Anomaly(Exception):
    """An answer that generated code was not made for: null where none may be, a value of a wrong type."""
