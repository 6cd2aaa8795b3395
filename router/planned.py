"""An operation that is ready to run, and its run: subgraphs are asked, and the answer takes the client's form."""

from __future__ import annotations

from typing import NamedTuple

from router.compiled.engine import CompiledEngine
from router.compiled.programs import Programs
from router.execution.complete import complete
from router.execution.execute import Execution, execute
from router.execution.finish import finish
from router.execution.introspect import introspect
from router.execution.schedule import run as run_plan
from router.execution.shapes import shape_of
from router.fetch.source import EntitySource
from router.operation.model import OperationKind
from router.operation.variables import Variables
from router.planner.model import QueryPlan
from router.policies.ruling import Ruling
from router.prepared import Prepared, off_loop
from router.request import Response
from router.telemetry.spans import span
from schema.supergraph import Supergraph


class Planned(NamedTuple):
    """What a request asks for, and what the caller may have of it; `programs`, if its plan may be run by code."""

    prepared: Prepared
    query_plan: QueryPlan
    variables: Variables
    ruling: Ruling
    programs: Programs | None = None


async def run(planned: Planned, source: EntitySource, supergraph: Supergraph) -> Response:
    """Ask the subgraphs, and write the answer; a mutation ends even if its client leaves."""
    with span("execute"):
        running = _run(planned, source, supergraph)
        is_mutation = planned.prepared.operation.kind is OperationKind.MUTATION
        return await (finish(running) if is_mutation else running)


async def _run(planned: Planned, source: EntitySource, supergraph: Supergraph) -> Response:
    """Run the code of the plan if there is any, else, and where an answer is not as it should be, interpret it."""
    prepared, variables, ruling = planned.prepared, planned.variables, planned.ruling
    engine = None if prepared.introspects else await _engine(planned, supergraph)
    if engine is not None:
        await run_plan(planned.query_plan, engine, variables.values, source, ruling.context)
        data = engine.project()
        if data is not None:
            return Response(data)
        interpreter = engine.interpreter
        execution = Execution(interpreter.root, interpreter.errors, interpreter.unanswered)
    else:
        if prepared.introspects:  # takes long, and is remembered for completion
            await off_loop(introspect, prepared.operation, variables, supergraph.api_schema)
        execution = await execute(planned.query_plan, variables, ruling.context, source, supergraph)
    return complete(prepared.operation, variables, execution, supergraph, ruling.refusals)


async def _engine(planned: Planned, supergraph: Supergraph) -> CompiledEngine | None:
    if planned.programs is None:
        return None
    shape = shape_of(planned.prepared.operation, planned.variables, supergraph.api_schema, planned.ruling.refusals)
    program = await planned.programs.find(planned.query_plan, shape)
    return None if program is None else CompiledEngine(program, planned.variables.values)
