"""`fedra postgres`: the embedded PostgreSQL as a program of its own, so that a supervisor can run it like any other."""

from __future__ import annotations

import argparse
import json
import signal
import sys
from dataclasses import asdict
from pathlib import Path

from subgraphs.kernel.embedded import embedded_postgres
from subgraphs.kernel.embedded_cluster import EmbeddedServerError


def postgres(arguments: list[str]) -> int:
    """Run until SIGTERM or SIGINT; print the URLs of the database by role, as one line of JSON, once it answers."""
    parser = argparse.ArgumentParser(prog="fedra postgres", description=postgres.__doc__)
    parser.add_argument("--data", type=Path, required=True, help="the folder that holds the data")
    parser.add_argument("--port", type=int, help="a port of 127.0.0.1; a free one unless given")
    options = parser.parse_args(arguments)
    for wish in (signal.SIGTERM, signal.SIGINT):
        signal.signal(wish, _leave)
    try:
        with embedded_postgres(options.data, options.port) as server:
            sys.stdout.write(json.dumps(asdict(server.urls())) + "\n")
            sys.stdout.flush()
            while True:
                signal.pause()
    except EmbeddedServerError as error:
        sys.stderr.write(f"fedra postgres: {error}\n")
        return 1


def _leave(*_: object) -> None:
    raise SystemExit(0)
