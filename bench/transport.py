"""What one small request to a subgraph costs its sender: the router's HTTP/1.1 client, as a ratio to pyreqwest.

usage: python -m bench.transport [--requests 4000] [--rounds 7] [--at-once 32]

Both ask one trivial server in a process of its own, in turn, so that a machine whose speed drifts slows both alike.
Units: CPU time of this process, threads included.
"""

from __future__ import annotations

import argparse
import asyncio
import multiprocessing
import statistics
import time
from collections.abc import Awaitable, Callable
from multiprocessing.connection import Connection as Pipe

import uvloop
from httptools import HttpRequestParser
from pyreqwest.client import ClientBuilder

from router.fetch.connection_pool import ConnectionPool
from router.fetch.http import Endpoint, HttpRequest

BODY = b'{"query":"query($representations:[_Any!]!){_entities(representations:$representations){...on A{b}}}"}'
HEADERS = {"content-type": "application/json", "accept": "application/json", "fedra-deadline": "30000"}
ANSWER = b'{"data":{"_entities":[{"b":"' + b"x" * 200 + b'"}]}}'
RESPONSE = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: %d\r\n\r\n%b" % (len(ANSWER), ANSWER)

Post = Callable[[], Awaitable[object]]


class _Trivial(asyncio.Protocol):
    """Answers every request alike."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport
        self._parser = HttpRequestParser(self)

    def data_received(self, data: bytes) -> None:
        self._parser.feed_data(data)

    def on_message_complete(self) -> None:
        self._transport.write(RESPONSE)  # type: ignore[attr-defined]  # of a socket


def serve(told: Pipe) -> None:
    """Serve until ended; tells its port."""

    async def forever() -> None:
        server = await asyncio.get_running_loop().create_server(_Trivial, "127.0.0.1", 0)
        told.send(server.sockets[0].getsockname()[1])
        await server.serve_forever()

    uvloop.run(forever())


async def measure(port: int, options: argparse.Namespace) -> None:
    """Measure and print one line for each side, and the ratio."""
    url = f"http://127.0.0.1:{port}/graphql"
    pool, endpoint = ConnectionPool(), Endpoint.of(url)
    other = ClientBuilder().build()

    async def ours() -> object:
        return await pool.post(endpoint, HttpRequest(HEADERS, BODY, time.monotonic() + 30))

    async def theirs() -> object:
        response = await other.post(url).headers(HEADERS).body_bytes(BODY).build().send()
        return await response.bytes()

    times = [
        [await _cpu_us(one, options.requests, options.at_once) for one in (ours, theirs)] for _ in range(options.rounds)
    ]
    own_us, other_us = (statistics.median(side) for side in zip(*times, strict=True))
    ratio = statistics.median(one / other for one, other in times)
    print(f"requests {options.requests}, {options.at_once} at once, rounds {options.rounds}, medians of CPU time")
    print(f"own client  {own_us:8.1f} us\npyreqwest   {other_us:8.1f} us\nratio       {ratio:8.2f}")
    pool.close()
    await other.close()


async def _cpu_us(post: Post, requests: int, at_once: int) -> float:
    async def some() -> None:
        for _ in range(requests // at_once):
            await post()

    began = time.process_time()
    await asyncio.gather(*(some() for _ in range(at_once)))
    return (time.process_time() - began) * 1e6 / (requests // at_once * at_once)


def main() -> None:
    """Start the server, measure, end it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--requests", type=int, default=4_000)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--at-once", type=int, default=32)
    here, there = multiprocessing.get_context("spawn").Pipe()
    server = multiprocessing.get_context("spawn").Process(target=serve, args=(there,), daemon=True)
    options = parser.parse_args()
    server.start()
    try:
        uvloop.run(measure(here.recv(), options))
    finally:
        server.terminate()


if __name__ == "__main__":
    main()
