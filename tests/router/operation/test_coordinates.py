from __future__ import annotations

from graphql import OperationDefinitionNode, build_schema, parse, validate

from router.operation.coordinates import used_coordinates

SCHEMA = build_schema(
    """
    directive @shown(to: Who) on FIELD
    type Query { search(by: By, order: Order = UP, first: Int): [Hit!]! node(id: ID!): Node }
    enum Order { UP DOWN }
    enum Who { ME ALL }
    input By { text: String, within: Range, not: By }
    input Range { from: Int to: Int unit: Unit }
    enum Unit { DAY YEAR }
    interface Node { id: ID! }
    type Hit implements Node { id: ID! score(as: Unit): Float next: Hit }
    type Other implements Node { id: ID! }
    """
)


def used(text: str) -> list[str]:
    """List what the first operation of a document uses."""
    document = parse(text)
    assert not validate(SCHEMA, document)
    operation = next(one for one in document.definitions if isinstance(one, OperationDefinitionNode))
    return list(used_coordinates(document, operation, SCHEMA).names)


def test_fields_are_those_of_the_type_they_are_selected_on() -> None:
    assert used('{ node(id: "1") { __typename id ... on Hit { score } } }') == [
        "Hit.score",
        "Node.id",
        "Query.node",
        "Query.node(id:)",
    ]


def test_arguments_enum_values_and_input_fields_that_are_written_count() -> None:
    assert used("{ search(by: {within: {unit: DAY}}, order: DOWN) { a: score(as: YEAR) } }") == [
        "By.within",
        "Hit.score",
        "Hit.score(as:)",
        "Order.DOWN",
        "Query.search",
        "Query.search(by:)",
        "Query.search(order:)",
        "Range.unit",
        "Unit.DAY",
        "Unit.YEAR",
    ]


def test_a_variable_may_have_every_value_of_its_type() -> None:
    assert used("query ($by: By) { search(by: $by) { id } }") == [
        "By.not",
        "By.text",
        "By.within",
        "Hit.id",
        "Query.search",
        "Query.search(by:)",
        "Range.from",
        "Range.to",
        "Range.unit",
        "Unit.DAY",
        "Unit.YEAR",
    ]


def test_fragments_count_where_they_are_spread_and_other_operations_do_not() -> None:
    text = """query A { search { ...F } } query B { node(id: 1) { id } }
        fragment F on Hit { next { ...G } } fragment G on Hit { id @shown(to: ME) }"""
    assert used(text) == ["Hit.id", "Hit.next", "Query.search", "Who.ME"]
