"""The whole tree."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, model_validator

from router.settings.browsers import Cors, Csrf
from router.settings.demand_control import DemandControl
from router.settings.headers import HeaderSettings
from router.settings.health import Drain, HealthCheck
from router.settings.hooks import Hooks, HookSettings
from router.settings.http import Batching, ClientIdentity, Compression
from router.settings.identity import Authentication, Authorization, InternalTokenSettings
from router.settings.limits import Limits
from router.settings.marks import BySubgraph, NeedsRestart
from router.settings.persisted import Apq, PersistedQueries
from router.settings.rates import RateLimits, Unit
from router.settings.subgraphs import Override, SubgraphErrors
from router.settings.supergraph import SupergraphSettings
from router.settings.telemetry import TelemetrySettings
from router.settings.tls import Tls
from router.settings.traffic import TrafficShaping
from router.settings.values import Branch
from router.settings.workers import Workers


class Settings(Branch):
    """Everything that can be set."""

    supergraph: SupergraphSettings = SupergraphSettings()
    health_check: HealthCheck = HealthCheck()
    drain: Annotated[Drain, NeedsRestart()] = Drain()
    workers: Annotated[Workers, NeedsRestart()] = Workers()
    limits: Limits = Limits()
    authentication: Authentication = Authentication()
    authorization: Authorization = Authorization()
    internal_token: InternalTokenSettings | None = None
    override_subgraph_url: BySubgraph[str] = Field(default_factory=dict)
    """URL of a subgraph, by name, instead of the supergraph's; `in-process:module:object` mounts a Python schema."""
    include_subgraph_errors: SubgraphErrors = SubgraphErrors()
    traffic_shaping: TrafficShaping = TrafficShaping()
    tls: Tls = Tls()
    override: Override = Override()
    hooks: Hooks = HookSettings()
    csrf: Csrf = Csrf()
    cors: Cors = Cors()
    headers: HeaderSettings = HeaderSettings()
    batching: Batching = Batching()
    compression: Compression = Compression()
    client_identity: ClientIdentity = ClientIdentity()
    persisted_queries: PersistedQueries = PersistedQueries()
    apq: Apq = Apq()
    demand_control: DemandControl = DemandControl()
    rate_limits: RateLimits = RateLimits()
    telemetry: TelemetrySettings = TelemetrySettings()

    @model_validator(mode="after")
    def _check_that_costs_are_known(self) -> Settings:
        if not self.demand_control.enabled and any(one.unit is Unit.COST for one in self.rate_limits.rules):
            raise ValueError("a rule of 'rate_limits' counts cost, and 'demand_control.enabled' is false")
        return self
