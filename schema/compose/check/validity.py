"""The supergraph is a GraphQL schema, and so is what clients see of it."""

from __future__ import annotations

from graphql import build_ast_schema, parse

from schema.api_schema import InvalidApiSchema, to_api_schema
from schema.compose.merge.context import Merge
from schema.validity import schema_errors


def check_validity(merge: Merge, supergraph: str) -> None:
    """Report what GraphQL itself does not allow in the merged schema."""
    document = parse(supergraph, no_location=True)
    errors = schema_errors(build_ast_schema(document, assume_valid_sdl=True))
    for error in errors:
        merge.report.error("INVALID_GRAPHQL", error.message)
    if errors:
        return
    try:
        to_api_schema(document)
    except InvalidApiSchema as error:
        merge.report.error("INVALID_GRAPHQL", str(error))
