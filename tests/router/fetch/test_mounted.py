"""Python schemas as subgraphs in the router's process."""

from __future__ import annotations

import logging

import pytest

from router.fetch.in_process import InProcessSource
from router.fetch.mounted import mount
from router.fetch.source import EntityAsk
from router.operation.model import OperationKind
from router.planner.model import EntitySelection, Fetch
from router.request import GraphQLError
from schema.query_graph.selection import Field, InlineFragment
from tests.router.fetch.plans import UPC, context, root_ask
from tests.router.fetch.schemas import PRODUCTS, STRAWBERRY

pytestmark = pytest.mark.parametrize("schema", [PRODUCTS, STRAWBERRY], ids=["graphql-core", "Strawberry"])


def source_of(schema: object) -> InProcessSource:
    return InProcessSource({"products": mount(schema)}, mint=lambda name, _: f"token-for-{name}")


async def test_its_resolvers_learn_who_asks(schema: object) -> None:
    (loaded,) = await source_of(schema).load([root_ask()], context())
    assert (loaded.data, loaded.errors) == ({"me": "Bearer token-for-products"}, ())


async def test_entities_are_resolved(schema: object) -> None:
    select = EntitySelection(
        "_entities", (), UPC, frozenset({"upc"}), (InlineFragment("Product", (Field("title", "title"),)),)
    )
    fetch = Fetch(0, "products", OperationKind.QUERY, None, (), (select,), frozenset())
    stubs = [{"__typename": "Product", "upc": upc} for upc in ("1", "2")]
    for _ in range(2):
        (loaded,) = await source_of(schema).load([EntityAsk(fetch, select, stubs, {})], context())
        assert loaded.data == [{"title": "title of 1"}, {"title": "title of 2"}]


async def test_what_a_resolver_means_to_say_is_said_and_what_it_does_not_is_logged(
    schema: object, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.ERROR):
        asked = root_ask(Field("fails", "fails"), Field("refuses", "refuses"), Field("me", "me"))
        (loaded,) = await source_of(schema).load([asked], context())
    assert loaded.data == {"fails": None, "refuses": None, "me": "Bearer token-for-products"}
    assert sorted(loaded.errors, key=lambda error: error.code) == [
        GraphQLError("Internal server error.", "INTERNAL_SERVER_ERROR", ("fails",)),
        GraphQLError("no", "REFUSED", ("refuses",)),
    ]
    assert "secret" in caplog.text


async def test_what_the_schema_does_not_have_is_an_error(schema: object) -> None:
    (loaded,) = await source_of(schema).load([root_ask(Field("absent", "absent"))], context())
    assert loaded.data is None
    assert "Cannot query field 'absent'" in loaded.errors[0].message


@pytest.mark.parametrize("other", [None, 1, "schema"])
def test_only_a_schema_can_be_mounted(schema: object, other: object) -> None:
    assert callable(mount(schema))
    with pytest.raises(TypeError, match="is no GraphQL schema"):
        mount(other)
