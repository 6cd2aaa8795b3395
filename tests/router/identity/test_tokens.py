from __future__ import annotations

import base64
import hashlib
import hmac
import json
import time
from datetime import timedelta
from pathlib import Path

import jwt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from router.errors import AuthError
from router.identity.anonymous import Anonymous
from router.identity.claims import read_claims
from router.identity.tokens import Authenticator
from router.request import Identity, Json, ProjectRole
from router.settings import Authorization, Jwks, Jwt
from router.settings.identity import Claims
from tests.router.identity.tokens import Issuer, ec_issuer, ed25519_issuer, rsa_issuer, write_jwks

ISSUER = ed25519_issuer()


def trusting(file: Path, *, required: bool = False, tenant: str | None = None, **facts: Json) -> Authenticator:
    settings = Jwt(jwks=(Jwks(url=str(file), **facts),), default_tenant=tenant)
    return Authenticator(settings, Authorization(require_authentication=required))


@pytest.fixture
def jwks(tmp_path: Path) -> Path:
    return write_jwks(tmp_path / "jwks.json", ISSUER, rsa_issuer(), ec_issuer())


async def identify(authenticator: Authenticator | Anonymous, header: str | None) -> Identity | None:
    return await authenticator.authenticate({} if header is None else {"authorization": header})


async def refusal(authenticator: Authenticator | Anonymous, header: str | None) -> str:
    with pytest.raises(AuthError) as caught:
        await identify(authenticator, header)
    assert (caught.value.code, caught.value.status, caught.value.json_status) == ("UNAUTHENTICATED", 401, 401)
    return str(caught.value)


async def test_a_good_token_is_an_identity(jwks: Path) -> None:
    token = ISSUER.sign(scope="a b", projects=[{"id": "p", "role": "owner"}], policies=["pii.read"])
    assert await identify(trusting(jwks), f"Bearer {token}") == Identity(
        "demo", "ada", frozenset({"a", "b"}), (ProjectRole("p", "owner"),), frozenset({"pii.read"})
    )


@pytest.mark.parametrize("issuer", [ISSUER, rsa_issuer(), ec_issuer()], ids=lambda one: one.algorithm)
async def test_every_kind_of_key_is_used(jwks: Path, issuer: Issuer) -> None:
    identity = await identify(trusting(jwks), f"bearer {issuer.sign()}")
    assert identity is not None
    assert identity.principal == "ada"


async def test_an_rsa_key_without_an_algorithm_serves_its_whole_family(jwks: Path) -> None:
    other = Issuer(rsa_issuer().key, "rsa", "PS512")
    assert await identify(trusting(jwks), f"Bearer {other.sign()}")


async def test_a_token_without_a_key_id_is_tried_with_every_key_of_its_algorithm(jwks: Path) -> None:
    claims = {"sub": "ada", "tenant": "demo", "exp": time.time() + 60}
    assert await identify(trusting(jwks), f"Bearer {jwt.encode(claims, ISSUER.key, 'EdDSA')}")


async def test_without_a_token_nobody_in_particular_asks(jwks: Path) -> None:
    assert await identify(trusting(jwks), None) is None


async def test_without_issuers_tokens_are_not_looked_at() -> None:
    assert await identify(Anonymous(Authorization()), "Bearer nonsense") is None


async def test_a_token_can_be_required(jwks: Path) -> None:
    assert "A token is required" in await refusal(trusting(jwks, required=True), None)
    assert "A token is required" in await refusal(Anonymous(Authorization(require_authentication=True)), None)


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer ", "Basic YTpi", "nonsense"])
async def test_a_header_that_is_no_bearer_token_is_refused(jwks: Path, header: str) -> None:
    assert await refusal(trusting(jwks), header) == "The header 'Authorization' must be 'Bearer' and a token."


@pytest.mark.parametrize(
    ("claims", "reason"),
    [
        ({"exp": 1}, "The token has expired."),
        ({"exp": None}, "The token has no claim 'exp'."),
        ({"nbf": 2**40, "exp": 2**41}, "The token is not valid yet."),
        ({"iss": "https://other"}, "The token is from an issuer that is not trusted."),
        ({"iss": None}, "The token has no claim 'iss'."),
        ({"aud": "other"}, "The token is for another audience."),
        ({"aud": None}, "The token has no claim 'aud'."),
        ({"tenant": None}, "The token names no tenant."),
        ({"tenant": 7}, "The token names no tenant."),
        ({"tenant": ""}, "The token names no tenant."),
        ({"scope": ["a"]}, "The token has malformed claims."),
        ({"projects": ["p"]}, "The token has malformed claims."),
        ({"policies": "pii.read"}, "The token has malformed claims."),
        ({"projects": [{"id": str(n), "role": "r"} for n in range(201)]}, "The token names more than 200 projects."),
        ({"exp": "soon"}, "The token is malformed."),
    ],
)
async def test_claims_that_do_not_fit_are_refused(jwks: Path, claims: dict[str, Json], reason: str) -> None:
    authenticator = trusting(jwks, issuers=("https://issuer",), audiences=("router",))
    assert await refusal(authenticator, f"Bearer {ISSUER.sign(**{'aud': 'router', **claims})}") == reason
    assert await identify(authenticator, f"Bearer {ISSUER.sign(aud='router')}")


async def test_times_have_a_small_leeway(jwks: Path) -> None:
    assert await identify(trusting(jwks), f"Bearer {ISSUER.sign(exp=time.time() - 2, nbf=time.time() + 2)}")


async def test_a_forged_signature_is_refused(jwks: Path) -> None:
    forger = Issuer(ed25519_issuer("forger").key, ISSUER.kid)
    assert await refusal(trusting(jwks), f"Bearer {forger.sign()}") == "The token has a bad signature."


async def test_a_changed_payload_is_refused(jwks: Path) -> None:
    header, _, signature = ISSUER.sign().split(".")
    payload = _base64({"sub": "root", "tenant": "demo", "exp": time.time() + 60})
    assert await refusal(trusting(jwks), f"Bearer {header}.{payload}.{signature}") == "The token has a bad signature."


async def test_an_unknown_key_is_refused(jwks: Path) -> None:
    token = ed25519_issuer("unknown").sign()
    assert await refusal(trusting(jwks), f"Bearer {token}") == "The token is signed with an unknown key."


@pytest.mark.parametrize("algorithm", ["none", "None", "NONE", "", None, 7])
async def test_an_unsigned_token_is_refused(jwks: Path, algorithm: object) -> None:
    header = _base64({"alg": algorithm, "kid": ISSUER.kid})
    payload = _base64({"sub": "ada", "tenant": "demo", "exp": time.time() + 60})
    for signature in ("", "AAAA"):
        assert "The token is" in await refusal(trusting(jwks), f"Bearer {header}.{payload}.{signature}")


@pytest.mark.parametrize("issuer", [ISSUER, rsa_issuer(), ec_issuer()], ids=lambda one: one.algorithm)
@pytest.mark.parametrize("algorithm", ["HS256", "HS512"])
async def test_a_public_key_is_never_a_shared_secret(jwks: Path, issuer: Issuer, algorithm: str) -> None:
    signed = f"{_base64({'alg': algorithm, 'kid': issuer.kid})}.{_base64({'sub': 'ada', 'exp': time.time() + 60})}"
    digest = hmac.new(issuer.public_pem, signed.encode(), getattr(hashlib, algorithm.replace("HS", "sha"))).digest()
    token = f"{signed}.{base64.urlsafe_b64encode(digest).rstrip(b'=').decode()}"
    assert await refusal(trusting(jwks), f"Bearer {token}") == "The token is signed with an unknown key."


async def test_a_shared_secret_among_the_keys_is_left_out(tmp_path: Path) -> None:
    secret = {"kty": "oct", "kid": "shared", "k": base64.urlsafe_b64encode(b"s" * 64).decode(), "alg": "HS256"}
    file = write_jwks(tmp_path / "jwks.json", ISSUER, extra=(secret,))
    token = jwt.encode({"sub": "ada", "exp": time.time() + 60}, b"s" * 64, "HS256", headers={"kid": "shared"})
    assert await refusal(trusting(file), f"Bearer {token}") == "The token is signed with an unknown key."


async def test_a_key_speaks_for_its_own_issuer_only(tmp_path: Path) -> None:
    other = ed25519_issuer("other")
    ours = Jwks(url=str(write_jwks(tmp_path / "ours.json", ISSUER)), issuers=("https://issuer",))
    theirs = Jwks(url=str(write_jwks(tmp_path / "theirs.json", other)), issuers=("https://other",))
    authenticator = Authenticator(Jwt(jwks=(ours, theirs)), Authorization())
    assert await identify(authenticator, f"Bearer {other.sign(iss='https://other')}")
    assert await refusal(authenticator, f"Bearer {other.sign(iss='https://issuer')}") == (
        "The token is from an issuer that is not trusted."
    )


async def test_policies_can_be_granted_to_everybody_who_is_somebody(jwks: Path) -> None:
    settings = Jwt(jwks=(Jwks(url=str(jwks)),))
    authenticator = Authenticator(settings, Authorization(default_policies=frozenset({"read"})))
    identity = await identify(authenticator, f"Bearer {ISSUER.sign(policies=['write'])}")
    assert identity is not None
    assert identity.policies == {"read", "write"}


async def test_a_tenant_can_be_set_for_tokens_that_name_none(jwks: Path) -> None:
    identity = await identify(trusting(jwks, tenant="only"), f"Bearer {ISSUER.sign(tenant=None)}")
    assert identity is not None
    assert identity.tenant == "only"


async def test_a_verified_token_is_remembered_for_a_while_and_never_beyond_its_end(tmp_path: Path) -> None:
    withdrawn = ed25519_issuer("withdrawn")
    file = write_jwks(tmp_path / "jwks.json", withdrawn)
    now = time.time()
    clock = [now]
    settings = Jwt(jwks=(Jwks(url=str(file), poll_interval=timedelta(microseconds=1)),))
    authenticator = Authenticator(settings, Authorization(), lambda: clock[0])
    long, short = (f"Bearer {withdrawn.sign(exp=now + seconds)}" for seconds in (60, 10))
    identity = await identify(authenticator, long)
    assert await identify(authenticator, short) == identity
    write_jwks(file, ISSUER)
    clock[0] += 9
    assert await identify(authenticator, long) is identity
    assert await identify(authenticator, short) == identity
    clock[0] += 2
    assert await identify(authenticator, long) is identity
    assert await refusal(authenticator, short) == "The token is signed with an unknown key."
    clock[0] += 20
    assert await refusal(authenticator, long) == "The token is signed with an unknown key."


@pytest.mark.parametrize("on_error", ["continue", "Continue"])
async def test_a_token_at_fault_can_leave_its_sender_anonymous(jwks: Path, on_error: str) -> None:
    settings = Jwt.model_validate({"jwks": [{"url": str(jwks)}], "on_error": on_error})
    lenient = Authenticator(settings, Authorization())
    assert await identify(lenient, "Bearer nonsense") is None
    assert await identify(lenient, "Basic YTpi") is None
    assert await identify(lenient, f"Bearer {ISSUER.sign()}") == Identity("demo", "ada")
    strict = Authenticator(settings, Authorization(require_authentication=True))
    assert "A token is required" in await refusal(strict, "Bearer nonsense")


async def test_how_far_clocks_may_be_off_is_a_setting(jwks: Path) -> None:
    late, early = ISSUER.sign(exp=time.time() - 50), ISSUER.sign(nbf=time.time() + 50, iat=time.time() + 50)
    settings = Jwt.model_validate({"jwks": [{"url": str(jwks)}], "clock_skew": "60s"})
    for token in (late, early):
        assert await identify(Authenticator(settings, Authorization()), f"Bearer {token}") == Identity("demo", "ada")
        assert "The token " in await refusal(trusting(jwks), f"Bearer {token}")


async def test_a_refusal_says_how_to_ask(jwks: Path) -> None:
    with pytest.raises(AuthError) as without:
        await identify(trusting(jwks, required=True), None)
    assert dict(without.value.headers) == {"www-authenticate": 'Bearer realm="graphql"'}
    with pytest.raises(AuthError) as expired:
        await identify(trusting(jwks), f"Bearer {ISSUER.sign(exp=1)}")
    assert dict(expired.value.headers) == {
        "www-authenticate": 'Bearer realm="graphql", error="invalid_token", error_description="The token has expired."'
    }


def test_claims_may_have_other_names() -> None:
    claims = {"sub": "ada", "org": "acme", "scp": "a b", "teams": [{"id": "p", "role": "owner"}], "may": ["x"]}
    names = Claims(tenant="org", scopes="scp", projects="teams", policies="may")
    assert read_claims(claims, None, frozenset(), names) == Identity(
        "acme", "ada", frozenset({"a", "b"}), (ProjectRole("p", "owner"),), frozenset({"x"})
    )


def test_without_a_principal_there_are_no_projects() -> None:
    claims = {"tenant": "demo", "projects": [{"id": "p", "role": "owner"}]}
    assert read_claims(claims, None, frozenset()) == Identity("demo", None)


_JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.text()),
    lambda inner: st.one_of(st.lists(inner), st.dictionaries(st.text(), inner)),
    max_leaves=10,
)


@given(
    st.fixed_dictionaries(
        {"tenant": st.one_of(st.just("demo"), _JSON)},
        optional=dict.fromkeys(("sub", "scope", "projects", "policies"), _JSON),
    )
)
def test_whatever_the_claims_they_are_an_identity_or_refused(claims: dict[str, Json]) -> None:
    try:
        identity = read_claims(claims, None, frozenset())
    except AuthError:
        return
    assert identity.tenant
    assert identity.principal is None or isinstance(identity.principal, str)
    assert hash(identity)


def _base64(content: Json) -> str:
    return base64.urlsafe_b64encode(json.dumps(content).encode()).rstrip(b"=").decode()
