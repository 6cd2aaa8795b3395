"""Lists of what a client accepts, each with how much."""

from __future__ import annotations

from collections.abc import Iterator


def qualities(header: str) -> Iterator[tuple[str, float]]:
    """Read a list such as `gzip, br;q=0.5`, names in lower case. Source: RFC 9110, "Quality Values"."""
    for part in header.split(","):
        name, *parameters = (piece.strip().lower() for piece in part.split(";"))
        given = dict(parameter.partition("=")[::2] for parameter in parameters)
        yield name, quality(given.get("q", "1"))


def quality(text: str) -> float:
    """Read one quality; what is none is not wanted."""
    try:
        return max(0.0, min(float(text), 1.0))
    except ValueError:
        return 0.0
