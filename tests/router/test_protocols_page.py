"""Every exchange of `docs/protocols.md` is as it says."""

from __future__ import annotations

import json
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import httpx
import pytest
import pytest_asyncio
import yaml

from tests.router.door import Door, open_door

PAGE = (Path(__file__).parents[2] / "docs/protocols.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```http\n(.*?)```", PAGE, re.DOTALL)


@dataclass(frozen=True, slots=True)
class Message:
    """A request or a response, as the page has it."""

    first: list[str]
    headers: dict[str, str]
    body: str

    @classmethod
    def read(cls, block: str) -> Message:
        head, _, body = block.partition("\n\n")
        first, *lines = head.strip().splitlines()
        return cls(first.split(" "), dict(line.split(": ", 1) for line in lines), body.strip())


EXCHANGES = [(Message.read(BLOCKS[at]), Message.read(BLOCKS[at + 1])) for at in range(0, len(BLOCKS), 2)]


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def door(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Door]:
    (settings,) = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)
    async with open_door(tmp_path_factory.mktemp("door"), **yaml.safe_load(settings)) as opened:
        yield opened


@pytest.mark.parametrize("exchange", EXCHANGES, ids=lambda one: f"{' '.join(one[0].first[:2])[:30]} {one[0].body[:40]}")
async def test_an_exchange_of_the_page_is_as_it_says(door: Door, exchange: tuple[Message, Message]) -> None:
    request, expected = exchange
    method, target, _ = request.first
    response = await send(door, method, target, request)
    assert str(response.status_code) == expected.first[1]
    assert {name: response.headers.get(name) for name in expected.headers} == expected.headers
    if expected.body:
        assert response.json() == json.loads(expected.body)
    assert door.subgraphs.written == []


async def send(door: Door, method: str, target: str, request: Message) -> httpx.Response:
    url = quote(target, safe="/?&=")
    return await door.client.request(method, url, content=request.body or None, headers=request.headers)


def test_the_page_has_a_response_for_every_request() -> None:
    assert len(BLOCKS) % 2 == 0
    assert all(response.first[0] == "HTTP/1.1" for _, response in EXCHANGES)
