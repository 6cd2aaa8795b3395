"""What is made of a subgraph's response."""

from __future__ import annotations

import pytest

from router.fetch.subgraph_response import answers_of
from router.request import Json
from tests.router.fetch.plans import entity_asks, root_ask


@pytest.mark.parametrize(
    "body",
    [None, [], "text", {}, {"data": None}, {"data": [1]}, {"data": {}, "errors": "no"}, {"data": None, "errors": []}],
)
def test_what_is_no_graphql_response_is_malformed(body: Json) -> None:
    (answer,) = answers_of([root_ask()], body)
    assert answer.data is None
    assert [error.code for error in answer.errors] == ["SUBREQUEST_MALFORMED_RESPONSE"]


@pytest.mark.parametrize("entities", [None, [], [{}, {}], {"a": 1}, "text"])
def test_entities_that_are_not_one_for_each_representation_are_malformed(entities: Json) -> None:
    (answer,) = answers_of(entity_asks("_entities"), {"data": {"_entities": entities}})
    assert answer.data is None
    assert [error.code for error in answer.errors] == ["SUBREQUEST_MALFORMED_RESPONSE"]


def test_an_entity_that_is_no_object_is_malformed_and_costs_no_other() -> None:
    (answer,) = answers_of(entity_asks("_entities"), {"data": {"_entities": ["text"]}})
    assert answer.data == [None]
    assert [(error.code, error.path) for error in answer.errors] == [("SUBREQUEST_MALFORMED_RESPONSE", (0,))]


def test_no_entities_with_errors_are_no_second_error() -> None:
    (answer,) = answers_of(entity_asks("_entities"), {"data": None, "errors": [{"message": "no"}]})
    assert (answer.data, [error.message for error in answer.errors]) == (None, ["no"])


def test_an_error_keeps_its_message_code_and_extensions_and_loses_its_locations() -> None:
    error = {
        "message": "no",
        "path": ["me"],
        "locations": [{"line": 1, "column": 1}],
        "extensions": {"code": "X", "a": 1},
    }
    (answer,) = answers_of([root_ask()], {"data": {"me": None}, "errors": [error]})
    assert answer.errors[0].to_json() == {"message": "no", "path": ["me"], "extensions": {"code": "X", "a": 1}}


@pytest.mark.parametrize("error", [None, "text", {}, {"message": 1, "path": "me", "extensions": []}, {"path": [True]}])
def test_an_error_of_any_form_is_an_error(error: Json) -> None:
    (answer,) = answers_of([root_ask()], {"data": {"me": 1}, "errors": [error]})
    assert [(one.message, one.code, one.path) for one in answer.errors] == [
        ("The subgraph reported an error.", "DOWNSTREAM_SERVICE_ERROR", None)
    ]


def test_paths_of_entity_errors_begin_with_the_index() -> None:
    errors = [
        {"message": "a", "path": ["_e1", 0, "x"]},
        {"message": "b", "path": ["_e0"]},
        {"message": "c"},
        {"message": "d", "path": ["?"]},
    ]
    first, second = answers_of(entity_asks("_e0", "_e1"), {"data": {"_e0": [{}], "_e1": [None]}, "errors": errors})
    assert [(error.message, error.path) for error in first.errors] == [("b", None), ("c", None), ("d", None)]
    assert [(error.message, error.path) for error in second.errors] == [("a", (0, "x"))]
    assert (first.data, second.data) == ([{}], [None])


def test_touched_tags_are_hints() -> None:
    (answer,) = answers_of([root_ask()], {"data": {"me": 1}, "extensions": {"fedra": {"touched": ["Session:1"]}}})
    assert answer.hints == {"touched": ["Session:1"]}
