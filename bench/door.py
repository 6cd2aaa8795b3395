"""What the door costs a request: all of its features on, as a ratio to all of them off.

usage: python -m bench.door [--products 20] [--rounds 40]

On are: a token and the internal one, authorisation directives, demand control (estimated and counted), rate limits in
memory, rules for headers, CORS, CSRF prevention, a safelist asked by id, metrics, usage records, and traces of 1 %.
Both sides are whole routers in this process, from ASGI messages to ASGI messages; they take turns, so that a machine
whose speed drifts slows both alike. Subgraphs answer over loopback from another process, which is not counted. Units:
CPU time. Exits with 1 past the bar.
"""

from __future__ import annotations

import argparse
import asyncio
import multiprocessing
import statistics
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import orjson
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from starlette.types import ASGIApp

from bench import workload
from bench.identity import issue
from router.app import create_router_app
from router.configuration.load import ConfigurationSource
from schema.compose.compose import compose
from schema.subgraph import SubgraphSource

BAR = 1.6
REQUESTS = 25
LINK = (
    'extend schema @link(url: "https://specs.apollo.dev/federation/v2.9",'
    ' import: ["@key", "@authenticated", "@requiresScopes", "@cost", "@listSize"])\n'
)
GUARDS = {
    "products: [Product!]!": "products: [Product!]! @listSize(assumedSize: 100)",
    "price: Int": 'price: Int @requiresScopes(scopes: [["admin"], ["read"]])',
    "reviews: [Review!]!": "reviews: [Review!]! @listSize(assumedSize: 2) @cost(weight: 2)",
    "author: User!": "author: User! @authenticated",
}
"""What the subgraphs say more than those of the workload."""

OTLP = {"enabled": True, "endpoint": "http://127.0.0.1:9"}
HOUR = {"batch_processor": {"scheduled_delay": "1h"}}


@dataclass(frozen=True, slots=True)
class Side:
    """A router and what it is asked."""

    app: ASGIApp
    body: bytes
    headers: tuple[tuple[bytes, bytes], ...]


async def main() -> int:
    """Measure, and print a line for each side, the ratio and its bar."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--products", type=int, default=20)
    parser.add_argument("--rounds", type=int, default=40)
    options = parser.parse_args()
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        port = stack.enter_context(subgraphs(options.products))
        supergraph = write_supergraph(folder / "supergraph.graphql", port)
        off = await stack.enter_async_context(serving_nothing(folder, supergraph))
        on = await stack.enter_async_context(serving_all(folder, supergraph))
        if await ask(off) != await ask(on):
            raise SystemExit("The two sides answer differently: nothing was measured.")
        times = [(await cpu_ms(off), await cpu_ms(on)) for _ in range(options.rounds)]
    ratio = statistics.median(on / off for off, on in times)
    print(f"products {options.products}, rounds {options.rounds} of {REQUESTS} requests, medians of CPU time")
    for name, took in zip(("off", "on"), zip(*times, strict=True), strict=True):
        print(f"{name:<6}{statistics.median(took):8.3f} ms a request")
    print(f"ratio {ratio:8.2f} of {BAR:.2f}")
    return int(ratio > BAR)


def write_supergraph(file: Path, port: int) -> Path:
    """Compose the workload's subgraphs with what guards and weighs their fields."""
    sources = [SubgraphSource(name, f"http://127.0.0.1:{port}/{name}", LINK + _guarded(sdl)) for name, sdl in SDL]
    composed = compose(sources)
    if composed.supergraph_sdl is None:
        raise ValueError(composed.errors)
    file.write_text(composed.supergraph_sdl)
    return file


SDL = tuple(workload.SUBGRAPHS.items())


def _guarded(sdl: str) -> str:
    for plain, guarded in GUARDS.items():
        sdl = sdl.replace(plain, guarded)
    return sdl


@asynccontextmanager
async def serving_nothing(folder: Path, supergraph: Path) -> AsyncIterator[Side]:
    """Run a router of which everything is off that can be."""
    settings = {
        "limits": {"mode": "measure"},
        "authorization": {"directives": {"enabled": False}},
        "csrf": {"unsafe_disabled": True},
        "apq": {"enabled": False},
        "compression": {"enabled": False},
    }
    async with running(folder / "off.yaml", supergraph, settings) as app:
        yield Side(app, orjson.dumps({"query": workload.QUERY}), ())


@asynccontextmanager
async def serving_all(folder: Path, supergraph: Path) -> AsyncIterator[Side]:
    """Run a router of which everything is on."""
    token = issue(folder / "jwks.json")
    (folder / "manifest.json").write_bytes(orjson.dumps({"products": workload.QUERY}))
    pem = Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    (folder / "key.pem").write_bytes(pem)
    headers = (
        (b"authorization", f"Bearer {token}".encode()),
        (b"origin", b"https://app.example.com"),
        (b"apollographql-client-name", b"web"),
        (b"apollographql-client-version", b"1.0"),
        (b"accept-language", b"en"),
        (b"user-agent", b"Mozilla/5.0 (X11; Linux x86_64)"),
    )
    async with running(folder / "on.yaml", supergraph, everything(folder)) as app:
        yield Side(app, orjson.dumps({"documentId": "products"}), headers)


def everything(folder: Path) -> Mapping[str, Any]:
    """Switch on all of the door."""
    static = {"list_size": 10, "max": 1e6, "max_actual": 1e6}
    rules = [{"by": by, "limit": 10**9} for by in ("ip", "client", "principal")]
    return {
        "authentication": {"router": {"jwt": {"jwks": [{"url": str(folder / "jwks.json")}]}}},
        "internal_token": {"key": str(folder / "key.pem")},
        "cors": {"policies": [{"origins": ["https://app.example.com"], "allow_credentials": True}]},
        "headers": {
            "all": {
                "request": [
                    {"propagate": {"named": "accept-language"}},
                    {"insert": {"name": "x-tenant", "from_context": "tenant"}},
                ],
                "response": [{"propagate": {"named": "cache-control"}}, {"propagate": {"named": "set-cookie"}}],
            }
        },
        "persisted_queries": {"mode": "safelist", "manifests": [{"file": str(folder / "manifest.json")}]},
        "demand_control": {
            "enabled": True,
            "mode": "enforce",
            "strategy": {"static_estimated": static},
            "expose_cost": True,
        },
        "rate_limits": {"rules": [*rules, {"by": "principal", "limit": 10**12, "unit": "cost"}]},
        "compression": {"enabled": False},
        "telemetry": {
            "exporters": {
                "tracing": {"common": {"sampler": 0.01}, "otlp": {**OTLP, **HOUR}},
                "metrics": {"otlp": {**OTLP, **HOUR}},
            },
            "usage": {"folder": str(folder / "usage"), "interval": "1h"},
        },
    }


def make_app(file: Path, settings: Mapping[str, Any]) -> ASGIApp:
    """Make a router of settings in a file."""
    file.write_bytes(orjson.dumps(settings))
    source = ConfigurationSource(file, {})
    return create_router_app(source.read(), source)


@asynccontextmanager
async def running(file: Path, supergraph: Path, settings: Mapping[str, Any]) -> AsyncIterator[ASGIApp]:
    """Make a router and run its lifespan."""
    app = make_app(file, {**settings, "supergraph": {"file": str(supergraph), "poll_interval": "1h"}})
    begun, end, messages = asyncio.Event(), asyncio.Event(), iter(("startup", "shutdown"))

    async def receive() -> Any:  # noqa: ANN401 (a message)
        message = next(messages)
        if message == "shutdown":
            await end.wait()
        return {"type": f"lifespan.{message}"}

    async def send(_message: Any) -> None:  # noqa: ANN401
        begun.set()

    lifespan = asyncio.create_task(_call(app, {"type": "lifespan"}, receive, send))
    await begun.wait()
    try:
        yield app
    finally:
        end.set()
        await lifespan


async def _call(app: ASGIApp, scope: Any, receive: Any, send: Any) -> None:  # noqa: ANN401 (ASGI)
    await app(scope, receive, send)


async def ask(side: Side) -> bytes:
    """Send one request; the body of the answer."""
    messages = [{"type": "http.request", "body": side.body, "more_body": False}]
    said: list[Any] = []

    async def receive() -> Any:  # noqa: ANN401 (a message)
        return messages.pop() if messages else await asyncio.Event().wait()

    async def send(message: Any) -> None:  # noqa: ANN401
        said.append(message)

    scope = {
        "type": "http",
        "http_version": "1.1",
        "method": "POST",
        "scheme": "http",
        "path": "/graphql",
        "query_string": b"",
        "client": ("127.0.0.1", 1),
        "headers": [(b"content-type", b"application/json"), (b"accept", b"application/json"), *side.headers],
    }
    await side.app(scope, receive, send)
    begin, end = said
    if begin["status"] != 200 or b'"errors"' in end["body"]:  # noqa: PLR2004
        raise SystemExit(f"Not answered: {end['body'][:1_000]!r}")
    return bytes(end["body"])


async def cpu_ms(side: Side) -> float:
    """Time some requests, one after the other."""
    began = time.process_time()
    for _ in range(REQUESTS):
        await ask(side)
    return (time.process_time() - began) * 1000 / REQUESTS


@contextmanager
def subgraphs(products: int) -> Iterator[int]:
    """Serve the workload from another process; yields the port."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_serve, args=(products, theirs), daemon=True)
    process.start()
    try:
        yield int(ours.recv())
    finally:
        process.terminate()
        process.join()


def _serve(products: int, pipe: Connection) -> None:
    asyncio.run(_answer(products, pipe))


async def _answer(products: int, pipe: Connection) -> None:
    data = workload.data(products)
    reviews = {one["upc"]: {"reviews": [_keyed(review) for review in one["reviews"]]} for one in data}
    users = {review["author"]["id"]: {"name": review["author"]["name"]} for one in data for review in one["reviews"]}
    listed = [{"__typename": "Product", **{key: one[key] for key in ("upc", "name", "price")}} for one in data]
    answers: Mapping[str, Callable[[list[Any]], Any]] = {
        "products": lambda _: {"products": listed},
        "reviews": lambda asked: {"_entities": [reviews[one["upc"]] for one in asked]},
        "accounts": lambda asked: {"_entities": [users[one["id"]] for one in asked]},
    }

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while head := await reader.readuntil(b"\r\n\r\n"):
            fields = dict(line.lower().split(b": ", 1) for line in head.split(b"\r\n")[1:-2])
            request = orjson.loads(await reader.readexactly(int(fields[b"content-length"])))
            name = head.split(b" ", 2)[1].decode().removeprefix("/")
            asked: list[Any] = next(iter(request.get("variables", {}).values()), [])
            body = orjson.dumps({"data": answers[name](asked)})
            writer.write(HEAD % len(body) + body)

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    pipe.send(server.sockets[0].getsockname()[1])
    await server.serve_forever()


HEAD = (
    b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncache-control: max-age=60, private\r\n"
    b"set-cookie: a=b\r\ncontent-length: %d\r\n\r\n"
)


def _keyed(review: dict[str, Any]) -> dict[str, Any]:
    return {**review, "author": {"__typename": "User", "id": review["author"]["id"]}}


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
