"""Questions about the schema are answered here, from the API schema; no subgraph is asked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from threading import Lock

import orjson
from cachetools import LRUCache, cached
from graphql import GraphQLSchema, execute_sync, parse

from router.operation.model import Operation
from router.operation.printing import print_selections, print_variables, used_variables
from router.operation.variables import Variables
from router.request import GraphQLError, Json
from schema.query_graph.selection import InlineFragment, Selection, SelectionSet

INTROSPECTION = frozenset({"__schema", "__type"})


@dataclass(frozen=True, slots=True)
class Introspected:
    """An answer; holds what it was made of, so that no other object gets their ids while it is remembered."""

    data: Mapping[str, Json]
    errors: Sequence[GraphQLError] = ()
    made_of: tuple[object, ...] = ()


NOTHING = Introspected({})


def introspect(operation: Operation, variables: Variables, api_schema: GraphQLSchema) -> Introspected:
    """Answer the introspection fields of an operation, by response name. Source: GraphQL, "Schema Introspection"."""
    asked = tuple(_only_introspection(operation.selections))
    if not asked:
        return NOTHING
    used = used_variables(asked)
    values = {name: value for name, value in variables.values.items() if name in used}
    return _answer(operation, api_schema, orjson.dumps(values))


@cached(LRUCache(32), key=lambda operation, schema, values: (id(operation), id(schema), values), lock=Lock())
def _answer(operation: Operation, schema: GraphQLSchema, values: bytes) -> Introspected:
    """Run the executor, which takes long for a whole schema: consoles ask for it again and again."""
    asked = tuple(_only_introspection(operation.selections))
    used = used_variables(asked)
    declared = print_variables(one for one in operation.variables if one.name in used)
    text = f"query{declared}{print_selections(asked)}"
    result = execute_sync(schema, parse(text), variable_values=orjson.loads(values))
    errors = tuple(
        GraphQLError(error.message, "INTROSPECTION_FAILED", tuple(error.path or ())) for error in result.errors or ()
    )
    return Introspected(result.data or {}, errors, (operation, schema))


def _only_introspection(selections: SelectionSet) -> Iterator[Selection]:
    for selection in selections:
        if not isinstance(selection, InlineFragment):
            if selection.name in INTROSPECTION:
                yield selection
        elif below := tuple(_only_introspection(selection.selections)):
            yield replace(selection, selections=below)
