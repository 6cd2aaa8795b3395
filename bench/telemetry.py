"""What being watched costs a request, as a ratio to the same request with all of telemetry off.

usage: python -m bench.telemetry [--products 3] [--rounds 40]

A request goes through the whole of the router in this process, from ASGI messages to ASGI messages, with subgraphs that
answer from memory; the sides take turns, so that a machine whose speed drifts slows all alike. Units: CPU time. Spans
go to a collector that is not there: making them is measured, and failing to send them, which happens on another thread
of the same process.
"""

from __future__ import annotations

import argparse
import asyncio
import statistics
import tempfile
import time
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

import orjson
from starlette.types import ASGIApp

from bench import workload
from router.app import http_options
from router.fetch.observed import ObservedSource
from router.middleware.request_id import RequestId
from router.pipeline import Router, answer
from router.request import Client, RequestContext
from router.resources import Resources
from router.settings import Settings
from router.snapshot import Snapshot
from router.telemetry.spans import span, trace_headers
from router.telemetry.telemetry import Telemetry, make_telemetry
from router.telemetry.watch import watching
from router.transport.http import GraphQLOverHTTP

OTLP = {"enabled": True, "endpoint": "http://127.0.0.1:9"}
METRICS = {"otlp": {**OTLP, "batch_processor": {"scheduled_delay": "1h"}}}
SIDES: Mapping[str, Mapping[str, Any]] = {
    "off": {},
    "metrics": {"exporters": {"metrics": METRICS}},
    "metrics, 1 % traced": {"exporters": {"metrics": METRICS, "tracing": {"common": {"sampler": 0.01}, "otlp": OTLP}}},
    "metrics, all traced": {"exporters": {"metrics": METRICS, "tracing": {"common": {"sampler": 1}, "otlp": OTLP}}},
    "metrics, usage, 1 % traced": {
        "exporters": {"metrics": METRICS, "tracing": {"common": {"sampler": 0.01}, "otlp": OTLP}},
        "usage": {"interval": "1h"},
    },
}
REQUESTS = 200
BODY = orjson.dumps({"query": workload.QUERY})
SCOPE = {
    "type": "http",
    "http_version": "1.1",
    "method": "POST",
    "scheme": "http",
    "path": "/graphql",
    "query_string": b"",
    "headers": [(b"content-type", b"application/json"), (b"accept", b"application/json")],
}


async def main() -> None:
    """Measure and print a line for each side."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--products", type=int, default=3)
    parser.add_argument("--rounds", type=int, default=40)
    options = parser.parse_args()
    lease = Resources().lease()
    with tempfile.TemporaryDirectory() as folder:
        apps = {
            name: _app(_telemetry(side, Path(folder), lease.keep), options.products) for name, side in SIDES.items()
        }
        times: dict[str, list[float]] = {name: [] for name in apps}
        for app in apps.values():
            await _cpu_us(app)  # fills caches
        for _ in range(options.rounds):
            for name, app in apps.items():
                times[name].append(await _cpu_us(app))
        await lease.leave()
    print(f"products {options.products}, rounds {options.rounds} of {REQUESTS} requests, medians of CPU time")
    for name, took in times.items():
        ratio = statistics.median(one / off for one, off in zip(took, times["off"], strict=True))
        print(f"{name:<28}{statistics.median(took):8.1f} µs a request   ratio {ratio:.3f}")
    print(f"{'an unsampled request watched':<28}{_watching_us():8.2f} µs")


def _telemetry(side: Mapping[str, Any], folder: Path, keep: Any) -> Telemetry:  # noqa: ANN401 (Lease.keep)
    branch = dict(side)
    if "usage" in branch:
        branch["usage"] = {**branch["usage"], "folder": folder}
    return make_telemetry(Settings.model_validate({"telemetry": branch}).telemetry, keep)


def _app(telemetry: Telemetry, products: int) -> ASGIApp:
    snapshot = Snapshot.load(workload.supergraph(), usage=telemetry.usage is not None)
    router = Router(snapshot, ObservedSource(workload.source(workload.data(products))))

    async def context_of(*_: object) -> RequestContext:
        return RequestContext(time.monotonic() + 30, client=Client("web", "1"))

    return RequestId(GraphQLOverHTTP(partial(answer, router=router), context_of, http_options(Settings())), telemetry)


async def _cpu_us(app: ASGIApp) -> float:
    async def receive() -> Any:  # noqa: ANN401 (a message)
        return messages.pop() if messages else await asyncio.Event().wait()

    async def send(_message: Any) -> None:  # noqa: ANN401
        pass

    began = time.thread_time()
    for _ in range(REQUESTS):
        messages = [{"type": "http.request", "body": BODY, "more_body": False}]
        await app(dict(SCOPE), receive, send)
    return (time.thread_time() - began) * 1e6 / REQUESTS


def _watching_us(times: int = 100_000) -> float:
    """Time the decision not to sample and the five spans that are not made."""
    telemetry = Telemetry()
    began = time.process_time()
    for _ in range(times):
        watch, _parent = telemetry.begin(SCOPE["headers"])  # type: ignore[arg-type]  # bytes
        token = watching.set(watch)
        for name in ("prepare", "plan", "execute", "fetch", "fetch"):
            with span(name):
                pass
        trace_headers()
        watching.reset(token)
    return (time.process_time() - began) * 1e6 / times


if __name__ == "__main__":
    asyncio.run(main())
