"""`supergraph.yaml`: which subgraphs make the supergraph, and where their SDL comes from. The shape is rover's."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import httpx
import yaml

from schema.subgraph import SubgraphSource

TIMEOUT_SECONDS = 10.0


class InvalidConfig(ValueError):
    """The config file, or an SDL that it names, cannot be read."""


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
    except (OSError, yaml.YAMLError) as error:
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


async def load_sources(subgraphs: list[SubgraphConfig]) -> list[SubgraphSource]:
    """Read every SDL, those of running subgraphs at once. Raises: InvalidConfig."""
    async with httpx.AsyncClient(timeout=TIMEOUT_SECONDS) as client:
        return list(await asyncio.gather(*(_load(one, client) for one in subgraphs)))


async def _load(subgraph: SubgraphConfig, client: httpx.AsyncClient) -> SubgraphSource:
    if subgraph.file is not None:
        try:
            sdl = subgraph.file.read_text(encoding="utf-8")
        except OSError as error:
            raise InvalidConfig(f'Cannot read the schema of subgraph "{subgraph.name}": {error}') from error
        return SubgraphSource(subgraph.name, subgraph.routing_url, sdl, _shown(subgraph.file))
    url = subgraph.subgraph_url or ""
    return SubgraphSource(subgraph.name, subgraph.routing_url, await _ask(subgraph.name, url, client), url)


def _shown(file: Path) -> str:
    """The path as it is told from here."""
    resolved = file.resolve()
    return str(resolved.relative_to(Path.cwd())) if resolved.is_relative_to(Path.cwd()) else str(resolved)


async def _ask(name: str, url: str, client: httpx.AsyncClient) -> str:
    try:
        response = await client.post(url, json={"query": "{ _service { sdl } }"})
        response.raise_for_status()
        return str(response.json()["data"]["_service"]["sdl"])
    except (httpx.HTTPError, ValueError, KeyError, TypeError) as error:
        raise InvalidConfig(f'Cannot get the schema of subgraph "{name}" from {url}: {error!r}') from error
