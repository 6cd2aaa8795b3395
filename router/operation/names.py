"""Names that the router invents beside those that clients choose."""

from __future__ import annotations

from collections.abc import Collection


def free_name(wanted: str, taken: Collection[str]) -> str:
    """Make a name that is not taken."""
    while wanted in taken:
        wanted += "_"
    return wanted
