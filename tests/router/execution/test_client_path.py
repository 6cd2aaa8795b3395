"""Errors stand where the client sees them: what only the plan asked for is cut from their paths."""

from __future__ import annotations

import pytest

from router.execution.client_path import client_path
from schema.query_graph.selection import Condition, Field

# { items { price @include(if: $wanted) } }
PRICE = Field("price", "price", conditions=(Condition("wanted", wanted=True),))
ITEMS = (Field("items", "items", selections=(PRICE,)),)


@pytest.mark.parametrize(
    ("wanted", "path", "shown"),
    [
        (True, ("items", 0, "price"), ("items", 0, "price")),
        (True, ("items", 0, "weight"), ("items", 0)),
        (False, ("items", 0, "price"), ("items", 0)),
        (True, ("other",), None),
    ],
)
def test_a_path_ends_before_what_the_client_does_not_get(
    wanted: bool, path: tuple[str | int, ...], shown: tuple[str | int, ...] | None
) -> None:
    assert client_path(path, ITEMS, {"wanted": wanted}) == shown
