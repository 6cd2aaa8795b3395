from __future__ import annotations

from pathlib import Path

import orjson
import pytest
from starlette.responses import JSONResponse, Response
from starlette.types import Receive, Scope, Send

from router.identity.keys import COOL_DOWN, InvalidKeys, KeySet, read_keys
from router.settings import Jwks
from tests.router.door import serving
from tests.router.identity.tokens import ed25519_issuer, rsa_issuer, write_jwks

ONE, TWO = ed25519_issuer("one"), ed25519_issuer("two")


class Clock:
    """Time that passes when told to."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return write_jwks(tmp_path / "jwks.json", ONE)


@pytest.fixture
def clock() -> Clock:
    return Clock()


def known(keys: KeySet) -> list[str | None]:
    return [key.id for key in keys.keys]


async def test_a_missing_key_has_the_set_read_again_after_a_cool_down(file: Path, clock: Clock) -> None:
    keys = KeySet(Jwks(url=str(file)), clock)
    write_jwks(file, ONE, TWO)
    await keys.refresh(missing=True)
    assert known(keys) == ["one"]
    clock.now += COOL_DOWN.total_seconds()
    await keys.refresh(missing=True)
    assert known(keys) == ["one", "two"]


async def test_aged_keys_are_read_again_so_that_a_withdrawn_one_is_gone(file: Path, clock: Clock) -> None:
    keys = KeySet(Jwks(url=f"file://{file}"), clock)
    write_jwks(file, TWO)
    await keys.refresh(missing=False)
    assert known(keys) == ["one"]
    clock.now += keys.settings.poll_interval.total_seconds()
    await keys.refresh(missing=False)
    assert known(keys) == ["two"]


async def test_keys_are_kept_while_they_cannot_be_read(file: Path, clock: Clock) -> None:
    keys = KeySet(Jwks(url=str(file)), clock)
    for text in ("not json", '{"keys": 7}', "[]"):
        write_jwks(file, text=text)
        clock.now += 100
        await keys.refresh(missing=False)
        assert known(keys) == ["one"]


async def test_keys_are_fetched_over_http_when_first_needed(clock: Clock) -> None:
    served: list[Response] = [Response(status_code=503), JSONResponse({"keys": [ONE.jwk]})]

    async def issuer(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            await served.pop(0)(scope, receive, send)

    async with serving(issuer) as url:
        keys = KeySet(Jwks(url=f"{url}/jwks"), clock)
        assert known(keys) == []
        await keys.refresh(missing=True)
        assert known(keys) == []
        clock.now += 100
        await keys.refresh(missing=True)
        assert known(keys) == ["one"]


def test_a_file_that_cannot_be_read_stops_the_start(tmp_path: Path) -> None:
    with pytest.raises(InvalidKeys, match="No such file"):
        KeySet(Jwks(url=str(tmp_path / "absent.json")))


@pytest.mark.parametrize(
    "text", [b"", b"[]", b"{}", b'{"keys": [{}]}', b'{"keys": [{"kty": "OKP"}]}', b'{"keys": [7]}']
)
def test_what_is_no_key_set_is_refused(text: bytes) -> None:
    with pytest.raises(InvalidKeys, match="not a JSON Web Key Set"):
        read_keys(text)


def test_keys_for_other_uses_are_left_out() -> None:
    jwk = rsa_issuer().jwk
    keys = [{**jwk, "use": "enc"}, {**jwk, "alg": "RSA-OAEP"}, jwk]
    assert len(read_keys(orjson.dumps({"keys": keys}))) == 1
