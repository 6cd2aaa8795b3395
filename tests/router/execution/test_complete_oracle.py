"""Completing, against graphql-core's executor on one schema over random data."""

from __future__ import annotations

from collections.abc import Mapping

from graphql import ExecutionResult, build_schema, execute_sync, parse
from hypothesis import given, settings
from hypothesis import strategies as st

from router.request import Json
from tests.router.execution.test_complete import VISIBLE, completed, hidden, paths

ORACLE = build_schema(VISIBLE)
texts = st.none() | st.text("ab", max_size=2)
names = texts | st.just("a") | st.just("b")
right: Mapping[str, st.SearchStrategy[Json]] = {
    "id": names,
    "title": texts,
    "name": names,
    "pages": st.integers(0, 3) | st.none() | st.just([]),
    "color": st.sampled_from(["RED", "GREEN", "HIDDEN", None, {}]),
    "length": st.floats(0, 1) | st.none(),
    "tags": st.none() | st.lists(st.none() | st.lists(names, max_size=2), max_size=2),
    "any": st.none() | st.just({"x": [1]}),
}


def an_object(type_: str, inner: st.SearchStrategy[Json]) -> st.SearchStrategy[Json]:
    return st.fixed_dictionaries({"__typename": st.just(type_)}, optional={**right, "next": st.none() | inner})


medias: st.SearchStrategy[Json] = st.deferred(lambda: an_object("Book", medias) | an_object("Film", medias))
books = an_object("Book", medias)
films = an_object("Film", medias)
roots = st.fixed_dictionaries(
    {},
    optional={
        "media": medias | st.none(),
        "medias": st.none() | st.lists(medias | st.none(), max_size=3),
        "either": medias,
        "eithers": st.lists(medias | st.none(), max_size=3),
        "book": books,
        "books": st.lists(books, max_size=3),
        "film": films,
        "on": st.booleans() | st.none(),
    },
)
OPERATIONS = (
    """query($a: Boolean!, $b: Boolean!) { on media { ...M } film { length tags any } }
    fragment M on Media { id @include(if: $a) ... on Book { pages next { ... on Film { name } } } title @skip(if: $b) }
    """,
    """query($a: Boolean!, $b: Boolean!) {
      books { color next { name title ... on Film @include(if: $a) { tags } } }
      eithers { ... on Media { name } ... on Film @include(if: $a) { tags } __typename }
      on @include(if: $b)
    }""",
    """query($a: Boolean!, $b: Boolean!) {
      medias { ... on Book @skip(if: $b) { next { id ... on Book { pages } } } id }
      medias { name @include(if: $a) ... on Book { next { name __typename } } }
      either { ... on Book { color title } __typename }
    }""",
)


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(OPERATIONS), roots, st.booleans(), st.booleans())
def test_one_layer_is_completed_as_graphql_core_completes_it(text: str, data: Json, a: bool, b: bool) -> None:
    expected = execute_sync(ORACLE, parse(text), data, variable_values={"a": a, "b": b})
    assert isinstance(expected, ExecutionResult)
    response = completed(text, data, a=a, b=b)
    assert response.data == expected.data
    ours = {tuple(path or ()) for path in paths(response)} | {tuple(path) for path in hidden(response)}
    assert ours == {tuple(error.path or ()) for error in expected.errors or ()}
    if expected.data is not None:
        assert list(response.data) == list(expected.data)
