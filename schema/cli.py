"""`fedra compose`: subgraph schemas in, supergraph or all errors out."""

from __future__ import annotations

import argparse
import signal
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from graphql import parse, print_schema

from schema.api_schema import to_api_schema
from schema.batch import InvalidCase, compose_cases
from schema.compose import Composition
from schema.compose import compose as compose_sources
from schema.config import STANDARD_INPUT, InvalidConfig, read_config
from schema.formats import FORMATS, LINES, as_json
from schema.output import Unwritable, write
from schema.sources import UnreachableSubgraph, load
from schema.subgraph import SubgraphSource

CONFIG = Path("deploy/registry/supergraph.yaml")
FAILED, UNREADABLE, UNREACHABLE, INTERRUPTED = 1, 2, 3, 130
"""Exit codes: composition has errors; what is read or written cannot be; a subgraph does not answer; Ctrl-C."""

WATCH_SECONDS = 1.0
_EXPECTED = (InvalidConfig, InvalidCase, UnreachableSubgraph, Unwritable)


def compose(arguments: Sequence[str]) -> int:
    """Compose the supergraph that a config names, or each case of a batch."""
    options = _options(arguments)
    try:
        if options.batch:
            return _batch(options.batch, options.out)
        return _watch(options) if options.watch else _compose(load(read_config(options.config)), options)
    except _EXPECTED as error:
        return _refuse(error)
    except KeyboardInterrupt:
        return INTERRUPTED


def _options(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="fedra compose", description="Compose subgraph schemas into a supergraph.")
    parser.add_argument(
        "--config", type=Path, default=CONFIG, help='a supergraph.yaml, "-" for standard input (default: %(default)s)'
    )
    parser.add_argument("--output", type=Path, help="where the supergraph goes (default: standard output)")
    parser.add_argument("--api-schema", type=Path, metavar="FILE", help="where the schema that clients see goes")
    parser.add_argument("--format", choices=FORMATS, default="human", help="how errors and hints are told")
    parser.add_argument("--watch", action="store_true", help="compose again whenever an SDL or the config changes")
    parser.add_argument("--batch", type=Path, help="compose each line of a JSON lines file: {id, subgraphs}")
    parser.add_argument("--out", type=Path, help="where the results of a batch go (default: standard output)")
    options = parser.parse_args(arguments)
    if options.watch and options.config == STANDARD_INPUT:
        parser.error("--watch needs a config that can be read again: name a file.")
    return options


def _compose(sources: Sequence[SubgraphSource], options: argparse.Namespace) -> int:
    composition = compose_sources(sources)
    _tell(composition, options.format)
    if composition.supergraph_sdl is None:
        return FAILED
    if options.output or options.format != "json":
        write([composition.supergraph_sdl], options.output)
    if options.api_schema:
        write([print_schema(to_api_schema(parse(composition.supergraph_sdl))), "\n"], options.api_schema)
    return 0


def _tell(composition: Composition, form: str) -> None:
    """Lines leave standard output to errors, or to the supergraph; JSON has all in it."""
    if form == "json":
        write([as_json(composition)], None)
        return
    sys.stderr.writelines(map(LINES[form], composition.hints))
    write(map(LINES[form], composition.errors), None)


def _watch(options: argparse.Namespace) -> int:
    """Compose whenever what is read is not what it was; what fails leaves the last supergraph as it is."""
    for ending in (signal.SIGINT, signal.SIGTERM):  # also where the shell that started this has it ignore them
        signal.signal(ending, signal.default_int_handler)
    seen: object = None
    try:
        while True:
            found = _found(options.config)
            if found != seen:
                seen = found
                _compose_again(found, options)
            time.sleep(WATCH_SECONDS)
    except KeyboardInterrupt:
        return 0


def _found(config: Path) -> Sequence[SubgraphSource] | str:
    """Read every SDL; a text says why that cannot be."""
    try:
        return load(read_config(config))
    except (InvalidConfig, UnreachableSubgraph) as error:
        return str(error)


def _compose_again(found: Sequence[SubgraphSource] | str, options: argparse.Namespace) -> None:
    if isinstance(found, str):
        sys.stderr.write(f"fedra compose: {found}\n")
    elif _compose(found, options) == 0 and options.output:
        sys.stderr.write(f"fedra compose: wrote {options.output}\n")


def _batch(cases: Path, output: Path | None) -> int:
    """Cases that do not compose are results like the others."""
    try:
        lines = cases.read_text(encoding="utf-8-sig").split("\n")
    except OSError as error:
        raise InvalidCase(f"Cannot read {cases}: {error.strerror}.") from error
    except UnicodeError as error:
        raise InvalidCase(f"Cannot read {cases}: it is not UTF-8.") from error
    write(compose_cases(lines), output)
    return 0


def _refuse(error: Exception) -> int:
    for line in str(error).splitlines():
        sys.stderr.write(f"fedra compose: {line}\n")
    return UNREACHABLE if isinstance(error, UnreachableSubgraph) else UNREADABLE
