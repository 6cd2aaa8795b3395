"""Who asks, what they may do, and what subgraphs learn of it."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from router.settings.marks import Followed
from router.settings.values import Branch, Duration

Algorithm = Literal["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"]
OnError = Annotated[
    Literal["error", "continue"], BeforeValidator(lambda value: value.lower() if isinstance(value, str) else value)
]


class Jwks(Branch):
    """One issuer of tokens: where its keys are, and what its tokens must say."""

    url: str
    """A path, or a `file:`, `http:` or `https:` URL, of a JSON Web Key Set."""
    issuers: tuple[str, ...] = ()
    """Allowed values of the claim `iss`; none given: any."""
    audiences: tuple[str, ...] = ()
    """The claim `aud` must have one of these; none given: any."""
    algorithms: tuple[Algorithm, ...] = ()
    """Signatures that are accepted; none given: RS, PS and ES (256, 384, 512) and EdDSA, each for its kind of key."""
    poll_interval: Duration = timedelta(seconds=60)
    """Age at which the keys are read again. An unknown key id has them read at once, at most every 10 s."""


class TokenSource(Branch):
    """One more place where a token may stand."""

    type: Literal["header", "cookie"]
    """`header` or `cookie`."""
    name: str
    """Name of the header or the cookie."""
    value_prefix: str = "Bearer"
    """What stands before the token, and a space; of a header only. `''`: the value is the token."""


class Claims(Branch):
    """What the claims are called that say who asks. `sub` names the principal."""

    tenant: str = "tenant"
    """The tenant."""
    scopes: str = "scope"
    """The scopes: one text, a space between two."""
    policies: str = "policies"
    """The policies that the issuer has granted: a list of names."""
    projects: str = "projects"
    """The memberships: a list of `{id, role}`, at most 200."""


class Jwt(Branch):
    """Tokens of clients."""

    jwks: tuple[Jwks, ...]
    """Whose tokens are accepted."""
    header_name: str = "authorization"
    """The header that is looked at first."""
    header_value_prefix: str = "Bearer"
    """What stands in it before the token, and a space; `''`: the value is the token."""
    ignore_other_prefixes: bool = False
    """Whether a header with another prefix counts as none, instead of being refused."""
    sources: tuple[TokenSource, ...] = ()
    """Where else a token may stand, in this order; the first one found counts."""
    on_error: OnError = "error"
    """What becomes of a request whose token is at fault: `error` refuses it, `continue` takes it as anonymous."""
    clock_skew: Duration = timedelta(seconds=5)
    """How far the clock of an issuer may be off."""
    default_tenant: str | None = None
    """Tenant of a token that names none; none given: such a token is refused."""
    claims: Claims = Claims()


class RouterAuthentication(Branch):
    """How clients of the router prove who they are."""

    jwt: Jwt | None = None


class Authentication(Branch):
    """Who asks. Without it every client is anonymous, and no token is looked at."""

    router: RouterAuthentication = RouterAuthentication()


class RefusalReports(Branch):
    """Who learns what was refused."""

    log: bool = True
    """Whether decisions are logged: refusals at INFO, the others at DEBUG."""
    log_sampling: float = Field(default=1.0, ge=0, le=1)
    """Part of the decisions that is logged."""
    response: Literal["errors", "extensions", "disabled"] = "errors"
    """Where a client reads of it: in `errors`, in `extensions.authorizationErrors`, or nowhere."""


class Directives(Branch):
    """`@authenticated`, `@requiresScopes` and `@policy` of the supergraph."""

    enabled: bool = True
    """Whether they are looked at. Without them every client may have everything."""
    reject_unauthorized: bool = False
    """Whether an operation is refused whole if anything in it is; otherwise that is null, and the rest runs."""
    dry_run: bool = False
    """Whether refusals are only told, and the operation runs as if there were none."""
    errors: RefusalReports = RefusalReports()


class Authorization(Branch):
    """What a client may do."""

    require_authentication: bool = False
    """Whether a request without a token is refused as a whole."""
    default_policies: frozenset[str] = frozenset()
    """Names of `@policy` granted to every client that has proved who it is."""
    policy_timeout: Duration = timedelta(seconds=1)
    """Time that the team's own policies have; what is not granted by then is refused."""
    directives: Directives = Directives()


class InternalTokenSettings(Branch):
    """The token by which subgraphs learn who asks."""

    key: Annotated[Path, Followed()]
    """The private Ed25519 key (PEM) that signs it; followed when it changes. Subgraphs hold the public one."""
