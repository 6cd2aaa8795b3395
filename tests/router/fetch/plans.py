"""Fetches written by hand, for tests of what is sent and what is read."""

from __future__ import annotations

import time

from router.fetch.source import EntityAsk, RootAsk
from router.operation.model import OperationKind, VariableDefinition
from router.planner.model import EntitySelection, Fetch, RootSelection
from router.request import Json, RequestContext
from schema.query_graph.selection import Arguments, Condition, Field, InlineFragment

FIRST = VariableDefinition("first", "Int", "10")
LONG = VariableDefinition("long", "Boolean!", None)
UNUSED = VariableDefinition("unused", "Int", None)

REVIEWS = Field("list", "reviews", Arguments("(first:$first)", ("first",)), (Field("body", "body"),))
TITLE = Field("title", "title", conditions=(Condition("long", True),))
UPC = (InlineFragment("Product", (Field("upc", "upc"),)),)


def context(seconds: float = 10, **headers: str) -> RequestContext:
    return RequestContext(time.monotonic() + seconds, headers=headers)


def root_ask(*fields: Field, kind: OperationKind = OperationKind.QUERY, **values: Json) -> RootAsk:
    select = RootSelection(fields or (Field("me", "me"),))
    fetch = Fetch(0, "products", kind, None, (FIRST, LONG, UNUSED), (select,), frozenset())
    return RootAsk(fetch, select, values)


def entity_asks(*aliases: str, name: str | None = "Op__reviews__1") -> list[EntityAsk]:
    fields = [REVIEWS, TITLE]
    selects = tuple(
        EntitySelection(alias, (), UPC, frozenset({"upc"}), (InlineFragment("Product", (field,)),))
        for alias, field in zip(aliases, fields, strict=False)
    )
    fetch = Fetch(1, "reviews", OperationKind.QUERY, name, (FIRST, LONG, UNUSED), selects, frozenset({0}))
    values: list[dict[str, Json]] = [{"first": 3}, {"long": True}]
    return [
        EntityAsk(fetch, select, ({"__typename": "Product", "upc": select.alias},), value)
        for select, value in zip(selects, values, strict=False)
    ]
