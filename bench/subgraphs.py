"""All subgraphs of all graphs, by one lean server: `python -m bench.subgraphs` prints its port, and serves.

A subgraph lies at `/GRAPH/DELAY/NAME`, delay in milliseconds. Each request is executed once; when its like comes again,
whatever its token, the bytes of that answer are sent, so that it is the router that is measured.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable
from functools import cache

import httptools
import orjson
import uvloop

from bench.graphs.graph import Record
from bench.workloads import COLLECTOR, GRAPHS, TOKEN, TOKEN_MARK

HEAD = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: %d\r\n\r\n"

answers: dict[tuple[bytes, bytes], bytes] = {}


@cache
def _subgraph(graph: str, name: str) -> Callable[[str, Record], Record]:
    return GRAPHS[graph].subgraph(name)


def answer(path: bytes, body: bytes) -> bytes:
    """Answer a request to a subgraph, HTTP head included."""
    at = body.find(TOKEN_MARK)
    token = body[at : at + len(TOKEN)]
    if at < 0 or token == TOKEN.encode():
        return _known(path, body)
    return _known(path, body.replace(token, TOKEN.encode())).replace(TOKEN.encode(), token)


def _known(path: bytes, body: bytes) -> bytes:
    found = answers.get((path, body))
    if found is None:
        found = answers[path, body] = _execute(path, body)
    return found


def _execute(path: bytes, body: bytes) -> bytes:
    _, graph, _, name = path.decode().split("/")
    asked = orjson.loads(body)
    try:
        result: Record = {"data": _subgraph(graph, name)(asked["query"], asked.get("variables") or {})}
    except ValueError as error:
        result = {"errors": [{"message": str(error)}]}
    encoded = orjson.dumps(result)
    return HEAD % len(encoded) + encoded


class SubgraphProtocol(asyncio.Protocol):
    """One connection."""

    requests = 0

    def __init__(self) -> None:
        self._parser = httptools.HttpRequestParser(self)
        self._loop = asyncio.get_running_loop()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport: asyncio.WriteTransport = transport  # type: ignore[assignment]  # a stream is written to

    def data_received(self, data: bytes) -> None:
        self._parser.feed_data(data)

    def on_message_begin(self) -> None:
        self._path = b""
        self._body: list[bytes] = []

    def on_url(self, url: bytes) -> None:
        self._path += url

    def on_body(self, body: bytes) -> None:
        self._body.append(body)

    def on_message_complete(self) -> None:
        if self._path.startswith(f"/{COLLECTOR}".encode()):
            self._send(HEAD % 0)
            return
        path, SubgraphProtocol.requests = self._path, SubgraphProtocol.requests + 1
        sent = answer(path, b"".join(self._body))
        delay_ms = int(path.split(b"/")[2])
        if delay_ms:
            self._loop.call_later(delay_ms / 1000, self._send, sent)
        else:
            self._send(sent)

    def _send(self, sent: bytes) -> None:
        if not self._transport.is_closing():
            self._transport.write(sent)


async def serve() -> None:
    """Listen on a free port; for each line of standard input say how many requests came so far, until it ends."""
    loop = asyncio.get_running_loop()
    server = await loop.create_server(SubgraphProtocol, "127.0.0.1", 0, backlog=2048)
    print(server.sockets[0].getsockname()[1], flush=True)
    while await loop.run_in_executor(None, sys.stdin.readline):
        print(SubgraphProtocol.requests, flush=True)


if __name__ == "__main__":
    uvloop.run(serve())
