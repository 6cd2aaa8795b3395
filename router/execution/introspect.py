"""Questions about the schema are answered here, from the API schema; no subgraph is asked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from graphql import GraphQLSchema, execute_sync, parse

from router.operation.model import Operation
from router.operation.printing import print_selections, print_variables, used_variables
from router.operation.variables import Variables
from router.request import GraphQLError, Json
from schema.query_graph.selection import InlineFragment, Selection, SelectionSet

INTROSPECTION = frozenset({"__schema", "__type"})


def introspect(
    operation: Operation, variables: Variables, api_schema: GraphQLSchema
) -> tuple[Mapping[str, Json], Sequence[GraphQLError]]:
    """Answer the introspection fields of an operation, by response name. Source: GraphQL, "Schema Introspection"."""
    asked = tuple(_only_introspection(operation.selections))
    if not asked:
        return {}, ()
    used = used_variables(asked)
    declared = print_variables(one for one in operation.variables if one.name in used)
    values = {name: value for name, value in variables.values.items() if name in used}
    result = execute_sync(api_schema, parse(f"query{declared}{print_selections(asked)}"), variable_values=values)
    errors = tuple(
        GraphQLError(error.message, "INTROSPECTION_FAILED", tuple(error.path or ())) for error in result.errors or ()
    )
    return result.data or {}, errors


def _only_introspection(selections: SelectionSet) -> Iterator[Selection]:
    for selection in selections:
        if not isinstance(selection, InlineFragment):
            if selection.name in INTROSPECTION:
                yield selection
        elif below := tuple(_only_introspection(selection.selections)):
            yield replace(selection, selections=below)
