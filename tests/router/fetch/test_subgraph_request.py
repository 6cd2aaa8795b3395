"""What a subgraph receives."""

from __future__ import annotations

from dataclasses import replace

import orjson
import pytest
from graphql import parse

from router.fetch.source import Ask
from router.fetch.subgraph_request import body_of, request_of, variables_of
from router.operation.model import VariableDefinition
from schema.query_graph.selection import Field
from tests.router.fetch.plans import REVIEWS, TITLE, entity_asks, root_ask


def test_a_root_fetch_declares_only_the_variables_it_uses() -> None:
    request = request_of([root_ask(REVIEWS, Field("me", "me"), first=3)], {})
    assert request.query == "query($first:Int=10){list:reviews(first:$first){body} me}"
    assert (request.variables, request.operation_name) == ({"first": 3}, None)


def test_a_variable_that_the_client_left_out_stays_out() -> None:
    ask = root_ask(REVIEWS, TITLE)
    assert variables_of(ask.fetch, ask.select, {"long": None, "unused": 1}) == {"long": None}


def test_an_entity_fetch_sends_representations() -> None:
    ask = entity_asks("_entities")[0]
    request = request_of([ask], {})
    assert request.query == (
        "query Op__reviews__1($representations:[_Any!]!,$first:Int=10)"
        "{_entities(representations:$representations){... on Product{list:reviews(first:$first){body}}}}"
    )
    assert request.variables == {"first": 3, "representations": ask.representations}
    assert request.operation_name == "Op__reviews__1"


def test_several_entity_asks_stay_apart_by_alias() -> None:
    asks = entity_asks("_e0", "_e1")
    request = request_of(asks, {})
    parse(request.query)
    assert "_e0:_entities(representations:$representations__e0)" in request.query
    assert "_e1:_entities(representations:$representations__e1)" in request.query
    assert set(request.variables) == {"first", "long", "representations__e0", "representations__e1"}


def test_an_ask_that_is_not_sent_leaves_no_trace() -> None:
    asks = entity_asks("_e0", "_e1")
    request = request_of(asks[1:], {})
    assert "_e0" not in request.query
    assert "first" not in request.query
    assert request_of(asks, {}).query != request.query


def test_a_variable_of_the_client_may_be_called_representations() -> None:
    ask = entity_asks("_entities")[0]
    fetch = replace(ask.fetch, variables=(VariableDefinition("representations", "Int", None), *ask.fetch.variables))
    request = request_of([ask._replace(fetch=fetch)], {})
    assert "_entities(representations:$representations_)" in request.query
    assert "representations_" in request.variables


@pytest.mark.parametrize(
    "asks",
    [
        [root_ask(Field("me", "me"))],
        [root_ask(REVIEWS, first=3)],
        entity_asks("_e0", "_e1"),
        entity_asks("_e0", name=None),
    ],
)
def test_the_body_is_the_request_as_json(asks: list[Ask]) -> None:
    request = request_of(asks, {})
    told = {"query": request.query, "operationName": request.operation_name, "variables": dict(request.variables)}
    expected = {name: value for name, value in told.items() if value}
    for _ in range(2):  # written anew, and from what is remembered
        assert orjson.loads(body_of(asks)) == orjson.loads(orjson.dumps(expected))
