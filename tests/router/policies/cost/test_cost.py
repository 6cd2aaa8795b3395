"""What operations cost: estimated from the weights and sizes that a schema states, and counted in answers."""

from __future__ import annotations

from typing import cast

import pytest
from graphql import OperationDefinitionNode, build_schema, parse

from router.operation.model import Operation
from router.operation.normalize import normalize
from router.policies.cost.actual import tally
from router.policies.cost.estimate import price
from router.policies.cost.price import Values
from router.policies.cost.weights import Weights
from router.request import Json

SCHEMA = build_schema(
    """
    schema @link(url: "https://specs.apollo.dev/link/v1.0")
      @link(url: "https://specs.apollo.dev/cost/v0.1", import: ["@listSize", { name: "@cost", as: "@weighs" }])
      { query: Query mutation: Mutation }

    directive @link(url: String!, import: [Import]) repeatable on SCHEMA
    scalar Import
    directive @weighs(weight: Int!) on
      ARGUMENT_DEFINITION | ENUM | FIELD_DEFINITION | INPUT_FIELD_DEFINITION | OBJECT | SCALAR
    directive @listSize(
      assumedSize: Int, slicingArguments: [String!], sizedFields: [String!], requireOneSlicingArgument: Boolean = true
    ) on FIELD_DEFINITION

    type Query {
      book: Book
      books: [Book!]!
      shelf: [Book] @listSize(assumedSize: 3)
      page(first: Int = 5, last: Int): [Book] @listSize(slicingArguments: ["first", "last"], assumedSize: 4)
      paged(page: Page): [Book] @listSize(slicingArguments: ["page.first"])
      found(first: Int): Books @listSize(slicingArguments: ["first"], sizedFields: ["edges"])
      search(text: String, filter: Filter, many: [Filter] @weighs(weight: 2)): Book
      thing: Thing
      things: [Thing] @listSize(assumedSize: 2)
      dear: Int @weighs(weight: 7)
      mood: Mood
      moods: [Mood] @listSize(assumedSize: 3)
    }
    type Mutation { rename: Book }
    input Page { first: Int }
    input Filter { text: String @weighs(weight: 3), inner: Filter }
    type Books { edges: [Edge], total: Int }
    type Edge { node: Book }
    interface Thing { id: ID, related(first: Int = 2): [Thing] }
    type Book implements Thing {
      id: ID, title: String, author: Author, related(first: Int = 2): [Thing] @listSize(slicingArguments: ["first"])
    }
    type Car implements Thing @weighs(weight: 20) {
      id: ID, wheels: Int @weighs(weight: 4), related(first: Int = 2): [Thing] @listSize(slicingArguments: ["first"])
    }
    type Author { name: String @weighs(weight: 2) }
    enum Mood @weighs(weight: 5) { GOOD }
    """
)
WEIGHTS = Weights(SCHEMA)


def operation_of(text: str) -> Operation:
    document = parse(text)
    return normalize(document, cast("OperationDefinitionNode", document.definitions[0]), SCHEMA)


def estimate(text: str, **variables: Json) -> float:
    return price(operation_of(text), WEIGHTS, 10).of(Values(variables))


@pytest.mark.parametrize(
    ("text", "cost"),
    [
        ("{ __typename }", 0),
        ("{ book { title } }", 1),
        ("{ book { title author { name } } }", 1 + 1 + 2),
        ("mutation { rename { id } }", 10 + 1),
        ("{ dear }", 7),
        ("{ mood }", 5),
        ("{ moods }", 3 * 5),
        ("{ books { id } }", 10),
        ("{ shelf { author { name } } }", 3 * (1 + 1 + 2)),
        ("{ a: book { id } b: book { id } }", 2),
    ],
)
def test_objects_cost_one_leaves_nothing_unless_weights_are_stated(text: str, cost: float) -> None:
    assert estimate(text) == cost


@pytest.mark.parametrize(
    ("text", "variables", "cost"),
    [
        ("{ page { id } }", {}, 5),
        ("{ page(first: 2) { id } }", {}, 2),
        ("{ page(first: null) { id } }", {}, 4),
        ("{ page(first: 2, last: 8) { id } }", {}, 8),
        ("query ($n: Int) { page(first: $n) { id } }", {"n": 100}, 100),
        ("query ($n: Int) { page(first: $n) { id } }", {}, 5),
        ("query ($n: Int) { page(first: $n) { id } }", {"n": -3}, 0),
        ("query ($p: Page) { paged(page: $p) { id } }", {"p": {"first": 6}}, 6),
        ("query ($n: Int) { paged(page: {first: $n}) { id } }", {"n": 6}, 6),
        ("{ paged { id } }", {}, 10),
        ("query ($n: Int) { found(first: $n) { total edges { node { id } } } }", {"n": 6}, 1 + 6 * 2),
    ],
)
def test_slicing_arguments_say_how_long_a_list_is(text: str, variables: dict[str, Json], cost: float) -> None:
    assert estimate(text, **variables) == cost


@pytest.mark.parametrize(
    ("text", "variables", "cost"),
    [
        ('{ search(text: "a") { id } }', {}, 1),
        ('{ search(filter: {text: "a", inner: {text: "b"}}) { id } }', {}, 1 + 6),
        ('{ search(many: [{text: "a"}, {}]) { id } }', {}, 1 + 2 * 2 + 3),
        ("query ($f: Filter) { search(filter: $f) { id } }", {"f": {"text": "a"}}, 1 + 3),
        ("query ($f: Filter) { search(filter: $f) { id } }", {}, 1),
    ],
)
def test_arguments_cost_what_is_given(text: str, variables: dict[str, Json], cost: float) -> None:
    assert estimate(text, **variables) == cost


@pytest.mark.parametrize(
    ("text", "cost"),
    [
        ("{ thing { id } }", 20),
        ("{ thing { ... on Book { author { name } } } }", 20 + 3),
        ("{ thing { ... on Book { author { name } } ... on Car { wheels } } }", 20 + 4),
        ("{ thing { ... on Thing { ... on Car { wheels } } related { id } } }", 20 + 4 + 2 * 20),
    ],
)
def test_an_object_of_an_abstract_type_costs_what_the_dearest_does(text: str, cost: float) -> None:
    assert estimate(text) == cost


def test_what_is_skipped_costs_nothing() -> None:
    text = "query ($a: Boolean!) { book @include(if: $a) { id } dear @skip(if: $a) }"
    assert (estimate(text, a=True), estimate(text, a=False)) == (1, 7)


def test_selections_on_many_levels_of_abstract_types_are_priced_once() -> None:
    text = "query ($n: Int) { thing " + "{ related(first: $n) " * 60 + "{ id }" + " }" * 60 + " }"
    assert estimate(text, n=1) == 20 * 61


@pytest.mark.parametrize(
    ("text", "data", "cost"),
    [
        ("{ books { author { name } } }", {"books": []}, 0),
        ("{ books { author { name } } }", {"books": [{"author": None}, {"author": {"name": "A"}}]}, 2 + 1 + 2),
        ("{ books { author { name } } }", None, 0),
        ("mutation { rename { id } }", {"rename": {"id": "1"}}, 11),
        ('{ search(filter: {text: "a"}) { id } }', {"search": {"id": 1}}, 1 + 3),
        ("{ thing { id ... on Car { wheels } } }", {"thing": {"id": 1}}, 20),
        (
            "{ things { ... on Book { related { id } } ... on Car { related { id } } } }",
            {"things": [{"related": [{"id": 1}]}]},
            20 + 20,
        ),
        ("{ moods }", {"moods": ["GOOD", None, "GOOD"]}, 10),
    ],
)
def test_the_actual_cost_is_counted_in_the_answer(text: str, data: Json, cost: float) -> None:
    assert tally(operation_of(text), WEIGHTS).count({}, data) == cost
