"""Clients of a router, in a process of their own: `python -m bench.load` reads a job, says `ready`, waits for a line.

Every client keeps one connection and sends its next request once it has an answer; at the end each waits for its last
one. Every answer is checked: its bytes are those of an answer that was found right, or it is read and compared.
"""

from __future__ import annotations

import asyncio
import itertools
import sys
import time
from array import array
from dataclasses import asdict, dataclass
from typing import Any

import httptools
import orjson
import uvloop

from bench.workloads import TOKEN

KNOWN = 256  # encodings of the right answer that are remembered
OK = 200


@dataclass(frozen=True, slots=True)
class Job:
    """What to do. An address is host and port; `first` is the token to begin with; no two jobs share any."""

    host: str
    port: int
    path: str
    bearer: str
    body: str
    expected: Any
    connections: int
    seconds: float
    first: int


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of it. Latencies in milliseconds."""

    requests: int
    seconds: float
    p50: float
    p99: float
    wrong: str | None
    """The first answer that was not the expected one, or a connection that was lost."""


class Load:
    """What the clients of one job share."""

    def __init__(self, job: Job) -> None:
        self.latencies = array("d")
        self.wrong: str | None = None
        self.ends = float("inf")
        self._job = job
        self._known: set[bytes] = set()
        self._token = TOKEN.encode()
        self._body = job.body.encode()
        self._varies = self._token in self._body
        self._tokens = itertools.count(job.first)
        head = f"POST {job.path} HTTP/1.1\r\nhost: {job.host}:{job.port}\r\ncontent-type: application/json\r\n"
        head += f"authorization: Bearer {job.bearer}\r\n"
        self._head = f"{head}accept: application/json\r\ncontent-length: {len(self._body)}\r\n\r\n".encode()

    def request(self) -> tuple[bytes, bytes]:
        """Make the next request, and its token."""
        if not self._varies:
            return self._head + self._body, self._token
        token = b"zq_%08x" % (next(self._tokens) & 0xFFFFFFFF)
        return self._head + self._body.replace(self._token, token), token

    def check(self, status: int, raw: bytes, token: bytes) -> None:
        """Compare an answer with the expected one."""
        if self._varies:
            raw = raw.replace(token, self._token)
        if status == OK and raw in self._known:
            return
        if status == OK and _is_right(raw, self._job.expected):
            if len(self._known) < KNOWN:
                self._known.add(raw)
            return
        self.wrong = self.wrong or f"{status} {raw[:400]!r}"


def _is_right(raw: bytes, expected: Any) -> bool:  # noqa: ANN401 (JSON)
    try:
        answer = orjson.loads(raw)
    except ValueError:
        return False
    return not answer.get("errors") and answer.get("data") == expected


class Client(asyncio.Protocol):
    """One connection."""

    def __init__(self, load: Load) -> None:
        self._load = load
        self._parser = httptools.HttpResponseParser(self)
        self.done: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport: asyncio.WriteTransport = transport  # type: ignore[assignment]  # a stream is written to

    def send(self) -> None:
        """Send the next request, or end."""
        if self._load.wrong or time.perf_counter() >= self._load.ends:
            self.done.set_result(None)
            return
        self._parts: list[bytes] = []
        request, self._token = self._load.request()
        self._sent = time.perf_counter()
        self._transport.write(request)

    def data_received(self, data: bytes) -> None:
        self._parser.feed_data(data)

    def on_body(self, body: bytes) -> None:
        self._parts.append(body)

    def on_message_complete(self) -> None:
        self._load.latencies.append(time.perf_counter() - self._sent)
        self._load.check(self._parser.get_status_code(), b"".join(self._parts), self._token)
        self.send()

    def connection_lost(self, exc: Exception | None) -> None:
        if not self.done.done():
            self._load.wrong = self._load.wrong or f"The router closed a connection: {exc}"
            self.done.set_result(None)


async def run() -> None:
    """Do one job."""
    loop = asyncio.get_running_loop()
    job = Job(**orjson.loads(sys.stdin.readline()))
    load = Load(job)
    pairs = [await loop.create_connection(lambda: Client(load), job.host, job.port) for _ in range(job.connections)]
    clients = [client for _, client in pairs]
    print("ready", flush=True)
    sys.stdin.readline()
    began = time.perf_counter()
    load.ends = began + job.seconds
    for client in clients:
        client.send()
    await asyncio.gather(*(client.done for client in clients))
    print(orjson.dumps(asdict(_outcome(load, time.perf_counter() - began))).decode(), flush=True)


def _outcome(load: Load, seconds: float) -> Outcome:
    times = sorted(load.latencies) or [0.0]
    p50, p99 = (times[int(share * (len(times) - 1))] * 1000 for share in (0.5, 0.99))
    return Outcome(len(load.latencies), seconds, p50, p99, load.wrong)


if __name__ == "__main__":
    uvloop.run(run())
