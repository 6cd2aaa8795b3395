from __future__ import annotations

import json
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from uuid import uuid4

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from router.fetch.in_process import InProcessSource
from router.fetch.source import Answer, Ask, EntitySource
from router.fetch.subgraph_request import SubgraphRequest
from router.identity.internal_token import CAPACITY, InternalTokens, InvalidSigningKey
from router.pipeline import Router, answer
from router.request import GraphQLRequest, Identity, Json, ProjectRole, RequestContext
from router.snapshot import Snapshot
from subgraphs.kernel.identity import Verifier
from tests.router.door import SUPERGRAPH
from tests.router.identity.tokens import ed25519_issuer, rsa_issuer

KEY = ed25519_issuer("router")
IDENTITY = Identity(
    "demo", str(uuid4()), frozenset({"b", "a"}), (ProjectRole(str(uuid4()), "owner"),), frozenset({"pii.read"})
)


def context(identity: Identity | None = IDENTITY) -> RequestContext:
    return RequestContext(time.monotonic() + 1, identity)


def minting(now: float = 1_000_000) -> tuple[InternalTokens, list[float]]:
    clock = [now]
    assert isinstance(KEY.key, Ed25519PrivateKey)
    return InternalTokens(KEY.key, lambda: clock[0]), clock


def test_the_token_says_who_asks_for_one_subgraph_and_one_minute() -> None:
    mint, _ = minting()
    token = mint("tasks", context())
    assert token is not None
    assert jwt.get_unverified_header(token) == {"alg": "EdDSA", "kid": "router", "typ": "JWT"}
    assert jwt.decode(token, KEY.key.public_key(), ["EdDSA"], {"verify_exp": False}, audience="tasks") == {
        "iss": "fedra-router",
        "aud": "tasks",
        "sub": IDENTITY.principal,
        "tenant": "demo",
        "scope": "a b",
        "projects": [{"id": IDENTITY.projects[0].id, "role": "owner"}],
        "policies": ["pii.read"],
        "iat": 1_000_000,
        "exp": 1_000_060,
    }


def test_a_token_is_reused_for_half_its_life() -> None:
    mint, clock = minting()
    first = mint("tasks", context())
    clock[0] += 29
    assert mint("tasks", context()) == first
    clock[0] += 2
    assert mint("tasks", context()) != first


def test_no_two_identities_and_no_two_subgraphs_share_a_token() -> None:
    mint, _ = minting()
    others = [mint("models", context()), mint("tasks", context(Identity("demo", None)))]
    assert mint("tasks", context()) not in others


def test_nobody_has_no_token() -> None:
    mint, _ = minting()
    assert mint("tasks", context(None)) is None


def test_without_a_principal_the_token_names_none() -> None:
    mint, _ = minting()
    token = mint("tasks", context(Identity("demo", None)))
    assert token is not None
    assert "sub" not in jwt.decode(token, options={"verify_signature": False})


def test_a_subgraph_reads_it_as_the_same_identity(tmp_path: Path) -> None:
    (tmp_path / "router.pem").write_bytes(KEY.pem)
    token = InternalTokens.read(tmp_path / "router.pem")("tasks", context())
    assert token is not None
    read = Verifier(json.dumps({"keys": [KEY.jwk]})).verify(token, "tasks")
    assert (read.tenant, str(read.principal), read.scopes) == ("demo", IDENTITY.principal, IDENTITY.scopes)
    assert (str(read.projects[0].id), read.policies, read.actor) == (IDENTITY.projects[0].id, IDENTITY.policies, None)


def claims_of(token: str | None) -> Json:
    assert token is not None
    return jwt.decode(token, options={"verify_signature": False})


def test_a_fetch_whose_answer_may_be_shared_names_no_principal() -> None:
    mint, _ = minting()
    claims = claims_of(mint("tasks", context().shared(frozenset({"a", "pii.read", "unheld"}))))
    assert "sub" not in claims
    assert (claims["tenant"], claims["projects"]) == ("demo", [])
    assert (claims["scope"], claims["policies"]) == ("a", ["pii.read"])


def test_callers_who_may_share_an_answer_send_one_token() -> None:
    mint, _ = minting()
    other = context(Identity("demo", "alan", frozenset({"a", "z"}), (ProjectRole("x", "owner"),)))
    assert mint("tasks", context().shared(frozenset({"a"}))) == mint("tasks", other.shared(frozenset({"a"})))
    assert mint("tasks", context().shared()) != mint("tasks", context(Identity("else", "alan")).shared())


def test_nobody_shares_as_nobody() -> None:
    mint, _ = minting()
    assert mint("tasks", context(None).shared()) is None


async def test_a_source_that_shares_answers_hands_on_a_context_that_says_so() -> None:
    mint, _ = minting()
    sent: list[Json] = []

    async def subgraph(request: SubgraphRequest) -> Mapping[str, Json]:
        sent.append(claims_of(request.headers["authorization"].removeprefix("Bearer ")))
        return {"data": {"people": []}}

    class Sharing:
        """As a cache does that keeps one answer for a tenant."""

        def __init__(self, inner: EntitySource) -> None:
            self._inner = inner

        async def load(self, asks: Sequence[Ask], context: RequestContext) -> Sequence[Answer]:
            return await self._inner.load(asks, context.shared())

    private = InProcessSource({"people": subgraph}, mint)
    for source in (private, Sharing(private)):
        router = Router(Snapshot.load(SUPERGRAPH), source)
        assert (await answer(GraphQLRequest("{ people { name } }"), context(), router)).data == {"people": []}
    assert [claims.get("sub") for claims in sent] == [IDENTITY.principal, None]


def test_tokens_are_kept_for_so_many_identities_only() -> None:
    mint, _ = minting()
    for n in range(50):
        mint("tasks", context(Identity("demo", f"p{n}")))
    assert (len(mint._minted), mint._minted.maxsize) == (50, CAPACITY)


def test_a_key_that_cannot_sign_stops_the_start(tmp_path: Path) -> None:
    with pytest.raises(InvalidSigningKey, match="no readable private key"):
        InternalTokens.read(tmp_path / "absent.pem")
    (tmp_path / "rsa.pem").write_bytes(rsa_issuer().pem)
    with pytest.raises(InvalidSigningKey, match="not an Ed25519 key"):
        InternalTokens.read(tmp_path / "rsa.pem")
    (tmp_path / "text.pem").write_text("nothing")
    with pytest.raises(InvalidSigningKey, match="no readable private key"):
        InternalTokens.read(tmp_path / "text.pem")
