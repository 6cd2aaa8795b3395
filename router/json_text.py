"""Values as JSON."""

from __future__ import annotations

import json

import orjson

from router.request import Json


def encode_json(value: Json) -> bytes:
    """Write a value; also what the fast way does not: integers of more than 64 bits, deep nesting.

    Raises: RecursionError for what is nested deeper than anything that can be read.
    """
    try:
        return orjson.dumps(value)
    except TypeError:
        return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def canonical_json(value: Json) -> bytes:
    """Write a value so that equal ones have equal text. Raises: RecursionError, see `encode_json`."""
    try:
        return orjson.dumps(value, option=orjson.OPT_SORT_KEYS)
    except TypeError:
        return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
