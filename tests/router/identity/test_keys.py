from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import orjson
import pytest
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.types import Receive, Scope, Send

from router.identity.fetched_keys import MAX_BYTES
from router.identity.keys import COOL_DOWN, MAX_TRIED, InvalidKeys, KeySet, read_keys
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


class Issuer:
    """A key set on the network, which answers when it may."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.answers: list[Response] = []
        self.asked = 0
        self.may_answer = asyncio.Event()
        self.may_answer.set()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            self.asked += 1
            await self.may_answer.wait()
            await self.answers[min(self.asked, len(self.answers)) - 1](scope, receive, send)

    @asynccontextmanager
    async def serving(self, *answers: Response) -> AsyncIterator[KeySet]:
        self.answers = list(answers)
        async with serving(self) as url:
            keys = KeySet(Jwks(url=f"{url}/jwks"), self.clock)
            await keys.refresh(missing=False)
            yield keys
            self.may_answer.set()
            if keys._reading is not None:
                await keys._reading


def published(*issuers: object) -> Response:
    return JSONResponse({"keys": [one.jwk for one in (ONE, TWO) if one in issuers]})


async def test_who_needs_no_new_key_does_not_wait_for_an_issuer(clock: Clock) -> None:
    issuer = Issuer(clock)
    async with issuer.serving(published(ONE), published(ONE, TWO)) as keys:
        issuer.may_answer.clear()
        clock.now += keys.settings.poll_interval.total_seconds()
        await keys.refresh(missing=False)
        assert known(keys) == ["one"]
        waiting = [asyncio.create_task(keys.refresh(missing=True)) for _ in range(100)]
        await asyncio.sleep(0)
        await keys.refresh(missing=False)
        assert not any(one.done() for one in waiting)
        issuer.may_answer.set()
        await asyncio.gather(*waiting)
        assert (known(keys), issuer.asked) == (["one", "two"], 2)


async def test_old_keys_serve_on_while_their_issuer_is_down(clock: Clock) -> None:
    issuer = Issuer(clock)
    async with issuer.serving(published(ONE), Response(status_code=503)) as keys:
        for _ in range(3):
            clock.now += 2 * keys.settings.poll_interval.total_seconds()
            await keys.refresh(missing=False)
        assert (known(keys), issuer.asked) == (["one"], 4)


async def test_a_withdrawn_key_is_gone_after_a_quiet_time(clock: Clock) -> None:
    issuer = Issuer(clock)
    async with issuer.serving(published(ONE), published(TWO)) as keys:
        clock.now += 2 * keys.settings.poll_interval.total_seconds()
        await keys.refresh(missing=False)
        assert known(keys) == ["two"]


@pytest.mark.parametrize(
    "answer", [Response(b" " * (MAX_BYTES + 1)), RedirectResponse("/elsewhere"), Response(b"{}"), Response(b"\xff")]
)
async def test_an_answer_that_is_no_key_set_changes_nothing(clock: Clock, answer: Response) -> None:
    issuer = Issuer(clock)
    async with issuer.serving(published(ONE), answer) as keys:
        clock.now += COOL_DOWN.total_seconds()
        await keys.refresh(missing=True)
        assert (known(keys), issuer.asked) == (["one"], 2)


async def test_a_caller_who_leaves_takes_no_reading_down(clock: Clock) -> None:
    issuer = Issuer(clock)
    async with issuer.serving(published(ONE), published(TWO)) as keys:
        issuer.may_answer.clear()
        clock.now += COOL_DOWN.total_seconds()
        gone, stays = (asyncio.create_task(keys.refresh(missing=True)) for _ in range(2))
        await asyncio.sleep(0)
        gone.cancel()
        issuer.may_answer.set()
        await stays
        assert known(keys) == ["two"]


async def test_a_closed_set_gives_up_its_reading(clock: Clock) -> None:
    issuer = Issuer(clock)
    async with issuer.serving(published(ONE)) as keys:
        issuer.may_answer.clear()
        clock.now += keys.settings.poll_interval.total_seconds()
        await keys.refresh(missing=False)
        reading = keys._reading
        assert reading is not None
        keys.close()
        await asyncio.wait([reading])
        assert reading.cancelled()
        assert known(keys) == ["one"]


def test_a_token_without_a_key_id_tries_only_so_many_keys() -> None:
    jwk = ONE.jwk
    keys = read_keys(orjson.dumps({"keys": [{**jwk, "kid": str(n)} for n in range(MAX_TRIED * 2)]}))
    key_set = KeySet(Jwks(url="http://127.0.0.1:1"))
    key_set.keys = keys
    assert len(key_set.find(None, "EdDSA")) == MAX_TRIED
    assert len(key_set.find("31", "EdDSA")) == 1


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
