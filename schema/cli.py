"""`fedra compose`: subgraph schemas in, supergraph or all errors out."""

from __future__ import annotations

import argparse
import asyncio
import sys
from collections.abc import Sequence
from pathlib import Path

from schema.compose import compose as compose_sources
from schema.config import InvalidConfig, load_sources, read_config

CONFIG = Path("deploy/registry/supergraph.yaml")


def compose(arguments: Sequence[str]) -> int:
    """Compose the supergraph that a config names; 1 when it has errors, 2 when there is nothing to compose."""
    parser = argparse.ArgumentParser(prog="fedra compose", description="Compose subgraph schemas into a supergraph.")
    parser.add_argument("--config", type=Path, default=CONFIG, help="a supergraph.yaml (default: %(default)s)")
    parser.add_argument("--output", type=Path, help="where the supergraph goes (default: standard output)")
    options = parser.parse_args(arguments)
    try:
        sources = asyncio.run(load_sources(read_config(options.config)))
    except InvalidConfig as error:
        sys.stderr.write(f"fedra compose: {error}\n")
        return 2
    composition = compose_sources(sources)
    sys.stderr.writelines(f"{hint.level} {hint.render()}\n" for hint in composition.hints)
    if composition.supergraph_sdl is None:
        sys.stdout.writelines(f"{error.render()}\n" for error in composition.errors)
        return 1
    _write(composition.supergraph_sdl, options.output)
    return 0


def _write(supergraph: str, output: Path | None) -> None:
    if output is None:
        sys.stdout.write(supergraph)
    else:
        output.parent.mkdir(parents=True, exist_ok=True)
        output.write_text(supergraph, encoding="utf-8")
