"""Answers that subgraphs should not give: code and interpreter tell of them in the same bytes, and ask the same."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from copy import deepcopy
from functools import partial

import pytest

from router.fetch.subgraph_request import SubgraphRequest
from router.request import Json
from tests.checks import differences_of
from tests.drawn.campaign import new_seed
from tests.drawn.corruption import COMPOSITES, LEAVES, Corruption
from tests.federation import Body, Federation, FixtureQuery, OnTheWay, every_federation, federation

SEED = int(os.environ.get("SEED") or new_seed())  # `make test TEST=tests/router/compiled SEED=...` draws the same again
CASES = [pytest.param(one, query, id=f"{one}/{query}") for one in every_federation() for query in one.queries]
EACH_VALUE = [
    pytest.param(federation(name), query, id=f"{name}/{query}")
    for name, query in (
        ("requires/shipping", "estimate"),
        ("interface-object/requires", "for_one_type"),
        ("union/members", "each"),
        ("enum/scalars", "out"),
    )
]
Place = tuple[str | int, ...]


@pytest.fixture(scope="module", autouse=True)
def _printed_seed(pytestconfig: pytest.Config) -> None:
    capture = pytestconfig.pluginmanager.getplugin("capturemanager")
    assert capture is not None
    with capture.global_and_fixture_disabled():
        sys.stdout.write(f" seed {SEED} ")
        sys.stdout.flush()


@pytest.mark.parametrize(("federation", "query"), CASES)
async def test_drawn_corruptions_are_told_alike(federation: Federation, query: FixtureQuery) -> None:
    corruption = Corruption.draw(SEED, federation.snapshot.supergraph.schema)
    assert await _unlike(federation, query, corruption) == []


@pytest.mark.parametrize(("federation", "query"), EACH_VALUE)
async def test_each_value_may_be_any_other(federation: Federation, query: FixtureQuery) -> None:
    responses: dict[str, Body] = {}

    def remember(request: SubgraphRequest, body: Body) -> Body:
        responses[request.query] = body
        return body

    await federation.federated(query, on_the_way=remember)
    for asked, body in responses.items():
        for place in _places(body["data"], ("data",)):
            for value in (*LEAVES, *COMPOSITES):
                found = await _unlike(federation, query, partial(_changed, asked, place, value))
                assert found == [], f"{value!r} at {place} of the answer to {asked}"


async def _unlike(federation: Federation, query: FixtureQuery, on_the_way: OnTheWay) -> list[str]:
    expected = federation.expected(query)
    answering = partial(federation.federated, query, down=expected.down, labels=expected.labels)
    return await differences_of(partial(answering, on_the_way=on_the_way))


def _places(value: Json, place: Place) -> Iterator[Place]:
    yield place
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, below in items:
        yield from _places(below, (*place, key))


def _changed(asked: str, place: Place, value: Json, request: SubgraphRequest, body: Body) -> Body:
    """Put a value at a place of the answer to one text."""
    if request.query != asked:
        return body
    changed = deepcopy(dict(body))
    *above, last = place
    at: Json = changed
    for key in above:
        at = at[key]
    at[last] = value
    return changed
