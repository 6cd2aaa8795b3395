"""What goes through the router, free of ASGI: one request, the context it runs in, one response."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any, Literal, NamedTuple

Json = Any  # a decoded JSON value: dict, list, str, int, float, bool or None
Bag = dict[str, Any]
"""What a team's hooks keep while one HTTP request is answered."""


NOTHING_ELSE: Mapping[str, Json] = MappingProxyType({})


class GraphQLRequest(NamedTuple):
    """One operation as a client asked for it; `safe`: it came by GET, so only a query may run.

    Its document is sent as `query`, or named: by `document_id`, whatever the id is, which is `sha256_hash` where the
    name is a hash by which documents are learnt.
    Source: GraphQL over HTTP, "Request Parameters" and "Persisted Documents".
    """

    query: str | None
    operation_name: str | None = None
    variables: Mapping[str, Json] = NOTHING_ELSE
    extensions: Mapping[str, Json] = NOTHING_ELSE
    safe: bool = False
    document_id: str | None = None
    sha256_hash: str | None = None


@dataclass(frozen=True, slots=True)
class ProjectRole:
    """Membership of the principal in one project."""

    id: str
    role: str


@dataclass(frozen=True, slots=True)
class Identity:
    """Who asks, as proved by a verified token. Without a principal it names a tenant only."""

    tenant: str
    principal: str | None
    scopes: frozenset[str] = frozenset()
    projects: tuple[ProjectRole, ...] = ()
    policies: frozenset[str] = frozenset()

    def shared(self, names: Set[str] = frozenset()) -> Identity:
        """Be somebody of the tenant: no principal, no projects, and of scopes and policies only those of `names`."""
        return Identity(self.tenant, None, self.scopes & names, (), self.policies & names)


@dataclass(frozen=True, slots=True)
class Client:
    """The program that asks, as it names itself: nothing here is proved."""

    name: str | None = None
    version: str | None = None


@dataclass(frozen=True, slots=True)
class Collected:
    """A header of a subgraph's response that goes into the answer; `merge` says how it meets those of others."""

    name: str
    values: tuple[str, ...]
    merge: Literal["first", "last", "append"]


@dataclass(slots=True)
class Exchange:
    """One request to a subgraph as a team's hooks see it: what they change of its headers, and what came back."""

    changes: Mapping[str, str | None]
    status: int | None = None
    headers: Sequence[tuple[str, str]] = ()


@dataclass(frozen=True, slots=True)
class RequestContext:
    """What a request carries besides its operation. Units: deadline in seconds of `time.monotonic`.

    `collected` is filled while subgraphs answer; operations of one batch share it, as they share the HTTP response.
    """

    deadline: float
    identity: Identity | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    labels: frozenset[str] = frozenset()
    client: Client = Client()
    address: str | None = None
    collected: list[Collected] = field(default_factory=list)
    bag: Bag = field(default_factory=dict)
    exchange: Exchange | None = None
    """That of the fetch under way, if hooks want to know of it."""

    def shared(self, names: Set[str] = frozenset()) -> RequestContext:
        """Make the context of a fetch whose answer others of the tenant may get, too: no subgraph can answer privately.

        `names` are the scopes and policies that the answer is kept under: it may depend on those and no others.
        """
        return self if self.identity is None else replace(self, identity=self.identity.shared(names))


@dataclass(frozen=True, slots=True)
class GraphQLError:
    """One entry of `errors`. Source: GraphQL, "Errors"."""

    message: str
    code: str
    path: tuple[str | int, ...] | None = None
    locations: tuple[tuple[int, int], ...] = ()
    extensions: Mapping[str, Json] = field(default_factory=dict)

    def to_json(self) -> dict[str, Json]:
        entry: dict[str, Json] = {"message": self.message}
        if self.locations:
            entry["locations"] = [{"line": line, "column": column} for line, column in self.locations]
        if self.path is not None:
            entry["path"] = list(self.path)
        entry["extensions"] = {**self.extensions, "code": self.code}
        return entry


@dataclass(slots=True, eq=False)
class Shared:
    """An answer that several requests get. Its body is made once, and so is that in each content coding."""

    data: Json
    errors: Sequence[GraphQLError]
    extensions: Mapping[str, Json]
    body: bytes | None = None
    coded: dict[str, asyncio.Task[bytes]] = field(default_factory=dict)

    def is_all_of(self, response: Response) -> bool:
        """Whether nothing of a response is its own but its headers."""
        return response.data is self.data and response.errors is self.errors and response.extensions is self.extensions


class Response(NamedTuple):
    """One answer. `data` is absent (`executed` is False) when the operation never ran.

    `status` is for `application/graphql-response+json`, `json_status` for `application/json`; `headers` are of HTTP,
    several of one name as several pairs.
    Source: GraphQL over HTTP, "Status Codes".
    """

    data: Json = None
    errors: Sequence[GraphQLError] = ()
    extensions: Mapping[str, Json] = NOTHING_ELSE
    executed: bool = True
    status: int = 200
    json_status: int = 200
    headers: Sequence[tuple[str, str]] = ()
    shared: Shared | None = None
    """Where its body is kept, if several requests get it."""

    def to_json(self) -> dict[str, Json]:
        body: dict[str, Json] = {}
        if self.executed:
            body["data"] = self.data
        if self.errors:
            body["errors"] = [error.to_json() for error in self.errors]
        if self.extensions:
            body["extensions"] = dict(self.extensions)
        return body
