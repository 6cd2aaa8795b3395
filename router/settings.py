"""The settings tree: what `router.yaml` may say, with its defaults. Each part gets its own branch as an argument."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, field_validator

_UNITS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0}
_DURATION = re.compile(r"(?:\d+(?:\.\d+)?(?:ms|s|m|h|d))+")
_DURATION_PART = re.compile(r"(\d+(?:\.\d+)?)(ms|s|m|h|d)")


def parse_duration(value: object) -> timedelta:
    """Read `30s`, `500ms` or `1h30m`."""
    if isinstance(value, timedelta):
        return value
    if not isinstance(value, str) or not _DURATION.fullmatch(value):
        raise ValueError("expected a duration such as '30s', '500ms' or '1h30m'")
    duration = timedelta(seconds=sum(float(number) * _UNITS[unit] for number, unit in _DURATION_PART.findall(value)))
    if not duration:
        raise ValueError("expected a duration longer than nothing")
    return duration


Duration = Annotated[timedelta, BeforeValidator(parse_duration)]
Count = Annotated[int, Field(gt=0)]


class Branch(BaseModel):
    """A part of the tree: frozen, and closed to keys it does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)


class Listen(Branch):
    """Where the router listens. Port 0 takes a free one."""

    host: str = "127.0.0.1"
    port: int = Field(default=4000, ge=0, le=65535)

    def __str__(self) -> str:
        return f"{self.host}:{self.port}"


class QueryPlanning(Branch):
    """What planning one operation may cost; past it the operation is refused."""

    timeout: Duration = timedelta(milliseconds=250)
    """CPU time."""
    max_steps: Count = 100_000
    """Ways through the graph that are looked at."""


class SupergraphSettings(Branch):
    """The graph that is served, and how."""

    file: Path | None = None
    """The supergraph; `--supergraph` overrides it."""
    poll_interval: Duration = timedelta(seconds=1)
    """How often the file is looked at for a change."""
    listen: Listen = Listen()
    """Address of the GraphQL endpoint and of `/health`, written `HOST:PORT`."""
    path: str = Field(default="/graphql", pattern=r"^/[\w./-]*$")
    """Path of the GraphQL endpoint."""
    introspection: bool = False
    """Whether clients may ask `__schema` and `__type`."""
    query_planning: QueryPlanning = QueryPlanning()
    expose_query_plan: bool = False
    """Whether the header `fedra-expose-query-plan: true` brings the query plan with the answer."""

    @field_validator("listen", mode="before")
    @classmethod
    def _read_listen(cls, value: object) -> object:
        if not isinstance(value, str):
            return value
        host, colon, port = value.rpartition(":")
        if not colon or not host or not port.isdecimal():
            raise ValueError("expected an address such as '127.0.0.1:4000'")
        return {"host": host.strip("[]"), "port": int(port)}


class Limits(Branch):
    """What a request may not exceed. Operations are counted with their fragments spread out."""

    max_body_bytes: Count = 2_000_000
    """Length of the body of a request."""
    max_tokens: Count = 15_000
    """Lexical tokens of a document."""
    max_depth: Count = 32
    """Levels of fields."""
    max_height: Count = 10_000
    """Fields."""
    max_aliases: Count = 128
    """Aliased fields."""
    max_root_fields: Count = 64
    """Fields of the root type."""
    max_directives: Count = 256
    """Applications of directives."""


class Jwks(Branch):
    """One issuer of tokens: where its keys are, and what its tokens must say."""

    url: str
    """A path, or a `file:`, `http:` or `https:` URL, of a JSON Web Key Set."""
    issuers: tuple[str, ...] = ()
    """Allowed values of the claim `iss`; none given: any."""
    audiences: tuple[str, ...] = ()
    """The claim `aud` must have one of these; none given: any."""
    poll_interval: Duration = timedelta(seconds=60)
    """Age at which the keys are read again. An unknown key id has them read at once, at most every 10 s."""


class Jwt(Branch):
    """Tokens of clients, from the header `Authorization: Bearer …`."""

    jwks: tuple[Jwks, ...]
    """Whose tokens are accepted."""
    default_tenant: str | None = None
    """Tenant of a token without the claim `tenant`; none given: such a token is refused."""


class RouterAuthentication(Branch):
    """How clients of the router prove who they are."""

    jwt: Jwt | None = None


class Authentication(Branch):
    """Who asks. Without it every client is anonymous, and an `Authorization` header is not looked at."""

    router: RouterAuthentication = RouterAuthentication()


class Authorization(Branch):
    """What a client may do."""

    require_authentication: bool = False
    """Whether a request without a token is refused as a whole."""
    default_policies: frozenset[str] = frozenset()
    """Names of `@policy` granted to every client that has proved who it is."""


class InternalTokenSettings(Branch):
    """The token by which subgraphs learn who asks."""

    key: Path
    """The private Ed25519 key (PEM) that signs it. Subgraphs hold the public one."""


class SubgraphErrors(Branch):
    """Whose errors clients may read: text and extensions of the others are redacted."""

    all: bool = False
    """Whether errors of subgraphs are shown as they are."""
    subgraphs: dict[str, bool] = Field(default_factory=dict)
    """The same for one subgraph, by name, instead of `all`."""

    def of(self, subgraph: str) -> bool:
        """Whether errors of this subgraph are shown as they are."""
        return self.subgraphs.get(subgraph, self.all)


class Shaping(Branch):
    """How exchanges of one kind go."""

    timeout: Duration = timedelta(seconds=30)
    """Time given to the whole of a client's request; subgraphs are told what is left of it."""


class TrafficShaping(Branch):
    """How exchanges go: for now, with clients only."""

    router: Shaping = Shaping()


class Override(Branch):
    """Which labels of progressive `@override` are active."""

    labels: frozenset[str] = frozenset()
    """Named labels that are active for every request; those the hook `labels` chooses are so for one."""
    percent_by: str = Field(default="request", pattern=r"^(request|principal|header:[\w-]+)$")
    """What decides `percent(x)`: chance, for each `request`, or always alike for a `principal` or a `header:NAME`."""


class Csrf(Branch):
    """Protection from requests that a browser sends to us from a foreign page without asking first."""

    unsafe_disabled: bool = False
    """Whether simple requests are served too."""
    required_headers: tuple[str, ...] = ("apollo-require-preflight", "x-apollo-operation-name")
    """Any of these headers, or a `content-type` that is not a form's, proves that the browser asked first."""


class Cors(Branch):
    """Foreign pages whose scripts may read our answers; by default none."""

    origins: tuple[str, ...] = ()
    """Whose pages: origins such as `https://app.example.com`."""
    allow_any_origin: bool = False
    """Whether everybody's pages may, instead of those of `origins`."""
    allow_credentials: bool = False
    """Whether the browser may send cookies along."""
    allow_headers: tuple[str, ...] = ("authorization", "content-type", "apollo-require-preflight")
    """Headers that scripts may set."""


class Settings(Branch):
    """Everything that can be set."""

    supergraph: SupergraphSettings = SupergraphSettings()
    limits: Limits = Limits()
    authentication: Authentication = Authentication()
    authorization: Authorization = Authorization()
    internal_token: InternalTokenSettings | None = None
    override_subgraph_url: dict[str, str] = Field(default_factory=dict)
    """URL of a subgraph, by name, instead of the supergraph's; `in-process:module:object` mounts a Python schema."""
    include_subgraph_errors: SubgraphErrors = SubgraphErrors()
    traffic_shaping: TrafficShaping = TrafficShaping()
    override: Override = Override()
    hooks: str | None = None
    """The team's own Python, `module:object`: an instance of `router.hooks.Hooks`, found on `PYTHONPATH`."""
    csrf: Csrf = Csrf()
    cors: Cors = Cors()
