"""The composition root: the only place that joins the parts of the router to one ASGI app."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from functools import partial
from types import MappingProxyType
from typing import TYPE_CHECKING

from starlette.types import ASGIApp, Scope

from router.compiled.programs import Programs
from router.configuration.checks import check_subgraph_names
from router.configuration.load import Configuration, ConfigurationSource
from router.fetch.headers import TokenMinter, changed
from router.hooks import RequestView, load_hooks
from router.hooks.calls import HookCalls
from router.identity.anonymous import Anonymous
from router.lifecycle import Lifecycle
from router.middleware.concurrency import ConcurrencyLimit, UnderWay
from router.middleware.cors import Cors
from router.middleware.csrf import CsrfProtection
from router.middleware.farewell import Farewell
from router.middleware.request_id import RequestId
from router.overrides import Overrides
from router.persisted.load import make_documents
from router.pipeline import Router, answer
from router.planning import OnThread, Planner, Planning
from router.planning_process.client import PlannerClient
from router.planning_process.planning import InPlannerProcess
from router.planning_process.process import ADDRESS
from router.policies.allowance import Allowance
from router.policies.grants import Grants
from router.policies.rates.rates import make_rates
from router.policies.ruling import Authorization
from router.request import Bag, RequestContext
from router.resources import Keep, Lease
from router.serving import Built, Serving, on_thread
from router.settings import Settings
from router.shared_runs import make_shared_runs
from router.snapshot import Snapshot
from router.subgraph_sources import source_for
from router.telemetry.telemetry import make_telemetry
from router.transport.address import address_of
from router.transport.client import named_by_headers
from router.transport.headers import Headers
from router.transport.health import health_checks
from router.transport.http import ContextOf, GraphQLOverHTTP, HttpOptions
from router.transport.parameters import ParameterReader
from router.transport.paths import Paths

if TYPE_CHECKING:
    from router.identity.tokens import Authenticator


def create_router_app(
    configuration: Configuration,
    source: ConfigurationSource | None = None,
    lifecycle: Lifecycle | None = None,
    *,
    plan_apart: bool = False,
) -> ASGIApp:
    """Make the router over the supergraph that the configuration names; it follows that, and the source of both.

    `plan_apart`: this process may have a planner process, if the settings want one.
    Raises: InvalidSettings, InvalidSupergraph, InvalidKeys, InvalidSigningKey, InvalidReference.
    """
    lifecycle = lifecycle or Lifecycle()
    return Serving(partial(build, lifecycle=lifecycle), configuration, source, planning_of if plan_apart else on_thread)


def planning_of(settings: Settings, keep: Keep) -> Callable[[Planner], Planning]:
    """Choose where operations are planned: in the planner process of this host, or in one of this router's own."""
    if not settings.supergraph.query_planning.process:
        return OnThread
    return partial(InPlannerProcess, keep(PlannerClient, os.environ.get(ADDRESS)))


def build(settings: Settings, snapshot: Snapshot, lease: Lease, lifecycle: Lifecycle) -> Built:
    """Join everything that is made of one configuration and one supergraph; what outlives them is leased."""
    check_subgraph_names(settings, snapshot.supergraph.subgraphs)
    hooks = HookCalls(load_hooks(settings.hooks.object), settings.hooks)
    router = make_router(settings, snapshot, lease, hooks)
    telemetry = make_telemetry(settings.telemetry, lease.keep)
    endpoint = settings.supergraph.path
    checks = health_checks(settings.health_check, lifecycle)
    apps = {
        endpoint: graphql_endpoint(settings, router, context_of(settings, lease, hooks), lease.keep(UnderWay)),
        **checks,
    }
    app = RequestId(Farewell(Paths(apps, endpoint), lifecycle), telemetry, unseen=checks)
    return Built(app, router.documents.registered)


def make_router(settings: Settings, snapshot: Snapshot, lease: Lease, hooks: HookCalls) -> Router:
    """Join what operations go through."""
    return Router(
        snapshot=snapshot,
        source=source_for(snapshot.supergraph, settings, lease.keep, minter_of(settings), hooks),
        limits=settings.limits,
        introspection=settings.supergraph.introspection,
        overrides=Overrides(settings.override, hooks.hooks),
        authorization=Authorization(
            settings.authorization.directives, Grants(hooks.hooks, settings.authorization.policy_timeout)
        ),
        documents=make_documents(settings, lease.keep),
        allowance=Allowance(make_rates(settings.rate_limits, lease.keep), snapshot.demand),
        hooks=hooks,
        programs=make_programs(settings, snapshot, lease),
        shared_runs=make_shared_runs(settings, hooks),
        expose_query_plan=settings.supergraph.expose_query_plan,
    )


def make_programs(settings: Settings, snapshot: Snapshot, lease: Lease) -> Programs | None:
    """Decide whether plans become code; they stay that as long as the supergraph stays."""
    compilation = settings.supergraph.query_compilation
    return lease.keep(Programs, snapshot.supergraph, compilation.after) if compilation.enabled else None


def context_of(settings: Settings, lease: Lease, hooks: HookCalls) -> ContextOf:
    """Join what finds out who asks, and until when."""
    timeout = settings.traffic_shaping.router.timeout.total_seconds()
    authenticator = authenticator_of(settings, lease)

    async def of(scope: Scope, headers: Headers) -> RequestContext:
        deadline = time.monotonic() + timeout
        client = named_by_headers(headers, settings.client_identity)
        address = address_of(scope, headers, settings.rate_limits.trusted_proxies)
        bag: Bag = {}
        if hooks.on_request is not None:
            view = RequestView(scope["method"], scope["path"], MappingProxyType(headers), client, address, bag)
            change = await hooks.request(view, deadline)
            headers = changed(headers, change.headers)
            client = change.client or named_by_headers(headers, settings.client_identity)
        identity = await authenticator.authenticate(headers)
        return RequestContext(deadline, identity, headers, client=client, address=address, bag=bag)

    return of


def authenticator_of(settings: Settings, lease: Lease) -> Authenticator | Anonymous:
    """Choose how callers prove who they are. Raises: InvalidKeys."""
    trusted = settings.authentication.router.jwt
    if trusted is None:
        return Anonymous(settings.authorization)
    from router.identity.keys import KeySet  # noqa: PLC0415  # cryptography: memory that many do without
    from router.identity.tokens import Authenticator  # noqa: PLC0415  # as above

    return Authenticator(trusted, settings.authorization, key_set=lambda jwks: lease.keep(KeySet, jwks))


def minter_of(settings: Settings) -> TokenMinter | None:
    """Choose what tells subgraphs who asks. Raises: InvalidSigningKey."""
    if settings.internal_token is None:
        return None
    from router.identity.internal_token import InternalTokens  # noqa: PLC0415  # as for the tokens of clients

    return InternalTokens.read(settings.internal_token.key)


def graphql_endpoint(settings: Settings, router: Router, context: ContextOf, under_way: UnderWay) -> ASGIApp:
    """Join what an HTTP request goes through, from the inside out."""
    app: ASGIApp = GraphQLOverHTTP(partial(answer, router=router), context, http_options(settings))
    if not settings.csrf.unsafe_disabled:
        app = CsrfProtection(app, settings.csrf)
    app = ConcurrencyLimit(app, settings.traffic_shaping.router.concurrency, under_way)
    return Cors(app, settings.cors) if settings.cors.shares else app


def http_options(settings: Settings) -> HttpOptions:
    """Pick what the GraphQL endpoint is told."""
    return HttpOptions(
        settings.limits.max_body_bytes,
        settings.batching,
        settings.compression,
        ParameterReader(settings.persisted_queries.parameters),
    )
