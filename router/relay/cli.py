"""`fedra relay`: the SDL of the relay subgraph."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from collections.abc import Sequence
from pathlib import Path

from router.relay.sdl import relay_sdl
from schema.supergraph import InvalidSupergraph, Supergraph


def relay(arguments: Sequence[str] | None = None) -> int:
    """Print the SDL of `node` and `nodes` for a supergraph. 1: it cannot be read, and why is on stderr."""
    parser = ArgumentParser(prog="fedra relay", description="Print the SDL of the relay subgraph for a supergraph.")
    parser.add_argument("--supergraph", type=Path, required=True, help="file with the supergraph SDL")
    options = parser.parse_args(arguments)
    try:
        sys.stdout.write(relay_sdl(Supergraph.parse(options.supergraph.read_text(encoding="utf-8"))))
    except (OSError, InvalidSupergraph) as error:
        sys.stderr.write(f"fedra relay: {error}\n")
        return 1
    return 0
