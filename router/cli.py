"""The commands `fedra router` and `fedra plan`."""

from __future__ import annotations

import argparse
import gc
import logging
import os
import signal
import socket
import sys
from collections.abc import Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path

from router.app import create_router_app
from router.configuration.load import ConfigurationSource
from router.lifecycle import Lifecycle
from router.planner.cli import plan
from router.server import DrainingServer
from router.settings import Settings
from router.telemetry.logs import configure_logs

__all__ = ["plan", "router"]

MAX_PORT = 65535

SWITCH_SECONDS = 0.0005
"""How long the thread that prepares documents may keep the event loop waiting; Python's own choice is 5 ms."""

log = logging.getLogger(__name__)


def router(arguments: Sequence[str]) -> int:
    """Serve a supergraph until SIGTERM or SIGINT; requests under way are finished first. 1: it cannot be served."""
    given = _parser().parse_args(arguments)
    lifecycle = Lifecycle()
    source = ConfigurationSource(given.config, os.environ, partial(_override, given=given))
    try:
        configuration = source.read()
        settings = configuration.settings
        app = create_router_app(configuration, source, lifecycle, plan_apart=True)
        listener = _listen(settings.supergraph.listen.host, settings.supergraph.listen.port)
    except (ValueError, OSError) as error:
        sys.stderr.write(f"fedra router: {error}\n")
        return 1
    _spare_the_collector()
    sys.setswitchinterval(SWITCH_SECONDS)
    configure_logs(settings.telemetry.logging.level)
    host, port = listener.getsockname()[:2]
    log.info("listening", extra={"url": f"http://{host}:{port}{settings.supergraph.path}"})
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # the server hands on what ended it
    with listener, suppress(KeyboardInterrupt):
        DrainingServer(app, settings.drain, lifecycle).run(sockets=[listener])
    return 0


def _spare_the_collector() -> None:
    """Look for garbage seldom, and not in what is there to stay: an answer is thousands of objects without a cycle.

    The second generation is not to grow, though: documents have cycles, and nobody is answered while it is looked at.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 2, 1_000)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        "fedra router", description="Serves a supergraph: GraphQL at /graphql, and /health, /live, /ready."
    )
    parser.add_argument("--supergraph", type=Path, metavar="FILE", help="the supergraph; followed when it changes")
    parser.add_argument("--config", type=Path, metavar="FILE", help="settings (docs/configuration.md)")
    parser.add_argument("--host", help="where to listen (127.0.0.1)")
    parser.add_argument("--port", type=_port, help="where to listen (4000); 0 takes a free one")
    return parser


def _port(text: str) -> int:
    if not text.isdecimal() or int(text) > MAX_PORT:
        raise argparse.ArgumentTypeError(f"'{text}' is no port: expected a number up to {MAX_PORT}")
    return int(text)


def _override(settings: Settings, given: argparse.Namespace) -> Settings:
    """Put what the command line says over what the settings say."""
    address = {name: getattr(given, name) for name in ("host", "port") if getattr(given, name) is not None}
    supergraph = settings.supergraph
    changed = {"file": given.supergraph or supergraph.file, "listen": supergraph.listen.model_copy(update=address)}
    return settings.model_copy(update={"supergraph": supergraph.model_copy(update=changed)})


def _listen(host: str, port: int) -> socket.socket:
    """Take the address, so that a taken one is told before anything starts. Raises: OSError."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=2048)
    except OSError as error:
        reason = os.strerror(error.errno) if error.errno and error.errno > 0 else str(error)
        raise OSError(f"cannot listen on {host}:{port}: {reason}. '--port' takes another.") from error
