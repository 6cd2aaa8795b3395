"""GraphQL's own rules for a whole schema, as subgraphs and supergraphs in the field keep them."""

from __future__ import annotations

from graphql import GraphQLError, GraphQLSchema, validate_schema

_NOT_KEPT = "must not be deprecated"
"""A field may not be deprecated where its interface's is not: too new a rule, which no composer asks for yet."""


def schema_errors(schema: GraphQLSchema) -> list[GraphQLError]:
    """Tell how the schema is not valid."""
    return [error for error in validate_schema(schema) if not error.message.endswith(f"{_NOT_KEPT}.")]
