"""The settings tree: what `router.yaml` may say, with its defaults. Each part gets its own branch as an argument."""

from router.settings.browsers import Cors, Csrf
from router.settings.demand_control import DemandControl, StaticEstimated, Strategy
from router.settings.identity import (
    Authentication,
    Authorization,
    InternalTokenSettings,
    Jwks,
    Jwt,
    RouterAuthentication,
)
from router.settings.limits import Limits
from router.settings.mode import Mode
from router.settings.persisted import Apq, Manifest, PersistedMode, PersistedQueries
from router.settings.rates import RateLimits, RateRule, Unit
from router.settings.shared_store import Redis
from router.settings.subgraphs import Override, SubgraphErrors
from router.settings.supergraph import Listen, QueryPlanning, SupergraphSettings
from router.settings.telemetry import TelemetrySettings
from router.settings.traffic import Concurrency, RouterShaping, SubgraphShaping, TrafficShaping
from router.settings.tree import Settings
from router.settings.values import Branch, Count, Duration, parse_duration

__all__ = [
    "Apq",
    "Authentication",
    "Authorization",
    "Branch",
    "Concurrency",
    "Cors",
    "Count",
    "Csrf",
    "DemandControl",
    "Duration",
    "InternalTokenSettings",
    "Jwks",
    "Jwt",
    "Limits",
    "Listen",
    "Manifest",
    "Mode",
    "Override",
    "PersistedMode",
    "PersistedQueries",
    "QueryPlanning",
    "RateLimits",
    "RateRule",
    "Redis",
    "RouterAuthentication",
    "RouterShaping",
    "Settings",
    "StaticEstimated",
    "Strategy",
    "SubgraphErrors",
    "SubgraphShaping",
    "SupergraphSettings",
    "TelemetrySettings",
    "TrafficShaping",
    "Unit",
    "parse_duration",
]
