"""An operation that is ready to run, and its run: subgraphs are asked, and the answer takes the client's form."""

from __future__ import annotations

from dataclasses import dataclass

from router.execution.complete import complete
from router.execution.execute import execute
from router.execution.finish import finish
from router.execution.introspect import introspect
from router.fetch.source import EntitySource
from router.operation.model import OperationKind
from router.operation.variables import Variables
from router.planner.model import QueryPlan
from router.policies.ruling import Ruling
from router.prepared import Prepared, off_loop
from router.request import Response
from router.telemetry.spans import span
from schema.supergraph import Supergraph


@dataclass(frozen=True, slots=True, eq=False)
class Planned:
    """What a request asks for, and what the caller may have of it."""

    prepared: Prepared
    query_plan: QueryPlan
    variables: Variables
    ruling: Ruling


async def run(planned: Planned, source: EntitySource, supergraph: Supergraph) -> Response:
    """Ask the subgraphs, and write the answer; a mutation ends even if its client leaves."""
    prepared, variables = planned.prepared, planned.variables
    with span("execute"):
        if prepared.introspects:  # takes long, and is remembered for completion
            await off_loop(introspect, prepared.operation, variables, supergraph.api_schema)
        executing = execute(planned.query_plan, variables, planned.ruling.context, source, supergraph)
        is_mutation = prepared.operation.kind is OperationKind.MUTATION
        execution = await (finish(executing) if is_mutation else executing)
    return complete(prepared.operation, variables, execution, supergraph, planned.ruling.refusals)
