"""The command `fedra router`."""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from uuid import uuid4

from router.configuration.load import Configuration, ConfigurationSource
from router.settings import Settings
from router.telemetry.logs import configure_logs
from router.workers import sockets
from router.workers.own_settings import MAX_PORT, check_workers, settings_of_worker
from router.workers.place import Place
from router.workers.supervisor import Supervisor, planner_of
from router.workers.worker import begin

Run = Callable[[], int]
"""Serves to the end; gives the exit code."""


def router(arguments: Sequence[str]) -> int:
    """Serve a supergraph until SIGTERM or SIGINT; requests under way are finished first. 1: it cannot be served."""
    given = _parser().parse_args(arguments)
    if given.worker:
        begin(given.worker)
    source = ConfigurationSource(given.config, os.environ, partial(_override, given=given, instance=str(uuid4())))
    try:
        configuration = source.read()
        several = configuration.settings.workers.count > 1 and not given.worker
        run = _supervisor(arguments, configuration.settings) if several else _process(configuration, source, given)
    except (ValueError, OSError) as error:
        sys.stderr.write(f"fedra router: {error}\n")
        return 1
    return run()


def _supervisor(arguments: Sequence[str], settings: Settings) -> Run:
    """Take the address for workers that come. Raises: OSError."""
    address = sockets.reserve(settings.supergraph.listen.host, settings.supergraph.listen.port)
    configure_logs(settings.telemetry.logging.level)
    url = sockets.url_of(address.getsockname(), settings.supergraph.path)

    async def run() -> int:
        planner = planner_of(settings)
        return await Supervisor(arguments, settings.workers.count, settings.drain, address, url, planner).run()

    return lambda: asyncio.run(run())


def _process(configuration: Configuration, source: ConfigurationSource, given: argparse.Namespace) -> Run:
    """Make what serves. Raises: ValueError, OSError."""
    from router.process import alone, one_of_several  # noqa: PLC0415  # all of the router, which a supervisor is without

    place: Place | None = given.worker
    return (one_of_several(configuration, source, place) if place else alone(configuration, source)).run


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        "fedra router", description="Serves a supergraph: GraphQL at /graphql, and /health, /live, /ready."
    )
    parser.add_argument("--supergraph", type=Path, metavar="FILE", help="the supergraph; followed when it changes")
    parser.add_argument("--config", type=Path, metavar="FILE", help="settings (docs/configuration.md)")
    parser.add_argument("--host", help="where to listen (127.0.0.1)")
    parser.add_argument("--port", type=_port, help="where to listen (4000); 0 takes a free one")
    parser.add_argument("--workers", type=_count, metavar="N", help="how many processes serve (1)")
    parser.add_argument("--worker", type=Place.parse, help=argparse.SUPPRESS)
    return parser


def _port(text: str) -> int:
    if not text.isdecimal() or int(text) > MAX_PORT:
        raise argparse.ArgumentTypeError(f"'{text}' is no port: expected a number up to {MAX_PORT}")
    return int(text)


def _count(text: str) -> int:
    if not text.isdecimal() or not int(text):
        raise argparse.ArgumentTypeError(f"'{text}' is no number of workers: expected 1 or more")
    return int(text)


def _override(settings: Settings, given: argparse.Namespace, instance: str) -> Settings:
    """Put what the command line says over what the settings say. Raises: InvalidSettings."""
    address = {name: getattr(given, name) for name in ("host", "port") if getattr(given, name) is not None}
    supergraph = settings.supergraph
    changed = {"file": given.supergraph or supergraph.file, "listen": supergraph.listen.model_copy(update=address)}
    count = given.workers or settings.workers.count
    overridden = settings.model_copy(
        update={
            "supergraph": supergraph.model_copy(update=changed),
            "workers": settings.workers.model_copy(update={"count": count}),
        }
    )
    check_workers(overridden)
    return settings_of_worker(overridden, given.worker.index, instance) if given.worker else overridden
