"""The whole tree."""

from __future__ import annotations

from pydantic import Field

from router.settings.browsers import Cors, Csrf
from router.settings.headers import HeaderSettings
from router.settings.http import Batching, ClientIdentity, Compression
from router.settings.identity import Authentication, Authorization, InternalTokenSettings
from router.settings.limits import Limits
from router.settings.marks import BySubgraph
from router.settings.subgraphs import Override, SubgraphErrors, TrafficShaping
from router.settings.supergraph import SupergraphSettings
from router.settings.values import Branch


class Settings(Branch):
    """Everything that can be set."""

    supergraph: SupergraphSettings = SupergraphSettings()
    limits: Limits = Limits()
    authentication: Authentication = Authentication()
    authorization: Authorization = Authorization()
    internal_token: InternalTokenSettings | None = None
    override_subgraph_url: BySubgraph[str] = Field(default_factory=dict)
    """URL of a subgraph, by name, instead of the supergraph's; `in-process:module:object` mounts a Python schema."""
    include_subgraph_errors: SubgraphErrors = SubgraphErrors()
    traffic_shaping: TrafficShaping = TrafficShaping()
    override: Override = Override()
    hooks: str | None = None
    """The team's own Python, `module:object`: an instance of `router.hooks.Hooks`, found on `PYTHONPATH`."""
    csrf: Csrf = Csrf()
    cors: Cors = Cors()
    headers: HeaderSettings = HeaderSettings()
    batching: Batching = Batching()
    compression: Compression = Compression()
    client_identity: ClientIdentity = ClientIdentity()
