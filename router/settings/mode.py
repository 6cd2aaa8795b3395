"""What protective features do about a request that is past their bound."""

from __future__ import annotations

from enum import StrEnum


class Mode(StrEnum):
    """Every protective feature has one."""

    MEASURE = "measure"
    """Log and count it."""
    ENFORCE = "enforce"
    """Refuse it, too."""
