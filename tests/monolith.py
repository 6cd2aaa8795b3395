"""The oracle: one plain graphql-core schema over the records of a fixture."""

from __future__ import annotations

from collections.abc import Mapping

from graphql import (
    ExecutionResult,
    GraphQLAbstractType,
    GraphQLResolveInfo,
    GraphQLSchema,
    execute_sync,
    parse,
    validate,
)

from tests.records import Json, Record, Records
from tests.subgraph_facts import Coordinate


def answer(
    api_schema: GraphQLSchema,
    query: str,
    variables: Mapping[str, Json],
    records: Records,
    without: frozenset[Coordinate] = frozenset(),
) -> ExecutionResult:
    """Answer as one server that owns everything would; the fields of `without` are null."""
    document = parse(query)
    if errors := validate(api_schema, document):
        return ExecutionResult(None, errors)

    def resolve(record: Record | None, info: GraphQLResolveInfo[None], **arguments: Json) -> Json:
        if (info.parent_type.name, info.field_name) in without:
            return None
        return records.value(record or records.root(info.parent_type.name), info.field_name, arguments)

    def type_of(record: Record, _info: GraphQLResolveInfo[None], _abstract: GraphQLAbstractType) -> str:
        type_name: str = record["__typename"]
        return type_name

    return execute_sync(
        api_schema,
        document,
        variable_values=dict(variables),
        field_resolver=resolve,
        type_resolver=type_of,
    )
