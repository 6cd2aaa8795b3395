from __future__ import annotations

import json
import time
from pathlib import Path
from uuid import uuid4

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from router.identity.internal_token import InternalTokens, InvalidSigningKey
from router.request import Identity, ProjectRole, RequestContext
from subgraphs.kernel.identity import Verifier
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


def test_a_key_that_cannot_sign_stops_the_start(tmp_path: Path) -> None:
    with pytest.raises(InvalidSigningKey, match="no readable private key"):
        InternalTokens.read(tmp_path / "absent.pem")
    (tmp_path / "rsa.pem").write_bytes(rsa_issuer().pem)
    with pytest.raises(InvalidSigningKey, match="not an Ed25519 key"):
        InternalTokens.read(tmp_path / "rsa.pem")
    (tmp_path / "text.pem").write_text("nothing")
    with pytest.raises(InvalidSigningKey, match="no readable private key"):
        InternalTokens.read(tmp_path / "text.pem")
