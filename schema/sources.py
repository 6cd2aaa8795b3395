"""The SDL of each subgraph, from where the config says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from importlib import import_module
from pathlib import Path

from schema.config import File, Inline, InvalidConfig, Running, SubgraphConfig
from schema.subgraph import SubgraphSource

MAX_SDL_BYTES = 8 * 1024 * 1024
"""Larger than any schema that people wrote, and soon enough to say so."""


class UnreachableSubgraph(Exception):
    """Running subgraphs did not tell their SDL, one a line."""


def load(subgraphs: Sequence[SubgraphConfig]) -> list[SubgraphSource]:
    """Read every SDL, those of running subgraphs at once. Raises: InvalidConfig, UnreachableSubgraph."""
    read = [_read(one) for one in subgraphs]
    running = {one.name: one.schema for one in subgraphs if isinstance(one.schema, Running)}
    told = _ask_all(running) if running else {}
    return [
        source or SubgraphSource(one.name, one.routing_url, told[one.name], running[one.name].url)
        for one, source in zip(subgraphs, read, strict=True)
    ]


def _read(subgraph: SubgraphConfig) -> SubgraphSource | None:
    """Read an SDL that is here; None for a running subgraph."""
    match subgraph.schema:
        case File(path):
            return SubgraphSource(subgraph.name, subgraph.routing_url, _read_file(subgraph.name, path), _shown(path))
        case Inline(sdl):
            return SubgraphSource(subgraph.name, subgraph.routing_url, sdl)
        case Running():
            return None


def _read_file(name: str, path: Path) -> str:
    try:
        if path.is_file() and path.stat().st_size > MAX_SDL_BYTES:
            raise InvalidConfig(f'Cannot read the schema of subgraph "{name}": {_shown(path)} is {TOO_LARGE}.')
        return path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        message = f'Cannot read the schema of subgraph "{name}": {_shown(path)}: {error.strerror}.'
        raise InvalidConfig(message) from error
    except UnicodeError as error:
        raise InvalidConfig(f'Cannot read the schema of subgraph "{name}": {_shown(path)} is not UTF-8.') from error


TOO_LARGE = f"larger than {MAX_SDL_BYTES // 1024 // 1024} MiB"


def _shown(file: Path) -> str:
    """The path as it is told from here."""
    resolved = file.resolve()
    return str(resolved.relative_to(Path.cwd())) if resolved.is_relative_to(Path.cwd()) else str(resolved)


def _ask_all(running: Mapping[str, Running]) -> dict[str, str]:
    """Only who has running subgraphs waits until an HTTP client is imported."""
    introspection = import_module("schema.introspection")
    return dict(introspection.ask_all(running))
