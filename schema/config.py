"""`supergraph.yaml`: which subgraphs make the supergraph, and where their SDL comes from. The shape is rover's."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

import yaml

from schema.subgraph import SubgraphSource


class InvalidConfig(ValueError):
    """The config file, or an SDL that it names, cannot be read."""


class UnreachableSubgraph(Exception):
    """A running subgraph did not tell its SDL."""


@dataclass(frozen=True, slots=True)
class SubgraphConfig:
    """One entry of `subgraphs`: its SDL comes from a file or from the running subgraph."""

    name: str
    routing_url: str
    file: Path | None
    subgraph_url: str | None


def read_config(path: Path) -> list[SubgraphConfig]:
    """Read the entries; files are relative to the config. Raises: InvalidConfig."""
    try:
        tree = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeError, yaml.YAMLError) as error:
        raise InvalidConfig(f"{path}: {error}") from error
    subgraphs = tree.get("subgraphs") if isinstance(tree, Mapping) else None
    if not isinstance(subgraphs, Mapping) or not subgraphs:
        raise InvalidConfig(f'{path}: expected "subgraphs", a map from names to "routing_url" and "schema".')
    return [_entry(path, str(name), entry) for name, entry in subgraphs.items()]


def _entry(path: Path, name: str, entry: object) -> SubgraphConfig:
    schema = entry.get("schema") if isinstance(entry, Mapping) else None
    if (
        not isinstance(entry, Mapping)
        or not isinstance(schema, Mapping)
        or not {"file", "subgraph_url"} & schema.keys()
    ):
        raise InvalidConfig(f'{path}: subgraph "{name}" needs a "schema" with a "file" or a "subgraph_url".')
    url = schema.get("subgraph_url")
    file = path.parent / str(schema["file"]) if "file" in schema else None
    return SubgraphConfig(name, str(entry.get("routing_url") or url or ""), file, None if url is None else str(url))


def load(subgraphs: list[SubgraphConfig]) -> list[SubgraphSource]:
    """Read every SDL, those of running subgraphs at once. Raises: InvalidConfig, UnreachableSubgraph."""
    running = {one.name: one.subgraph_url for one in subgraphs if one.file is None and one.subgraph_url is not None}
    told = _ask_all(running) if running else {}
    return [_source(one, told.get(one.name)) for one in subgraphs]


def _source(subgraph: SubgraphConfig, told: str | None) -> SubgraphSource:
    if told is not None or subgraph.file is None:
        return SubgraphSource(subgraph.name, subgraph.routing_url, told or "", subgraph.subgraph_url or "")
    try:
        sdl = subgraph.file.read_text(encoding="utf-8")
    except (OSError, UnicodeError) as error:
        raise InvalidConfig(f'Cannot read the schema of subgraph "{subgraph.name}": {error}') from error
    return SubgraphSource(subgraph.name, subgraph.routing_url, sdl, _shown(subgraph.file))


def _shown(file: Path) -> str:
    """The path as it is told from here."""
    resolved = file.resolve()
    return str(resolved.relative_to(Path.cwd())) if resolved.is_relative_to(Path.cwd()) else str(resolved)


def _ask_all(urls: Mapping[str, str]) -> dict[str, str]:
    """Only who has running subgraphs waits until an HTTP client is imported."""
    introspection = import_module("schema.introspection")
    return dict(introspection.ask_all(urls))
