"""What the drawn cases would not let pass."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from tests.answers import Answer
from tests.drawn.data import REQUIRED
from tests.drawn.verdict import REPORTED, partly_unlike, told_by, unlike
from tests.records import Json

ITEMS = {"items": [{"price": None}, {"price": 3}]}
FAILING = frozenset({(("items", 0, "price"), "price failed")})


def answer(data: Json, *errors: tuple[tuple[str | int, ...], str, str]) -> Answer:
    told = [{"path": list(path), "message": message, "extensions": {"code": code}} for path, message, code in errors]
    return Answer.of({"data": data, "errors": told})


def kind(data: Json, *errors: tuple[tuple[str | int, ...], str, str]) -> str | None:
    """Hold an answer to that of a monolith whose first price fails."""
    oracle = answer(ITEMS, (("items", 0, "price"), "price failed", ""))
    failure = unlike(answer(data, *errors), oracle, FAILING)
    return failure.kind if failure else None


def test_an_error_at_its_place_with_its_code_passes() -> None:
    assert kind(ITEMS, (("items", 0, "price"), "price failed", REPORTED)) is None


@pytest.mark.parametrize(
    "error",
    [
        (("items", 1, "price"), "price failed", REPORTED),
        (("items", 0, "a1"), "price failed", REPORTED),
        (("items",), "price failed", REPORTED),
        (("items", 0, "price"), "price failed", "INTERNAL_SERVER_ERROR"),
    ],
)
def test_an_error_with_another_path_or_code_does_not(error: tuple[tuple[str | int, ...], str, str]) -> None:
    assert kind(ITEMS, error) == "errors"


def test_a_null_without_its_error_does_not_pass() -> None:
    assert kind(ITEMS) == "errors"


def test_only_what_is_required_may_fail_besides() -> None:
    own = (("items", 0, "price"), "price failed", REPORTED)
    assert kind(ITEMS, own, (("items", 1), f"weight failed{REQUIRED}", REPORTED)) is None
    assert kind(ITEMS, own, (("items", 1), "weight failed", REPORTED)) == "errors"


def test_other_data_does_not_pass() -> None:
    assert kind({"items": None}, (("items", 0, "price"), "price failed", REPORTED)) == "data"


@pytest.mark.parametrize(
    ("came", "expected"),
    [
        ({"sum": '{"a": null, "b": 2}', "name": "x"}, None),
        ({"sum": '{"a": 7, "b": 2}', "name": "x"}, "partial data"),
        ({"sum": None, "name": "x"}, None),
        ({"sum": None, "name": None}, "silence"),
        ({"sum": '{"a": 1, "b": 2}'}, "partial data"),
    ],
)
def test_with_a_subgraph_switched_off_only_nulls_that_are_explained_may_differ(
    came: Mapping[str, Json], expected: str | None
) -> None:
    oracle = answer({"item": {"sum": '{"a": 1, "b": 2}', "name": "x"}})
    off = (("item", "sum"), "off", "SUBREQUEST_HTTP_ERROR")
    failure = partly_unlike(answer({"item": came}, off), oracle)
    assert (failure.kind if failure else None) == expected


def test_what_resolvers_say_is_told_from_other_errors() -> None:
    given = answer(ITEMS, (("items", 0, "price"), "price failed", ""), (("items", 1), "Cannot return null.", ""))
    assert told_by(given, frozenset({"price failed"})) == FAILING


@pytest.mark.parametrize(
    ("failing", "expected"),
    [(("item", "a"), None), (("item",), None), (("other",), "silence")],
)
def test_what_is_computed_is_explained_by_an_error_of_its_object(
    failing: tuple[str | int, ...], expected: str | None
) -> None:
    oracle = answer({"item": {"sum": '{"a": {"b": 2}}', "a": {"b": 2}}, "other": 1})
    lacking = answer({"item": {"sum": None, "a": {"b": 2}}, "other": 1}, (failing, "off", "SUBREQUEST_HTTP_ERROR"))
    failure = partly_unlike(lacking, oracle)
    assert (failure.kind if failure else None) == expected


@pytest.mark.parametrize(
    ("came", "expected"),
    [
        ({"sum": '{"a": null}', "a": None}, None),
        ({"sum": '{"a": {"b": 3}}', "a": None}, "data"),
        ({"sum": None, "a": None}, "data"),
    ],
)
def test_an_error_that_takes_its_object_along_may_take_what_is_computed_of_it(
    came: Mapping[str, Json], expected: str | None
) -> None:
    failed = (("item", "a", "c"), "c failed", REPORTED)
    oracle = answer({"item": {"sum": '{"a": {"b": 2}}', "a": None}}, failed)
    failure = unlike(answer({"item": came}, failed), oracle, frozenset({(("item", "a", "c"), "c failed")}))
    assert (failure.kind if failure else None) == expected
