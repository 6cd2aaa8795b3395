"""GraphQL, "Coercing Variable Values"."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from graphql import build_schema, parse

from router.errors import VariableError
from router.operation.normalize import normalize
from router.operation.variables import coerce_variables
from router.request import Json

SCHEMA = build_schema(
    """
    scalar Any
    enum Color { RED GREEN }
    input Filter { color: Color = RED, min: Int!, tags: [[String!]], inner: Filter }
    input Which @oneOf { id: ID, name: String }
    type Query { a(c: Color, x: Any, l: [Int!], o: Filter, w: Which): Int }
    """
)


def coerce(definitions: str, values: Mapping[str, Json], selections: str = "a") -> Mapping[str, Json]:
    document = parse(f"query({definitions}) {{ {selections} }}")
    operation = normalize(document, document.definitions[0], SCHEMA)  # type: ignore[arg-type]
    return coerce_variables(operation, values, SCHEMA).values


def mistakes(definitions: str, values: Mapping[str, Json], selections: str = "a") -> list[str]:
    with pytest.raises(VariableError) as raised:
        coerce(definitions, values, selections)
    errors = raised.value.to_errors()
    assert {error.code for error in errors} == {"BAD_USER_INPUT"}
    return [error.message for error in errors]


def test_what_the_client_left_out_stays_out() -> None:
    assert coerce("$i: Int, $s: String", {"s": None, "unknown": 1}) == {"s": None}


def test_defaults_fill_what_is_absent_but_not_what_is_null() -> None:
    assert coerce("$c: Color = GREEN, $i: Int = 3, $l: [Int!] = 1", {"i": None}) == {"c": "GREEN", "i": None, "l": [1]}


def test_null_does_not_decide_whether_something_is_selected() -> None:
    selections = "... { a @skip(if: $b) }"
    assert coerce("$b: Boolean = true", {}, selections) == {"b": True}
    (mistake,) = mistakes("$b: Boolean = true", {"b": None}, selections)
    assert mistake.startswith("Variable '$b' has an invalid value: ")


def test_values_are_ready_to_be_sent() -> None:
    definitions = "$c: Color, $id: ID, $f: Float, $x: Any, $l: [Int!], $o: Filter"
    values = {"c": "RED", "id": 7, "f": 2, "x": {"any": [1]}, "l": 4, "o": {"min": 1, "tags": "t"}}
    assert coerce(definitions, values) == {
        "c": "RED", "id": "7", "f": 2.0, "x": {"any": [1]}, "l": [4], "o": {"color": "RED", "min": 1, "tags": [["t"]]},
    }  # fmt: skip


def test_no_more_than_the_first_mistakes_are_told_and_each_in_few_words() -> None:
    many: Json = {"min": 1, **{f"k{at}": 1 for at in range(50_000)}}
    assert len(mistakes("$o: Filter, $i: Int!", {"o": many})) == 10
    (long,) = mistakes("$o: Filter", {"o": {"min": 1, "k" * 100_000: 1}})
    assert long.startswith("Variable '$o' has an invalid value: ")
    assert len(long) < 600


def test_a_required_variable_must_be_given() -> None:
    assert mistakes("$i: Int!", {}) == ["Variable '$i' of required type 'Int!' was not provided."]
    assert len(mistakes("$i: Int!", {"i": None})) == 1


def test_every_mistake_is_told_at_once_with_variable_and_place() -> None:
    told = mistakes("$i: Int!, $o: Filter, $c: Color", {"o": {"tags": [["a", 1]], "inner": {"min": "x"}}, "c": "BLUE"})
    assert told[0] == "Variable '$i' of required type 'Int!' was not provided."
    places = [text.partition(":")[0] for text in told[1:]]
    assert "Variable '$o' has an invalid value at 'o.tags[0][1]'" in places
    assert "Variable '$o' has an invalid value at 'o.inner.min'" in places
    assert places[-1] == "Variable '$c' has an invalid value"


@pytest.mark.parametrize(
    ("definition", "value"),
    [
        ("$v: Int", True), ("$v: Int", 1.5), ("$v: Int", 2**31), ("$v: Int", "1"), ("$v: [Int!]", [None]),
        ("$v: Float", "1"), ("$v: String", 1), ("$v: Boolean", 1), ("$v: ID", 1.5),
        ("$v: Color", "HIDDEN"), ("$v: Color", 1),
        ("$v: Filter", {"min": 1, "unknown": 2}), ("$v: Filter", []),
        ("$v: Which", {}), ("$v: Which", {"id": 1, "name": "x"}),
    ],
)  # fmt: skip
def test_values_of_another_type_are_refused(definition: str, value: Json) -> None:
    assert mistakes(definition, {"v": value})


def test_a_value_nested_too_deeply_is_refused() -> None:
    value: Json = {"min": 1}
    for _ in range(2_000):
        value = {"min": 1, "inner": value}
    assert mistakes("$o: Filter", {"o": value}) == ["Variable '$o' is nested too deeply."]
