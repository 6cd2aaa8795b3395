"""What generated code calls."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from router.compiled.uncompilable import Anomaly
from router.execution.leaves import INVALID, Leaf
from router.execution.positions import Position
from router.json_text import canonical_json
from router.request import Json

EMPTY: Mapping[str, Json] = {}
"""What an answer that is not there holds; a plain object, because that is read fastest."""


def keyed(value: Json) -> Json:
    """Make a part of a key of what is neither text nor an integer: no two values that JSON tells apart are equal."""
    if value is None:
        return None
    return (type(value), canonical_json(value))


def leaves(*values: Json) -> None:
    """Demand that all values of a field are leaves, of which the newest holds. Raises: Anomaly."""
    if any(isinstance(one, dict | list) for one in values):
        raise Anomaly


def exact(leaf: Leaf, value: Json) -> Json:
    """Complete a leaf that is not plainly of its type. Raises: Anomaly."""
    completed = leaf(value)
    if completed is INVALID:
        raise Anomaly
    return completed


def zipped(lists: Sequence[Json]) -> Sequence[Sequence[Json]] | None:
    """Put the items of several answers' lists together; None if no answer has the list.

    Raises: Anomaly for lists of different lengths, and for what is no list.
    """
    there = [one for one in lists if one is not None]
    if not there:
        return None
    length = len(there[0])
    if any(type(one) is not list or len(one) != length for one in there):
        raise Anomaly
    return list(zip(*(one if one is not None else [None] * length for one in lists), strict=True))


CALLED: Mapping[str, Any] = {
    "Anomaly": Anomaly,
    "EMPTY": EMPTY,
    "Position": Position,
    "canonical_json": canonical_json,
    "exact": exact,
    "keyed": keyed,
    "leaves": leaves,
    "zipped": zipped,
}
