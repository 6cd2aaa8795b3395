"""The command `fedra config`."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from router.configuration.checks import check_subgraph_names
from router.configuration.load import load_configuration
from router.configuration.mistakes import InvalidSettings
from router.configuration.schema import json_schema
from router.configuration.show import show
from router.supergraph_source import read_supergraph
from router.workers.own_settings import check_workers
from schema.supergraph import InvalidSupergraph, Supergraph


def config(arguments: Sequence[str]) -> int:
    """Check or print settings. 1: they are not valid."""
    given = _parser().parse_args(arguments)
    try:
        if given.command == "schema":
            sys.stdout.write(json.dumps(json_schema(), indent=2) + "\n")
        elif given.command == "show":
            configuration = load_configuration(given.config, os.environ)
            sys.stdout.write(show(configuration.settings, configuration.origins))
        else:
            _validate(given.file, given.supergraph)
    except InvalidSettings as error:
        sys.stderr.write("".join(f"{mistake}\n" for mistake in error.mistakes))
        return 1
    except InvalidSupergraph as error:
        sys.stderr.write(f"fedra config: {error}\n")
        return 1
    return 0


def _validate(file: Path, supergraph: Path | None) -> None:
    configuration = load_configuration(file, os.environ)
    try:
        check_workers(configuration.settings)
        if supergraph is not None:
            check_subgraph_names(configuration.settings, Supergraph.parse(read_supergraph(supergraph)).subgraphs)
    except InvalidSettings as error:
        raise error.placed(configuration.origins) from error


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("fedra config", description="The router's settings (docs/configuration.md).")
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("schema", help="print the JSON Schema of the settings, for editors")
    validate = commands.add_parser("validate", help="tell every mistake in a configuration, with its line")
    validate.add_argument("file", type=Path, metavar="FILE", help="the configuration")
    validate.add_argument("--supergraph", type=Path, metavar="FILE", help="whose subgraphs it may name")
    shown = commands.add_parser("show", help="print what is in force, and where each value comes from")
    shown.add_argument("--config", type=Path, metavar="FILE", help="the configuration; none: defaults and environment")
    return parser
