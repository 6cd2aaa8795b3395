"""Tokens made to be believed, or to be costly. Source: RFC 8725, "Threats and Vulnerabilities"."""

from __future__ import annotations

import base64
import json
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import jwt
import pytest
from starlette.responses import JSONResponse
from starlette.types import Receive, Scope, Send

from router.errors import AuthError, InvalidToken
from router.identity.tokens import CAPACITY, MAX_LENGTH, Authenticator
from router.request import Identity, Json
from router.settings import Authorization, Jwks, Jwt
from tests.router.door import serving
from tests.router.identity.tokens import Issuer, ec_issuer, ed25519_issuer, rsa_issuer, write_jwks

ISSUER, FORGER = ed25519_issuer(), ed25519_issuer("forger")
UNKNOWN_KEY, BAD_SIGNATURE = "The token is signed with an unknown key.", "The token has a bad signature."
MALFORMED = "The token is malformed."


def trusting(*urls: str, **facts: Json) -> Authenticator:
    return Authenticator(Jwt(jwks=tuple(Jwks(url=url, **facts) for url in urls)), Authorization())


@pytest.fixture
def authenticator(tmp_path: Path) -> Authenticator:
    return trusting(str(write_jwks(tmp_path / "jwks.json", ISSUER, rsa_issuer(), ec_issuer())))


async def identify(authenticator: Authenticator, token: str) -> Identity | None:
    return await authenticator.authenticate({"authorization": f"Bearer {token}"})


async def refusal(authenticator: Authenticator, token: str) -> str:
    with pytest.raises(AuthError) as caught:
        await identify(authenticator, token)
    assert (caught.value.code, caught.value.status) == ("UNAUTHENTICATED", 401)
    return str(caught.value)


def signed(header: str, payload: str, issuer: Issuer = ISSUER) -> str:
    """Sign texts as they are, be they JSON or not."""
    parts = ".".join(base64.urlsafe_b64encode(text.encode()).rstrip(b"=").decode() for text in (header, payload))
    signature = jwt.get_algorithm_by_name(issuer.algorithm).sign(parts.encode(), issuer.key)
    return f"{parts}.{base64.urlsafe_b64encode(signature).rstrip(b'=').decode()}"


GOOD_HEADER = json.dumps({"alg": "EdDSA", "kid": ISSUER.kid})


def good_payload(**more: Json) -> str:
    return json.dumps({"sub": "ada", "tenant": "demo", "exp": int(time.time()) + 60, **more})


async def test_what_is_signed_by_hand_here_is_a_token(authenticator: Authenticator) -> None:
    assert await identify(authenticator, signed(GOOD_HEADER, good_payload())) == Identity("demo", "ada")


@pytest.mark.parametrize("name", ["jwk", "jku", "x5u", "x5c"])
async def test_a_key_that_a_token_brings_is_not_looked_at(authenticator: Authenticator, name: str) -> None:
    brought = {"jwk": FORGER.jwk, "jku": "https://evil.example/jwks", "x5u": "https://evil.example/x", "x5c": ["MII"]}
    for kid, reason in ((ISSUER.kid, BAD_SIGNATURE), (FORGER.kid, UNKNOWN_KEY)):
        token = Issuer(FORGER.key, kid).sign(headers={name: brought[name]})
        assert await refusal(authenticator, token) == reason
    assert await identify(authenticator, ISSUER.sign(headers={name: brought[name]}))


@pytest.mark.parametrize("kid", ["../../../dev/null", "/dev/zero", "https://evil.example/jwks", "one' OR '1'='1", ""])
async def test_a_key_id_is_a_name_and_opens_nothing(authenticator: Authenticator, kid: str) -> None:
    assert await refusal(authenticator, Issuer(ISSUER.key, kid).sign()) == UNKNOWN_KEY


@pytest.mark.parametrize("kid", [7, None, ["one"], {"one": 1}])
async def test_a_key_id_that_is_no_text_is_refused(authenticator: Authenticator, kid: Json) -> None:
    header = json.dumps({"alg": "EdDSA", "kid": kid})
    assert await refusal(authenticator, signed(header, good_payload())) == MALFORMED


async def test_the_key_id_of_another_key_is_a_bad_signature(authenticator: Authenticator) -> None:
    assert await refusal(authenticator, Issuer(FORGER.key, ISSUER.kid).sign()) == BAD_SIGNATURE


async def test_a_key_serves_no_other_kind_of_signature(authenticator: Authenticator) -> None:
    assert await refusal(authenticator, Issuer(ec_issuer().key, "rsa", "ES256").sign()) == UNKNOWN_KEY


@pytest.mark.parametrize("extension", [{"crit": ["exp"], "exp": 1}, {"crit": []}, {"crit": ["b64"], "b64": False}])
async def test_an_extension_that_has_to_be_understood_is_refused(
    authenticator: Authenticator, extension: dict[str, Json]
) -> None:
    header = json.dumps({"alg": "EdDSA", "kid": ISSUER.kid, **extension})
    assert "The token " in await refusal(authenticator, signed(header, good_payload()))


async def test_a_token_without_its_payload_is_refused(authenticator: Authenticator) -> None:
    header = json.dumps({"alg": "EdDSA", "kid": ISSUER.kid, "b64": False})
    assert "The token " in await refusal(authenticator, signed(header, ""))


@pytest.mark.parametrize(
    ("header", "payload"),
    [
        ('{"alg": "none", "alg": "EdDSA", "kid": "one"}', "{}"),
        ('{"alg": "EdDSA", "kid": "forger", "kid": "one"}', "{}"),
        (GOOD_HEADER, '{"sub": "ada", "sub": "root", "tenant": "demo", "exp": 4000000000}'),
        (GOOD_HEADER, '{"sub": "ada", "tenant": "demo", "exp": 4000000000, "projects": [{"id": "a", "id": "b"}]}'),
    ],
)
async def test_a_name_that_stands_twice_is_refused(authenticator: Authenticator, header: str, payload: str) -> None:
    assert await refusal(authenticator, signed(header, payload)) == MALFORMED


@pytest.mark.parametrize("exp", ["Infinity", "-Infinity", "NaN", "1e999", '"soon"', "[]", "{}", "null", '"4000000000"'])
async def test_a_time_that_is_none_is_refused(authenticator: Authenticator, exp: str) -> None:
    for name in ("exp", "nbf", "iat"):
        payload = f'{{"sub": "ada", "tenant": "demo", "{name}": {exp}, "x": 1}}'
        assert "The token " in await refusal(authenticator, signed(GOOD_HEADER, payload))


async def test_a_time_beyond_measure_is_far_away(authenticator: Authenticator) -> None:
    payload = f'{{"sub": "ada", "tenant": "demo", "exp": {"1" * 400}}}'
    assert await identify(authenticator, signed(GOOD_HEADER, payload)) == Identity("demo", "ada")


@pytest.mark.parametrize("name", ["nbf", "iat"])
async def test_a_token_from_the_future_is_refused(authenticator: Authenticator, name: str) -> None:
    soon: dict[str, Json] = {name: time.time() + 60}
    token = ISSUER.sign(**soon, exp=time.time() + 120)
    assert await refusal(authenticator, token) == "The token is not valid yet."


@pytest.mark.parametrize("claim", ["sub", "tenant", "scope", "policies", "projects", "iss", "aud", "jti"])
@pytest.mark.parametrize("value", [7, True, {"a": 1}, [["a"]], [None]])
async def test_claims_of_other_kinds_are_refused_or_not_looked_at(
    authenticator: Authenticator, claim: str, value: Json
) -> None:
    payload = good_payload(**{claim: value})
    try:
        identity = await identify(authenticator, signed(GOOD_HEADER, payload))
    except InvalidToken:
        return
    assert claim in {"iss", "aud"}
    assert identity == Identity("demo", "ada")


@pytest.mark.parametrize("text", ["[" * 7_000, "{" * 7_000, '{"a":' * 1_500, "", "[]", "null", "7", "\x00", "\ud800"])
async def test_what_is_no_object_is_refused(authenticator: Authenticator, text: str) -> None:
    text = text.encode("utf-8", "replace").decode()
    for token in (signed(text, good_payload()), signed(GOOD_HEADER, text)):
        assert await refusal(authenticator, token)


async def test_a_huge_token_is_refused_unread(authenticator: Authenticator) -> None:
    token = ISSUER.sign(scope="s" * MAX_LENGTH)
    assert await refusal(authenticator, token) == f"The token is longer than {MAX_LENGTH} characters."


async def test_only_the_algorithms_of_the_issuer_are_accepted(tmp_path: Path) -> None:
    url = str(write_jwks(tmp_path / "jwks.json", ISSUER, rsa_issuer()))
    picky = trusting(url, algorithms=("RS256",))
    assert await identify(picky, rsa_issuer().sign())
    assert await refusal(picky, ISSUER.sign()) == UNKNOWN_KEY
    assert await refusal(picky, Issuer(rsa_issuer().key, "rsa", "PS256").sign()) == UNKNOWN_KEY


def test_a_shared_secret_cannot_even_be_configured() -> None:
    with pytest.raises(ValueError, match="HS256"):
        Jwks.model_validate({"url": "jwks.json", "algorithms": ["HS256"]})


class Published:
    """An issuer on the network, and how often its keys were asked for."""

    def __init__(self, *issuers: Issuer) -> None:
        self.issuers = issuers
        self.reads = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            self.reads += 1
            await JSONResponse({"keys": [one.jwk for one in self.issuers]})(scope, receive, send)


@asynccontextmanager
async def published() -> AsyncIterator[tuple[Published, Authenticator]]:
    issuer = Published(ISSUER)
    async with serving(issuer) as url:
        yield issuer, trusting(f"{url}/jwks")


async def test_thousands_of_unknown_keys_cost_one_reading() -> None:
    async with published() as (issuer, authenticator):
        for n in range(2_000):
            assert await refusal(authenticator, Issuer(FORGER.key, f"k{n}").sign()) == UNKNOWN_KEY
        assert issuer.reads == 1
        assert await identify(authenticator, ISSUER.sign())


@pytest.mark.parametrize("algorithm", ["none", "HS256", "RS1", "ES256K", "dir"])
async def test_a_signature_that_nobody_accepts_costs_no_reading(algorithm: str) -> None:
    async with published() as (issuer, authenticator):
        header = json.dumps({"alg": algorithm, "kid": "new"})
        assert await refusal(authenticator, signed(header, good_payload())) == UNKNOWN_KEY
        assert issuer.reads == 0


async def test_refused_tokens_are_not_remembered_and_good_ones_only_so_many(authenticator: Authenticator) -> None:
    for _ in range(50):
        await refusal(authenticator, FORGER.sign())
    assert not authenticator._verified
    for n in range(50):
        await identify(authenticator, ISSUER.sign(sub=f"p{n}"))
    assert len(authenticator._verified) == 50
    assert authenticator._verified.maxsize == CAPACITY
    assert all(len(name) == 32 for name in authenticator._verified)
