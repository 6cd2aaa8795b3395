"""Normalized operations, printed back as text."""

from __future__ import annotations

import pytest
from graphql import GraphQLSchema, OperationDefinitionNode, build_schema, parse, validate

from router.errors import OperationTooLarge
from router.operation.inline import MAX_DEPTH, MAX_SELECTIONS
from router.operation.model import Operation, OperationKind, VariableDefinition
from router.operation.normalize import normalize
from router.operation.printing import print_selections, used_variables
from router.operation.rename_variables import rename_variables

SCHEMA = build_schema(
    """
    enum Order { NAME PRICE }
    input By { order: Order, nested: By, ids: [ID!], text: String }
    interface Node { id: ID! }
    interface Named implements Node { id: ID! name: String }
    interface Priced { price: Int }
    type Book implements Node & Named & Priced {
      id: ID! name: String price: Int sequel: Book similar(by: By, first: Int): [Named!]
    }
    type Film implements Node & Named { id: ID! name: String length: Int }
    type Song implements Node { id: ID! }
    union Any = Book | Film
    type Query { node: Node named: Named any: Any book: Book priced: Priced }
    type Mutation { add(by: By): Book }
    """
)


def read(text: str, schema: GraphQLSchema = SCHEMA) -> Operation:
    document = parse(text)
    assert validate(schema, document) == []
    operation = next(node for node in document.definitions if isinstance(node, OperationDefinitionNode))
    return normalize(document, operation, schema)


def printed(text: str) -> str:
    return print_selections(read(text).selections)


def test_named_fragments_stand_in_their_places() -> None:
    assert printed("{ book { ...F } } fragment F on Book { id ...G } fragment G on Book { name }") == "{book{id name}}"


def test_a_type_condition_that_always_holds_is_dissolved() -> None:
    assert printed("{ book { ... on Node { id } ... on Any { __typename } } }") == "{book{id __typename}}"
    assert printed("{ named { ... on Node { id } } }") == "{named{id}}"


def test_a_type_condition_that_never_holds_is_dropped() -> None:
    assert printed("{ book { id ... on Named { ... on Film { id } } } }") == "{book{id}}"
    assert printed("{ any { ... on Node { ... on Song { id } id } } }") == "{any{... on Node{id}}}"
    assert printed("{ priced { ... on Any { ... on Film { id } __typename } } }") == "{priced{... on Any{__typename}}}"


def test_a_type_condition_that_tells_types_apart_stays() -> None:
    assert (
        printed("{ node { ... on Named { id } ... on Priced { price } } }")
        == "{node{... on Named{id} ... on Priced{price}}}"
    )


def test_literal_conditions_are_decided() -> None:
    assert (
        printed("{ book { id @skip(if: true) name @include(if: true) price @skip(if: false) } }")
        == "{book{name price}}"
    )
    assert printed("{ book { name ... @include(if: false) { id } } }") == "{book{name}}"


def test_conditions_on_variables_stay_in_a_canonical_order() -> None:
    fields = "id @skip(if: $b) @include(if: $a) id @include(if: $a) @skip(if: $b)"
    assert (
        printed(f"query($b: Boolean!, $a: Boolean!) {{ book {{ {fields} }} }}")
        == "{book{id@include(if:$a)@skip(if:$b)}}"
    )


def test_include_and_skip_of_one_variable_is_never_there() -> None:
    assert printed("query($a: Boolean!) { book { name id @include(if: $a) @skip(if: $a) } }") == "{book{name}}"


def test_a_condition_on_a_fragment_keeps_the_group_without_its_type() -> None:
    assert (
        printed("query($a: Boolean!) { book { ...F @include(if: $a) } } fragment F on Node { id }")
        == "{book{...@include(if:$a){id}}}"
    )


def test_equal_fields_are_merged_where_the_first_stands() -> None:
    assert printed("{ book { sequel { id } name sequel { name id } } }") == "{book{sequel{id name} name}}"


def test_fields_with_other_arguments_or_conditions_are_not_merged() -> None:
    fields = "x: similar(first: 1) { id } y: similar(first: 2) { id } name name @include(if: $a)"
    assert (
        printed(f"query($a: Boolean!) {{ book {{ {fields} }} }}")
        == "{book{x:similar(first:1){id} y:similar(first:2){id} name name@include(if:$a)}}"
    )


def test_merging_keeps_the_order_of_what_is_selected_beneath() -> None:
    text = "query ($b: Boolean!) { book { id } book @skip(if: $b) { name } book { price name } }"
    assert printed(text) == "{book{id} book@skip(if:$b){name} book{price name}}"
    text = "{ any { ... on Book { sequel { id } } ... on Book { sequel { name } id } } book { id } }"
    assert printed(text) == "{any{... on Book{sequel{id name} id}} book{id}}"
    text = "query ($b: Boolean!) { book { id } ... @skip(if: $b) { book { name } } book { price } }"
    assert printed(text) == "{book{id} ...@skip(if:$b){book{name}} book{price}}"
    text = "query ($b: Boolean!) { book { id } book @skip(if: $b) { name } book { id @skip(if: true) } book { price } }"
    assert printed(text) == "{book{id} book@skip(if:$b){name} book{price}}"


def test_fragments_that_follow_each_other_are_merged() -> None:
    assert (
        printed("{ node { ... on Book { sequel { id } } ... on Book { sequel { name } } } }")
        == "{node{... on Book{sequel{id name}}}}"
    )


def test_an_object_of_which_nothing_is_left_is_still_asked_for() -> None:
    operation = read("{ book { sequel { id @skip(if: true) } } }")
    assert print_selections(operation.selections) == "{book{sequel{__typename}}}"
    assert operation.selections[0].selections[0].selections[0].internal  # type: ignore[union-attr]


def test_a_typename_that_the_client_wants_is_not_internal() -> None:
    field = read("{ book { __typename id @skip(if: true) } }").selections[0].selections[0]
    assert field.response_name == "__typename"  # type: ignore[union-attr]
    assert not field.internal  # type: ignore[union-attr]


def test_an_operation_of_which_nothing_is_left_selects_nothing() -> None:
    assert read("{ book @skip(if: true) { id } }").selections == ()


def test_equal_arguments_have_equal_text() -> None:
    one = printed(
        'query($t: String) { book { similar(first: 2, by: { text: $t, order: NAME, ids: [1, "a"] }) { id } } }'
    )
    other = printed(
        'query($t: String) { book { similar(by: { ids: [1 """a"""] order: NAME text: $t } first: 2) { id } } }'
    )
    assert one == other == '{book{similar(by:{ids:[1,"a"],order:NAME,text:$t},first:2){id}}}'


def test_introspection_stays() -> None:
    assert printed('{ __typename __type(name: "Book") { name } }') == '{__typename __type(name:"Book"){name}}'


def test_the_operation_tells_kind_name_root_and_variables() -> None:
    operation = read(
        'mutation Add($by: By = {order: PRICE, text: "x y"}, $c: Boolean! = true) { add(by: $by) { id @skip(if: $c) } }'
    )
    assert (operation.kind, operation.name, operation.root_type) == (OperationKind.MUTATION, "Add", "Mutation")
    assert operation.variables == (
        VariableDefinition("by", "By", '{order:PRICE,text:"x y"}'),
        VariableDefinition("c", "Boolean!", "true"),
    )
    assert used_variables(operation.selections) == {"by", "c"}


def test_normalizing_twice_changes_nothing() -> None:
    fields = "...@skip(if: $a) { id ... on Named { name } } ... on Book { sequel { id @skip(if: true) } }"
    once = printed(f"query($a: Boolean!) {{ node {{ {fields} }} }}")
    assert printed(f"query($a: Boolean!) {once}") == once


def unvalidated(text: str) -> Operation:
    document = parse(text)
    operation = next(node for node in document.definitions if isinstance(node, OperationDefinitionNode))
    return normalize(document, operation, SCHEMA)


def test_fragments_that_grow_exponentially_are_refused() -> None:
    sizes = range(20)
    fragments = [f"fragment F{i} on Book {{ a: sequel {{ ...F{i + 1} }} b: sequel {{ ...F{i + 1} }} }}" for i in sizes]
    with pytest.raises(OperationTooLarge, match=str(MAX_SELECTIONS)) as raised:
        unvalidated(f"{{ book {{ ...F0 }} }} {' '.join(fragments)} fragment F20 on Book {{ id }}")
    assert raised.value.code == "OPERATION_TOO_LARGE"


def test_nesting_is_limited_before_the_stack_is() -> None:
    with pytest.raises(OperationTooLarge, match="deeper"):
        unvalidated("{ book " + "{ sequel " * (MAX_DEPTH + 1) + "{ id }" + " }" * (MAX_DEPTH + 2))


@pytest.mark.parametrize(
    ("source", "separated", "client_names"),
    [
        (
            "{ any { ... on Book { x: price } ... on Film { x: length } } }",
            "{any{... on Book{x:price} ... on Film{x__alias_1:length}}}",
            {"x__alias_1": "x"},
        ),
        (
            "{ any { ... on Book { x: price } ... on Film { x: length x__alias_1: id } } }",
            "{any{... on Book{x:price} ... on Film{x__alias_1_:length x__alias_1:id}}}",
            {"x__alias_1_": "x"},
        ),
        (
            "{ book { __typename: name type: __typename } }",
            "{book{__typename__alias_0:name type:__typename}}",
            {"__typename__alias_0": "__typename"},
        ),
        (
            "{ book { a: sequel { x: id } b: sequel { x: name } } }",
            "{book{a:sequel{x:id} b:sequel{x:name}}}",
            {},
        ),
    ],
    ids=["by type", "a name that is taken", "what is called a type", "another place"],
)
def test_at_each_place_a_name_has_one_meaning(source: str, separated: str, client_names: dict[str, str]) -> None:
    operation = read(source)
    assert print_selections(operation.selections) == separated
    assert operation.client_names == client_names


def test_variables_are_renamed_in_arguments_and_not_in_strings() -> None:
    operation = read('query ($a: Int) { book { similar(first: $a, by: {text: "\\"$a"}) { id } } }')
    assert print_selections(rename_variables(operation.selections, {"a": "b"})) == (
        '{book{similar(by:{text:"\\"$a"},first:$b){id}}}'
    )


@pytest.mark.parametrize(
    "text",
    [
        "{ book { " + "...F " * 100 + '} } fragment F on Book { similar(by: {text: "' + "x" * 50_000 + '"}) { id } }',
        "{ " + "x" * 1_001 + ": book { id } }",
        "query " + "x" * 1_001 + " { book { id } }",
    ],
    ids=["a long text, spread", "a long alias", "a long name"],
)
def test_what_would_be_sent_again_and_again_may_not_be_long(text: str) -> None:
    with pytest.raises(OperationTooLarge):
        read(text)
