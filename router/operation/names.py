"""Names that the router invents beside those that clients choose."""

from __future__ import annotations

from collections.abc import Collection

TYPENAME = "__typename"


def free_name(wanted: str, taken: Collection[str]) -> str:
    """Make a name that is not taken."""
    while wanted in taken:
        wanted += "_"
    return wanted


def inner_name(response_name: str, field_name: str) -> str:
    """Name a field inside the router so that `__typename` always is the type: no two names become one."""
    if response_name.startswith(TYPENAME) and not response_name == field_name == TYPENAME:
        return f"{response_name}_"
    return response_name


def client_name(inner: str) -> str:
    """Give back the response name that the client chose."""
    return inner[:-1] if inner.startswith(TYPENAME) and inner != TYPENAME else inner
