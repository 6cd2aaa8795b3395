"""How much memory a plan takes."""

from __future__ import annotations

from router.operation.size import BYTES_PER_SELECTION, bytes_of
from router.planner.model import EntitySelection, Fetch


def fetch_size(fetch: Fetch) -> int:
    """Estimate what a fetch takes, with its text. Units: bytes."""
    selections = (bytes_of(one.selection) + BYTES_PER_SELECTION for one in fetch.selections)
    required = (bytes_of(one.requires) for one in fetch.selections if isinstance(one, EntitySelection))
    return BYTES_PER_SELECTION + sum(selections) + sum(required)
