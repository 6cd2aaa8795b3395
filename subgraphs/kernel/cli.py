"""`fedra subgraph NAME`: serve one subgraph, or print its SDL."""

from __future__ import annotations

import argparse
import sys
from importlib import import_module
from typing import Any

import uvicorn

from subgraphs.kernel.embedded_cli import postgres
from subgraphs.kernel.serve import Subgraph, create_app
from subgraphs.kernel.settings import MissingSetting, Settings
from subgraphs.kernel.telemetry import configure_logs

__all__ = ["postgres", "subgraph"]

NAMES = ("sessions", "tasks", "models", "search")
NEEDED = ("internal_jwks", "service_key", "database_url", "owner_url", "system_url")
PORTS = {name: 4001 + index for index, name in enumerate(NAMES)}


def subgraph(arguments: list[str]) -> int:
    """Serve one subgraph until it is told to stop, or print its SDL."""
    parser = argparse.ArgumentParser(prog="fedra subgraph", description="Serve one subgraph.")
    parser.add_argument("name", choices=NAMES)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, help="default: " + ", ".join(f"{name} {PORTS[name]}" for name in NAMES))
    parser.add_argument("--sdl", action="store_true", help="print the schema of the subgraph and end")
    chosen = parser.parse_args(arguments)
    loaded = load(chosen.name)
    if chosen.sdl:
        sys.stdout.write(loaded.schema.as_str() + "\n")
        return 0
    settings = Settings.from_environment()
    try:
        for name in NEEDED:
            settings.required(name)
    except MissingSetting as error:
        sys.stderr.write(f"fedra subgraph {chosen.name}: {error}\n")
        return 2
    configure_logs()
    port = PORTS[chosen.name] if chosen.port is None else chosen.port
    uvicorn.run(create_app(loaded, settings), host=chosen.host, port=port, access_log=False, log_config=None)
    return 0


def load(name: str) -> Subgraph[Any]:
    """Import one subgraph."""
    found: Subgraph[Any] = import_module(f"subgraphs.{name}.app").subgraph
    return found
