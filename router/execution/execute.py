"""Run a query plan to its end."""

from __future__ import annotations

from collections.abc import Sequence, Set
from dataclasses import dataclass

from router.execution.interpret import Interpreter
from router.execution.layers import Joint, Key
from router.execution.runtime_types import runtime_types
from router.execution.schedule import run
from router.fetch.source import EntitySource
from router.operation.variables import Variables
from router.planner.model import QueryPlan
from router.request import GraphQLError, RequestContext
from schema.supergraph import Supergraph


@dataclass(frozen=True, slots=True)
class Execution:
    """What the subgraphs answered: the layers of the result, and their errors in the client's terms.

    `unanswered` are the places whose values were asked for in vain: an error says so already.
    """

    root: Joint
    errors: Sequence[GraphQLError] = ()
    unanswered: Set[tuple[Key, ...]] = frozenset()


async def execute(
    plan: QueryPlan, variables: Variables, context: RequestContext, source: EntitySource, supergraph: Supergraph
) -> Execution:
    """Ask the subgraphs what the plan says. Failures are errors in the result; what depends on them is not asked.

    Cancelling it cancels every fetch that is under way.
    """
    interpreter = Interpreter(variables.values, runtime_types(supergraph.schema))
    await run(plan, interpreter, variables.values, source, context)
    return Execution(interpreter.root, interpreter.errors, interpreter.unanswered)
