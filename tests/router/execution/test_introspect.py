"""Questions about the schema."""

from __future__ import annotations

from graphql import build_client_schema, get_introspection_query, print_schema

from tests.router.execution.test_complete import API, BOOK, completed


def test_clients_learn_the_api_schema_and_nothing_else() -> None:
    response = completed(get_introspection_query(input_value_deprecation=True, directive_is_repeatable=True))
    assert not response.errors
    assert print_schema(build_client_schema(response.data)) == print_schema(API)
    assert "HIDDEN" not in str(response.data)


def test_arguments_aliases_fragments_and_variables_work() -> None:
    text = """query($name: String!, $old: Boolean = true) {
      a: __type(name: $name) { ...T fields(includeDeprecated: $old) { name } } b: __type(name: "Nothing") { ...T }
    } fragment T on __Type { kind title: name }"""
    response = completed(text, name="Film", old=True)
    names = [field["name"] for field in response.data["a"]["fields"]]
    assert response.data["a"] == {"kind": "OBJECT", "title": "Film", "fields": [{"name": name} for name in names]}
    assert names == ["id", "title", "name", "length", "tags", "any"]
    assert response.data["b"] is None


def test_introspection_stands_among_the_data_in_the_order_of_the_client() -> None:
    text = 'query($c: Boolean!) { book { id } __type(name: "Color") @include(if: $c) { name } on __typename }'
    response = completed(text, {"book": BOOK, "on": True}, c=True)
    assert list(response.data.items()) == [
        ("book", {"id": "1"}),
        ("__type", {"name": "Color"}),
        ("on", True),
        ("__typename", "Query"),
    ]
    assert "__type" not in completed(text, {"book": BOOK, "on": True}, c=False).data
