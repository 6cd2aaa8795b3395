"""The way of one request, from end to end."""

from __future__ import annotations

import logging
from dataclasses import dataclass, field
from types import MappingProxyType

from router.compiled.programs import Programs
from router.errors import ClientError, InternalError, IntrospectionDisabled, MutationForbidden, RouterError
from router.fetch.source import EntitySource
from router.hooks import OperationView
from router.hooks.calls import HookCalls
from router.operation.model import OperationKind
from router.operation.variables import Variables, coerce_variables
from router.overrides import Overrides
from router.persisted.documents import Documents
from router.planned import Planned
from router.planner.model import QueryPlan
from router.planner.plan_json import to_json
from router.planner.render import render
from router.policies.allowance import Allowance, Spent
from router.policies.demand import NOTHING
from router.policies.limits import enforce_on_variables
from router.policies.ruling import Authorization, Ruling
from router.prepared import Prepared
from router.request import GraphQLRequest, RequestContext, Response
from router.settings import Limits
from router.shared_runs import SharedRuns, run_alone
from router.snapshot import Snapshot
from router.telemetry.spans import span
from router.telemetry.watch import OperationWatch

log = logging.getLogger(__name__)

PLAN_HEADER = "fedra-expose-query-plan"


@dataclass(frozen=True, slots=True, eq=False)
class Router:
    """What the requests of one generation share: made of one supergraph and one configuration, never changed."""

    snapshot: Snapshot
    source: EntitySource
    limits: Limits = field(default_factory=Limits)
    introspection: bool = True
    overrides: Overrides | None = None
    authorization: Authorization = field(default_factory=Authorization)
    documents: Documents = field(default_factory=Documents)
    allowance: Allowance = field(default_factory=Allowance)
    hooks: HookCalls = field(default_factory=HookCalls)
    programs: Programs | None = None
    """Code for plans, if any is to be made."""
    shared_runs: SharedRuns | None = None
    """Runs of queries, if equal ones share them."""
    expose_query_plan: bool = False


async def answer(request: GraphQLRequest, context: RequestContext, router: Router) -> Response:
    """Answer one query or mutation. Raises nothing: what went wrong is in the response."""
    with OperationWatch(context.client.name, context.client.version) as watch:
        try:
            return await _answer(request, context, router, watch)
        except ClientError as error:
            return error.to_response()
        except RouterError as error:
            log.exception("request failed")
            return error.to_response()
        except Exception:
            log.exception("request failed")
            return InternalError().to_response()


async def _answer(request: GraphQLRequest, context: RequestContext, router: Router, watch: OperationWatch) -> Response:
    """Go through the passes."""
    allowance = router.allowance
    spent = await allowance.begin(context)
    prepared = await _prepare(request, context, router)
    watch.is_prepared(prepared.operation.kind.value, prepared.operation.name, prepared.coordinates)
    variables = _coerce(prepared, request, router)
    police(prepared, request, router)
    ruling = await router.authorization.rule(prepared.guards, variables.values, context)
    spent = await allowance.spend(spent, prepared.price, variables.values, ruling.context)
    await _ask_hook(prepared, request, spent, ruling.context, router)
    query_plan = await _plan(prepared, ruling, router)
    run = router.shared_runs or run_alone
    planned = Planned(prepared, query_plan, variables, ruling, router.programs)
    outcome = await run(planned, router.source, router.snapshot.supergraph)
    response = router.authorization.tell(ruling, outcome.response)
    spent = allowance.settle(spent, outcome.cost)
    headers = allowance.headers(spent)
    if headers:
        response = response._replace(headers=(*response.headers, *headers))
    shows_plan = router.expose_query_plan and context.headers.get(PLAN_HEADER) == "true"
    return with_plan(response, query_plan) if shows_plan else response


async def _prepare(request: GraphQLRequest, context: RequestContext, router: Router) -> Prepared:
    """Find the document that is meant and the operation in it; a dict hit, else off the event loop."""
    document = await router.documents.resolve(request, context.client.name)
    with span("prepare"):
        prepared = await router.snapshot.prepared.get(document.text, request.operation_name, context.deadline)
    await router.documents.learn(document)
    return prepared


def _coerce(prepared: Prepared, request: GraphQLRequest, router: Router) -> Variables:
    enforce_on_variables(router.limits, request.variables)
    return coerce_variables(prepared.operation, request.variables, router.snapshot.supergraph.api_schema)


async def _plan(prepared: Prepared, ruling: Ruling, router: Router) -> QueryPlan:
    """Find the plan of what the caller may have; a dict hit, else off the event loop."""
    labels = await active_labels(prepared, ruling.context, router)
    with span("plan"):
        return await router.snapshot.plans.get(prepared, ruling.verdict, labels, ruling.context.deadline)


def police(prepared: Prepared, request: GraphQLRequest, router: Router) -> None:
    """Refuse what nobody may run here. Raises: MutationForbidden, IntrospectionDisabled."""
    if request.safe and prepared.operation.kind is not OperationKind.QUERY:
        raise MutationForbidden
    if prepared.introspects and not router.introspection:
        raise IntrospectionDisabled


async def _ask_hook(
    prepared: Prepared, request: GraphQLRequest, spent: Spent, context: RequestContext, router: Router
) -> None:
    if router.hooks.on_operation is not None:
        await router.hooks.operation(view_of(prepared, request, spent, context), context.deadline)


def view_of(prepared: Prepared, request: GraphQLRequest, spent: Spent, context: RequestContext) -> OperationView:
    """Show an operation to the team's hook."""
    operation = prepared.operation
    return OperationView(
        operation.name,
        operation.kind.value,
        request.document_id,
        None if spent.cost is NOTHING else spent.cost.estimated,
        context.identity,
        context.client,
        MappingProxyType(dict(context.headers)),
        context.bag,
    )


async def active_labels(prepared: Prepared, context: RequestContext, router: Router) -> frozenset[str]:
    """Decide about the override labels that matter to the operation; those of the context are active anyway."""
    decided = await router.overrides.active(prepared.labels, context) if router.overrides else frozenset[str]()
    return context.labels | decided


def with_plan(response: Response, query_plan: QueryPlan) -> Response:
    """Add the plan to an answer: as `fedra plan` prints it, and as other routers write it."""
    plan = {"text": render(query_plan), "object": to_json(query_plan)}
    return response._replace(extensions={**response.extensions, "fedraQueryPlan": plan})
