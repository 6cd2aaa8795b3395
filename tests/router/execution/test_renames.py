"""Aliases of one subgraph's operation, undone."""

from __future__ import annotations

from copy import deepcopy

import pytest

from router.execution.renames import rename, rename_path
from router.planner.model import OfType, Rename
from router.request import Json

BOOK = OfType(frozenset({"Book"}))


@pytest.mark.parametrize(
    ("value", "renames", "expected"),
    [
        ({"a_": 1, "b": 2}, [Rename(("a_",), "a")], {"b": 2, "a": 1}),
        ({"l": [[{"a_": 1}], None, [{}]]}, [Rename(("l", "a_"), "a")], {"l": [[{"a": 1}], None, [{}]]}),
        (
            [{"__typename": "Book", "a_": 1}, {"__typename": "Film", "a_": 2}, {"a_": 3}],
            [Rename((BOOK, "a_"), "a")],
            [{"__typename": "Book", "a": 1}, {"__typename": "Film", "a_": 2}, {"a": 3}],
        ),
        ({"a": {"x": 1, "y": None}, "a_": {"y": 2}}, [Rename(("a_",), "a")], {"a": {"x": 1, "y": 2}}),
        ({"a": 1, "a_": None}, [Rename(("a_",), "a")], {"a": 1}),
        ({"a_": {"b_": 1}}, [Rename(("a_",), "a"), Rename(("a", "b_"), "b")], {"a": {"b": 1}}),
        (None, [Rename(("a_",), "a")], None),
    ],
)
def test_keys_are_renamed_in_a_copy(value: Json, renames: list[Rename], expected: Json) -> None:
    before = deepcopy(value)
    assert rename(value, renames) == expected
    assert value == before


def test_what_does_not_change_is_shared() -> None:
    value = {"a_": 1, "large": {"b": 2}}
    assert rename(value, [Rename(("a_",), "a")])["large"] is value["large"]


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        (("l", 0, "a_", 1, "x"), ("l", 0, "a", 1, "x")),
        (("l", 0), ("l", 0)),
        (("other", "a_"), ("other", "a_")),
        (("l", 0, "a_", "b_"), ("l", 0, "a", "b")),
        ((), ()),
    ],
)
def test_paths_of_errors_are_renamed(path: tuple[str | int, ...], expected: tuple[str | int, ...]) -> None:
    assert rename_path(path, [Rename(("l", BOOK, "a_"), "a"), Rename(("l", "a", "b_"), "b")]) == expected
