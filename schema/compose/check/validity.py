"""The supergraph is a GraphQL schema, and so is what clients see of it."""

from __future__ import annotations

from graphql import DocumentNode, build_ast_schema

from schema.compose.merge.context import Merge
from schema.supergraph import InvalidSupergraph, Supergraph
from schema.validity import schema_errors


def check_validity(merge: Merge, document: DocumentNode, sdl: str) -> Supergraph | None:
    """Report what GraphQL itself does not allow in the merged schema; read it as a router would."""
    try:
        supergraph = Supergraph.of(document, sdl)
    except InvalidSupergraph as error:
        problems = [one.message for one in schema_errors(build_ast_schema(document, assume_valid_sdl=True))]
        for problem in problems or [str(error)]:
            merge.report.error("INVALID_GRAPHQL", problem)
        return None
    if "inaccessible" in merge.carried:  # else the API schema, which is valid, hides nothing
        for one in schema_errors(supergraph.schema):
            merge.report.error("INVALID_GRAPHQL", one.message)
    return supergraph
