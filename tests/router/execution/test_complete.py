"""The client's answer, from the layers of an execution."""

from __future__ import annotations

from typing import cast

import pytest
from graphql import OperationDefinitionNode, parse, validate

from router.execution.complete import complete
from router.execution.execute import Execution
from router.execution.layers import Joint
from router.operation.inline import MAX_DEPTH
from router.operation.normalize import normalize
from router.operation.variables import Variables
from router.policies.authorize import Refusal
from router.request import GraphQLError, Json, Response
from tests.router.execution.supergraph import supergraph_of

WHOLE = """
    interface Media { id: ID! title: String name: String! }
    interface Secret { id: ID! }
    type Book implements Media & Secret { id: ID! title: String name: String! pages: Int! color: Color next: Media }
    type Film implements Media { id: ID! title: String name: String! length: Float tags: [[String!]!] any: JSON }
    type Draft implements Media { id: ID! title: String name: String! }
    union Either = Book | Film | Draft
    scalar JSON
    enum Color { RED GREEN HIDDEN }
    type Query {
      media: Media medias: [Media!] either: Either eithers: [Either]! book: Book books: [Book!]! film: Film! on: Boolean
    }
    type Mutation { add: Int }
"""
VISIBLE = (
    WHOLE.replace("interface Secret { id: ID! }", "")
    .replace("Media & Secret", "Media")
    .replace("GREEN HIDDEN", "GREEN")
    .replace("type Draft implements Media { id: ID! title: String name: String! }", "")
    .replace("| Draft", "")
)
SUPERGRAPH = supergraph_of(WHOLE, VISIBLE)
API = SUPERGRAPH.api_schema


def completed(
    text: str,
    *layers: Json,
    errors: tuple[GraphQLError, ...] = (),
    refusals: tuple[Refusal, ...] = (),
    root: Joint | None = None,
    **values: Json,
) -> Response:
    document = parse(text)
    assert validate(API, document) == []
    operation = normalize(document, cast(OperationDefinitionNode, document.definitions[0]), API)
    execution = Execution(root or Joint(list(layers)), errors)
    return complete(operation, Variables(values), execution, SUPERGRAPH, refusals)


def paths(response: Response) -> list[tuple[str | int, ...] | None]:
    return [error.path for error in response.errors]


def hidden(response: Response) -> list[Json]:
    return [entry["path"] for entry in response.extensions.get("valueCompletion", [])]


BOOK = {"__typename": "Book", "id": "1", "name": "a", "pages": 3}
FILM = {"__typename": "Film", "id": 2, "name": "b"}


def test_the_answer_has_what_was_asked_in_the_order_in_which_it_was_asked() -> None:
    data = {"on": True, "book": {**BOOK, "key": "k", "extra": 1}, "extra": 2}
    response = completed("{ book { pages key: id ... { t: __typename } name } on }", data)
    assert list(response.data) == ["book", "on"]
    assert list(response.data["book"].items()) == [("pages", 3), ("key", "k"), ("t", "Book"), ("name", "a")]
    assert not response.errors


def test_fields_of_one_response_name_are_merged_across_fragments() -> None:
    fields = "... on Book { next { id } } id ... on Book @include(if: $c) { next { name } }"
    text = f"query($c: Boolean!) {{ media {{ {fields} }} }}"
    layer = {"media": {**BOOK, "next": FILM}}
    assert completed(text, layer, c=True).data == {"media": {"next": {"id": "2", "name": "b"}, "id": "1"}}
    assert completed(text, layer, c=False).data == {"media": {"next": {"id": "2"}, "id": "1"}}


def test_a_position_is_seen_through_all_its_layers() -> None:
    root = Joint([{"books": [{"id": "1"}, {"id": "2", "name": "x"}]}, {"books": [{"name": "a"}, {"name": None}]}])
    root.attach(("books", 0), {"pages": 5})
    root.attach(("books", 1), {"pages": 6})
    root.attach(("books", 1), {"next": {"__typename": "Film", "id": "9"}})
    root.attach(("books", 1, "next"), {"name": "late"})
    response = completed("{ books { id name pages next { name } } }", root=root)
    assert response.data["books"] == [
        {"id": "1", "name": "a", "pages": 5, "next": None},
        {"id": "2", "name": "x", "pages": 6, "next": {"name": "late"}},
    ]


@pytest.mark.parametrize(
    ("text", "value", "expected"),
    [
        ("{ book { pages } }", {"pages": 2**31}, None),
        ("{ book { pages } }", {"pages": True}, None),
        ("{ book { pages } }", {"pages": 4.0}, {"pages": 4}),
        ("{ book { id } }", {"id": 7}, {"id": "7"}),
        ("{ book { id } }", {"id": 7.5}, None),
        ("{ book { title } }", {"title": 7}, {"title": None}),
        ("{ book { title } }", {"title": {}}, {"title": None}),
    ],
)
def test_scalars_are_what_their_types_say(text: str, value: Json, expected: Json) -> None:
    response = completed(text, {"book": value})
    assert response.data == {"book": expected}
    assert bool(response.errors) is (expected is None or None in expected.values())


@pytest.mark.parametrize("value", [1, 1.5])
def test_numbers_are_floats(value: float) -> None:
    assert completed("{ film { length } }", {"film": {"length": value}}).data == {"film": {"length": value}}


@pytest.mark.parametrize("value", ["1", False, float("inf")])
def test_what_is_no_finite_number_is_no_float(value: Json) -> None:
    response = completed("{ film { length } }", {"film": {"length": value}})
    assert (response.data, paths(response)) == ({"film": {"length": None}}, [("film", "length")])


def test_a_custom_scalar_is_anything() -> None:
    value = {"a": [1, None, {"b": "c"}]}
    assert completed("{ film { any } }", {"film": {"any": value}}).data == {"film": {"any": value}}


@pytest.mark.parametrize("value", ["HIDDEN", "UNKNOWN", 1])
def test_an_enum_value_that_clients_cannot_see_is_null(value: Json) -> None:
    response = completed("{ book { color } }", {"book": {"color": value}})
    assert (response.data, list(response.errors)) == ({"book": {"color": None}}, [])
    assert hidden(response) == [["book", "color"]]


@pytest.mark.parametrize("value", [None, {}, "text", [["a"], None], [["a", None]]])
def test_lists_in_lists_follow_their_non_null_types(value: Json) -> None:
    response = completed("{ film { tags } }", {"film": {"tags": value}})
    assert response.data == {"film": {"tags": None}}
    assert len(response.errors) == (0 if value is None else 1)


def test_null_goes_up_to_the_nearest_place_that_may_be_null() -> None:
    response = completed("{ medias { name } books { id } }", {"medias": [FILM, {"__typename": "Film"}], "books": []})
    assert response.data == {"medias": None, "books": []}
    assert response.errors[0].message == "Cannot return null for non-nullable field Film.name."
    assert paths(response) == [("medias", 1, "name")]


def test_null_may_go_up_to_the_root() -> None:
    assert completed("{ on books { id } }", {"on": True, "books": [None]}).data is None
    assert completed("{ film { id } }").data is None


def test_a_null_that_has_an_error_at_or_below_it_gets_no_second() -> None:
    errors = (GraphQLError("no", "X", ("books", 1, "next", "name")), GraphQLError("down", "X"))
    response = completed(
        "{ books { next { name } pages } }", {"books": [{}, {"next": {"__typename": "Film"}}]}, errors=errors
    )
    assert response.data is None
    assert paths(response) == [("books", 1, "next", "name"), None, ("books", 0, "pages")]


def test_paths_of_errors_end_where_the_client_stopped_asking() -> None:
    errors = (GraphQLError("no", "X", ("book", "__req_0", "x")), GraphQLError("no", "X", ("internal",)))
    response = completed("{ book { title } }", {"book": {}}, errors=errors)
    assert paths(response) == [("book",), None]


@pytest.mark.parametrize("name", ["Draft", "Secret", "Nothing"])
def test_an_object_of_a_type_that_clients_cannot_see_is_null(name: str) -> None:
    response = completed(
        "{ media { id } eithers { __typename } }", {"media": {"__typename": name, "id": 1}, "eithers": []}
    )
    assert response.data == {"media": None, "eithers": []}
    assert response.errors or hidden(response)


def test_an_object_of_a_type_that_was_not_promised_is_null() -> None:
    response = completed("{ book { id } }", {"book": FILM})
    assert (response.data, hidden(response)) == ({"book": None}, [["book"]])


@pytest.mark.parametrize("layer", [{"id": 1, "__typename": "Media"}, {"id": 1}])
def test_an_interface_object_shows_what_does_not_depend_on_its_type(layer: Json) -> None:
    assert completed("{ media { id } }", {"media": layer}).data == {"media": {"id": "1"}}
    for selection in ("__typename", "... on Book { pages }"):
        response = completed(f"{{ media {{ id {selection} }} }}", {"media": layer})
        assert (response.data, paths(response)) == ({"media": None}, [("media",)])
    text = "query($c: Boolean!) { media { id __typename @include(if: $c) } }"
    assert completed(text, {"media": layer}, c=False).data == {"media": {"id": "1"}}


def test_an_interface_object_that_was_resolved_shows_its_type() -> None:
    layers = {"media": {"__typename": "Media", "id": 1}}, {"media": BOOK}, {"media": {"__typename": "Media"}}
    assert completed("{ media { __typename ... on Book { pages } } }", *layers).data == {
        "media": {"__typename": "Book", "pages": 3}
    }


def test_an_object_type_needs_no_typename() -> None:
    response = completed("{ book { __typename id } }", {"book": {"id": 1, "__typename": "Media"}})
    assert response.data == {"book": {"__typename": "Book", "id": "1"}}


def test_the_typename_of_the_root_comes_from_nobody() -> None:
    assert completed("{ __typename a: __typename }").data == {"__typename": "Query", "a": "Query"}
    assert completed("mutation { __typename }").data == {"__typename": "Mutation"}


def test_an_object_of_which_nothing_is_shown_is_an_empty_object() -> None:
    layer = {"book": BOOK, "either": FILM}
    assert completed("{ book { id @skip(if: true) } either { ... on Book { id } } }", layer).data == {
        "book": {},
        "either": {},
    }


def test_what_is_refused_is_null_whatever_is_known() -> None:
    layer = {"books": [BOOK, {**BOOK, "title": "x"}], "medias": [{**FILM, "title": "y"}, {**BOOK, "title": "z"}]}
    refusals = (Refusal(("books", "@", "title"), "Book"), Refusal(("medias", "@", "title"), "Book"))
    response = completed("{ books { title } medias { id title } }", layer, refusals=refusals)
    assert response.data == {
        "books": [{"title": None}, {"title": None}],
        "medias": [{"id": "2", "title": "y"}, {"id": "1", "title": None}],
    }
    assert not response.errors


def test_a_refused_field_that_must_not_be_null_takes_its_parent_with_it() -> None:
    response = completed("{ book { pages id } }", {"book": BOOK}, refusals=(Refusal(("book", "pages"), "Book"),))
    assert (response.data, paths(response)) == ({"book": None}, [])


def test_an_operation_as_deep_as_allowed_is_completed() -> None:
    depth = MAX_DEPTH // 2 - 2  # each level is a fragment and a field
    text = "{ media " + "{ ... on Book { next " * depth + "{ id }" + " } }" * depth + " }"
    layer: Json = {"__typename": "Book", "id": 1}
    for _ in range(depth):
        layer = {"__typename": "Book", "next": layer}
    data = completed(text, {"media": layer}).data["media"]
    for _ in range(depth):
        data = data["next"]
    assert data == {"id": "1"}


def test_a_null_that_a_failed_fetch_left_is_told_once() -> None:
    document = parse("{ book { id name } film { name } }")
    operation = normalize(document, cast(OperationDefinitionNode, document.definitions[0]), API)
    down = GraphQLError("down", "X", ("book",))
    root = Joint([{"book": {"id": "1"}, "film": {}}])
    execution = Execution(root, (down,), unanswered=frozenset({("book", "name")}))
    response = complete(operation, Variables({}), execution, SUPERGRAPH)
    assert response.data is None
    assert paths(response) == [("book",), ("film", "name")]
