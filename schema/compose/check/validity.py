"""The supergraph is a GraphQL schema, and so is what clients see of it."""

from __future__ import annotations

import re

from graphql import DocumentNode, build_ast_schema

from schema.compose.merge.context import Merge
from schema.errors import Location
from schema.supergraph import InvalidSupergraph, Supergraph
from schema.validity import schema_errors

_COORDINATE = re.compile(r"(?P<type>\b[A-Za-z_]\w*)(\.\w+(\(\w+:\))?)?")


def check_validity(merge: Merge, document: DocumentNode, sdl: str) -> Supergraph | None:
    """Report what GraphQL itself does not allow in the merged schema; read it as a router would."""
    try:
        supergraph = Supergraph.of(document, sdl)
    except InvalidSupergraph as error:
        problems = [one.message for one in schema_errors(build_ast_schema(document, assume_valid_sdl=True))]
        for problem in problems or [str(error)]:
            merge.report.error("INVALID_GRAPHQL", problem, _places(merge, problem))
        return None
    if "inaccessible" in merge.carried:  # else the API schema, which is valid, hides nothing
        for one in schema_errors(supergraph.schema):
            merge.report.error("INVALID_GRAPHQL", one.message, _places(merge, one.message))
    return supergraph


def _places(merge: Merge, message: str) -> list[Location]:
    """Where the first thing is written that a message names; the merged schema itself stands nowhere."""
    named = (one[0] for one in _COORDINATE.finditer(message) if one["type"] in merge.types)
    return next((merge.places(coordinate) for coordinate in named), [])
