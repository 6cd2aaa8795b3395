"""`fedra compose`: subgraph schemas in, supergraph or all errors out."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

from schema.batch import InvalidCase, compose_cases
from schema.compose import compose as compose_sources
from schema.config import InvalidConfig, UnreachableSubgraph, load, read_config

CONFIG = Path("deploy/registry/supergraph.yaml")
FAILED, UNREADABLE, UNREACHABLE = 1, 2, 3
"""Exit codes: composition has errors; there is nothing to compose; a subgraph does not answer."""


def compose(arguments: Sequence[str]) -> int:
    """Compose the supergraph that a config names, or each case of a batch."""
    parser = argparse.ArgumentParser(prog="fedra compose", description="Compose subgraph schemas into a supergraph.")
    parser.add_argument("--config", type=Path, default=CONFIG, help="a supergraph.yaml (default: %(default)s)")
    parser.add_argument("--output", type=Path, help="where the supergraph goes (default: standard output)")
    parser.add_argument("--batch", type=Path, help="compose each line of a JSON lines file: {id, subgraphs}")
    parser.add_argument("--out", type=Path, help="where the results of a batch go (default: standard output)")
    options = parser.parse_args(arguments)
    try:
        return _batch(options.batch, options.out) if options.batch else _compose(options.config, options.output)
    except (InvalidConfig, InvalidCase) as error:
        sys.stderr.write(f"fedra compose: {error}\n")
        return UNREADABLE
    except UnreachableSubgraph as error:
        sys.stderr.write(f"fedra compose: {error}\n")
        return UNREACHABLE


def _compose(config: Path, output: Path | None) -> int:
    composition = compose_sources(load(read_config(config)))
    sys.stderr.writelines(f"{hint.level} {hint.render()}\n" for hint in composition.hints)
    if composition.supergraph_sdl is None:
        sys.stdout.writelines(f"{error.render()}\n" for error in composition.errors)
        return FAILED
    _write([composition.supergraph_sdl], output)
    return 0


def _batch(cases: Path, output: Path | None) -> int:
    """Cases that do not compose are results like the others."""
    try:
        lines = cases.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeError) as error:
        raise InvalidCase(f"{cases}: {error}") from error
    _write(compose_cases(lines), output)
    return 0


def _write(texts: Iterable[str], output: Path | None) -> None:
    if output is None:
        sys.stdout.writelines(texts)
        return
    output.parent.mkdir(parents=True, exist_ok=True)
    with output.open("w", encoding="utf-8") as file:
        file.writelines(texts)
