"""Compression of answers."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import AsyncIterator
from contextlib import suppress
from pathlib import Path

import pytest
import pytest_asyncio
from hypothesis import given
from hypothesis import strategies as st

from router.errors import RequestError
from router.transport.body import inflate
from router.transport.encode import choose_coding, encode
from tests.router.door import Door, open_door

NAMES = [f"{'long' * 10}_{at}" for at in range(60)]
LONG = {"query": "{ " + " ".join(f"{name}: __typename" for name in NAMES) + " }"}
ANSWER = {"data": dict.fromkeys(NAMES, "Query")}


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def door(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Door]:
    async with open_door(tmp_path_factory.mktemp("door")) as opened:
        yield opened


@pytest.mark.parametrize(
    ("accepted", "coding"),
    [
        ("", None),
        ("identity", None),
        ("br", None),
        ("gzip", "gzip"),
        ("GZIP", "gzip"),
        ("deflate", "deflate"),
        ("gzip, deflate, br, zstd", "gzip"),
        ("deflate, gzip;q=0.5", "deflate"),
        ("gzip;q=0, deflate", "deflate"),
        ("gzip;q=0", None),
        ("*", "gzip"),
        ("*;q=0.1, gzip;q=0", "deflate"),
        ("identity, gzip;q=0.5", None),
        ("identity;q=0.5, gzip;q=0.5", "gzip"),
        ("gzip;q=nonsense", None),
    ],
)
def test_the_client_gets_what_it_prefers(accepted: str, coding: str | None) -> None:
    assert choose_coding(accepted) == coding


@pytest.mark.parametrize("length", [10, 200_000])
async def test_what_is_compressed_can_be_read(length: int) -> None:
    body = b"x" * length
    assert gzip.decompress(await encode(body, "gzip")) == body
    assert zlib.decompress(await encode(body, "deflate")) == body


@pytest.mark.parametrize(("accepted", "coding"), [("gzip", "gzip"), ("deflate", "deflate"), ("identity", None)])
async def test_a_long_answer_is_compressed_for_who_accepts_it(door: Door, accepted: str, coding: str | None) -> None:
    response = await door.client.post("/graphql", json=LONG, headers={"accept-encoding": accepted})
    assert response.headers.get("content-encoding") == coding
    assert response.headers["vary"] == "accept, accept-encoding"
    assert response.json() == ANSWER
    assert (int(response.headers["content-length"]) < 1_000) is (coding is not None)


async def test_a_short_answer_is_not(door: Door) -> None:
    response = await door.client.post("/graphql", json={"query": "{ __typename }"}, headers={"accept-encoding": "gzip"})
    assert "content-encoding" not in response.headers


async def test_compression_can_be_left_to_others(tmp_path: Path) -> None:
    async with open_door(tmp_path, compression={"enabled": False}) as door:
        response = await door.client.post("/graphql", json=LONG, headers={"accept-encoding": "gzip"})
        assert "content-encoding" not in response.headers
        assert response.json() == ANSWER


@given(st.text())
def test_any_header_is_read(accepted: str) -> None:
    assert choose_coding(accepted) in {None, "gzip", "deflate"}


@given(st.one_of(st.binary(), st.binary().map(gzip.compress), st.binary().map(zlib.compress)), st.integers(0, 300))
def test_anything_is_inflated_within_the_limit_or_refused(body: bytes, limit: int) -> None:
    with suppress(RequestError):
        assert len(inflate(body, limit)) <= limit


@given(st.binary(max_size=1_000))
def test_what_was_compressed_comes_back(body: bytes) -> None:
    assert inflate(gzip.compress(body), 1_000) == inflate(zlib.compress(body), 1_000) == body
