"""`fedra plan`: the query plan of one operation."""

from __future__ import annotations

import json
import sys
from argparse import ArgumentParser
from collections.abc import Sequence
from pathlib import Path

from graphql import GraphQLError, get_operation_ast, parse, validate

from router.errors import RouterError
from router.operation.normalize import normalize
from router.planner.model import QueryPlan
from router.planner.plan import plan as plan_operation
from router.planner.plan_json import to_json
from router.planner.render import render
from schema.query_graph.build import build
from schema.supergraph import InvalidSupergraph, Supergraph


def plan(arguments: Sequence[str] | None = None) -> int:
    """Print the plan of an operation. 1: there is none, and why is on stderr."""
    parser = ArgumentParser(prog="fedra plan", description="Print the query plan of an operation.")
    parser.add_argument("--supergraph", type=Path, required=True, help="file with the supergraph SDL")
    parser.add_argument("--query", type=Path, required=True, help="file with the document")
    parser.add_argument("--operation", help="name of the operation, if the document has several")
    parser.add_argument("--label", action="append", default=[], help="an active override label; may be repeated")
    parser.add_argument("--json", action="store_true", help="print JSON instead of text")
    options = parser.parse_args(arguments)
    try:
        sdl, source = options.supergraph.read_text(), options.query.read_text()
        made = _plan(sdl, source, options.operation, frozenset(options.label))
    except (OSError, InvalidSupergraph, GraphQLError, RouterError, ValueError) as error:
        sys.stderr.write(f"fedra plan: {error}\n")
        return 1
    sys.stdout.write((json.dumps(to_json(made), indent=2) if options.json else render(made)) + "\n")
    return 0


def _plan(sdl: str, source: str, name: str | None, labels: frozenset[str]) -> QueryPlan:
    supergraph = Supergraph.parse(sdl)
    document = parse(source, no_location=True)
    mistakes = validate(supergraph.api_schema, document)
    if mistakes:
        raise ValueError("\n".join(mistake.message for mistake in mistakes))
    operation = get_operation_ast(document, name)
    if operation is None:
        raise ValueError(
            "The document has several operations: name one." if name is None else f"No operation '{name}'."
        )
    normalized = normalize(document, operation, supergraph.api_schema)
    return plan_operation(normalized, supergraph, build(supergraph), labels)
