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

__all__ = ["postgres", "subgraph"]

NAMES = ("sessions", "tasks", "models", "search")
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
        settings.required("internal_jwks")
        settings.required("database_url")
    except MissingSetting as error:
        sys.stderr.write(f"fedra subgraph {chosen.name}: {error}\n")
        return 2
    uvicorn.run(
        create_app(loaded, settings), host=chosen.host, port=chosen.port or PORTS[chosen.name], access_log=False
    )
    return 0


def load(name: str) -> Subgraph[Any]:
    """Import one subgraph."""
    found: Subgraph[Any] = import_module(f"subgraphs.{name}.app").subgraph
    return found
