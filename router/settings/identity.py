"""Who asks, what they may do, and what subgraphs learn of it."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from router.settings.values import Branch, Duration


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
