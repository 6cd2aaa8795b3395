"""`fedra worker`: one worker that runs tasks."""

from __future__ import annotations

import argparse
import asyncio
import os
import signal
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import timedelta

import httpx

from subgraphs.kernel.database import Database
from subgraphs.kernel.identity import ServiceSigner
from subgraphs.kernel.service_client import ServiceClient
from subgraphs.kernel.settings import MissingSetting, Settings
from subgraphs.kernel.telemetry import configure_logs
from subgraphs.tasks.dispatch import Dispatch
from subgraphs.tasks.inference import Inference
from subgraphs.tasks.ingest import Ingest
from subgraphs.tasks.oip import OipClient
from subgraphs.tasks.records import Kind
from subgraphs.tasks.wakeups import Wakeups
from subgraphs.tasks.work import Runner
from subgraphs.tasks.worker import Worker

NEEDED = ("database_url", "system_url", "service_key", "sessions_url", "models_url", "search_url", "oip_url")


def worker(arguments: list[str]) -> int:
    """Run tasks until SIGTERM or SIGINT. 2: a setting is missing."""
    parser = argparse.ArgumentParser(prog="fedra worker", description="Run tasks.")
    parser.add_argument("--concurrency", type=int, default=4, help="tasks at a time (default: 4)")
    parser.add_argument("--lease", type=float, default=30.0, help="seconds until a silent worker loses its task")
    chosen = parser.parse_args(arguments)
    settings = Settings.from_environment()
    try:
        for name in NEEDED:
            settings.required(name)
    except MissingSetting as error:
        sys.stderr.write(f"fedra worker: {error}\n")
        return 2
    configure_logs()
    asyncio.run(serve(settings, chosen.concurrency, timedelta(seconds=chosen.lease)))
    return 0


async def serve(settings: Settings, concurrency: int, lease: timedelta) -> None:
    """Work until a signal says to end."""
    ending, loop = asyncio.Event(), asyncio.get_running_loop()
    for sign in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(sign, ending.set)
    async with working(settings, concurrency, lease) as running:
        running.add_done_callback(lambda _: ending.set())
        sys.stdout.write(f"fedra worker ready: {running.get_name()}, {concurrency} tasks at a time\n")
        sys.stdout.flush()
        await ending.wait()


@asynccontextmanager
async def working(settings: Settings, concurrency: int, lease: timedelta) -> AsyncIterator[asyncio.Task[None]]:
    """Join the parts of a worker, and run it beside the body. At the end what it runs is given back."""
    name = f"{socket.gethostname()}:{os.getpid()}"
    async with AsyncExitStack() as stack:
        database = await stack.enter_async_context(Database.connected(settings))
        client = ServiceClient(settings)
        stack.push_async_callback(client.close)
        http = await stack.enter_async_context(httpx.AsyncClient(trust_env=False))
        models = OipClient(settings.oip_url, ServiceSigner(settings.service_key), http)
        runners: dict[Kind, Runner] = {
            Kind.INFERENCE: Inference(client, models),
            Kind.INGEST: Ingest(client, settings.ingest_roots),
        }
        worker = Worker(Dispatch(database, name, lease), runners, concurrency)
        wakeups = Wakeups(settings.system_url, worker.wake, worker.look_at)
        stack.push_async_callback(wakeups.close)
        running = asyncio.create_task(worker.run(wakeups), name=name)
        try:
            yield running
        finally:
            worker.stop()
            await running
