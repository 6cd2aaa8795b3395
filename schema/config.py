"""`supergraph.yaml`: which subgraphs make the supergraph, and where their SDL comes from. The shape is rover's."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import yaml
from graphql.pyutils import did_you_mean, suggestion_list

STANDARD_INPUT = Path("-")
_VARIABLE = re.compile(r"\$\{env\.(\w+)(?::-([^}]*))?\}")
_SCHEMA_KEYS = ("file", "subgraph_url", "sdl")
_NULL = "tag:yaml.org,2002:null"


class InvalidConfig(ValueError):
    """The config file, or an SDL that it names, cannot be read."""


@dataclass(frozen=True, slots=True)
class File:
    """The SDL is in a file."""

    path: Path


@dataclass(frozen=True, slots=True)
class Running:
    """A running subgraph tells its SDL, asked with these headers."""

    url: str
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Inline:
    """The SDL is in the config."""

    sdl: str


@dataclass(frozen=True, slots=True)
class SubgraphConfig:
    """One entry of `subgraphs`."""

    name: str
    routing_url: str
    schema: File | Running | Inline


def read_config(path: Path) -> list[SubgraphConfig]:
    """Read the entries; files are relative to the config, or to here if it comes from standard input.

    Raises: InvalidConfig.
    """
    name = "<stdin>" if path == STANDARD_INPUT else str(path)
    try:
        raw = sys.stdin.buffer.read() if path == STANDARD_INPUT else path.read_bytes()
        node = yaml.compose(raw.decode("utf-8-sig"), Loader=yaml.SafeLoader)
    except OSError as error:
        raise InvalidConfig(f"Cannot read {name}: {error.strerror}.") from error
    except UnicodeError as error:
        raise InvalidConfig(f"Cannot read {name}: it is not UTF-8.") from error
    except yaml.MarkedYAMLError as error:
        line = f":{error.problem_mark.line + 1}" if error.problem_mark else ""
        raise InvalidConfig(f"{name}{line}: {error.problem or error.context}.") from error
    except yaml.YAMLError as error:
        raise InvalidConfig(f"{name}: {' '.join(str(error).split())}") from error
    return list(_entries(name, path.parent, node))


def _entries(name: str, folder: Path, node: yaml.Node | None) -> Iterator[SubgraphConfig]:
    root = _Section.of(name, "the config", node, ("federation_version", "subgraphs")) if node else None
    subgraphs = root.section("subgraphs", "subgraphs") if root else None
    if not subgraphs or not subgraphs.values:
        raise InvalidConfig(f'{name}: expected "subgraphs", a map from names to "routing_url" and "schema".')
    for one in subgraphs.values:
        yield _entry(folder, one, subgraphs)


def _entry(folder: Path, name: str, subgraphs: _Section) -> SubgraphConfig:
    entry = subgraphs.section(name, f'subgraph "{name}"', ("routing_url", "schema"))
    what = f'"schema" of subgraph "{name}"'
    schema = entry.section("schema", what, (*_SCHEMA_KEYS, "introspection_headers")) if entry else None
    found = [key for key in _SCHEMA_KEYS if schema and schema.text(key) is not None]
    if not entry or not schema or len(found) != 1:
        raise subgraphs.error(f'subgraph "{name}" needs a "schema" with a "file", a "subgraph_url" or an "sdl".', name)
    text = schema.text(found[0]) or ""
    source: File | Running | Inline
    match found[0]:
        case "file":
            source = File(folder / text)
        case "subgraph_url":
            headers = schema.section("introspection_headers", "introspection_headers")
            source = Running(text, {key: headers.text(key) or "" for key in headers.values} if headers else {})
        case _:
            source = Inline(text)
    return SubgraphConfig(
        name, entry.text("routing_url") or (source.url if isinstance(source, Running) else ""), source
    )


@dataclass(frozen=True, slots=True)
class _Section:
    """A map of the config, with the lines of its keys."""

    file: str
    values: Mapping[str, yaml.Node]
    lines: Mapping[str, int]

    @classmethod
    def of(cls, file: str, what: str, node: yaml.Node, known: Collection[str] = ()) -> _Section:
        """Read a map; if `known` names keys, no others may be in it."""
        here = f"{file}:{node.start_mark.line + 1}"
        if not isinstance(node, yaml.MappingNode):
            raise InvalidConfig(f"{here}: {what} is no map.")
        section = cls(file, values := {}, lines := {})
        for key, value in node.value:
            name = str(key.value) if isinstance(key, yaml.ScalarNode) else ""
            lines[name] = key.start_mark.line + 1
            if name in values:
                raise section.error(f'{what} has "{name}" twice.', name)
            if not name:
                raise section.error(f"{what} has a key without a name.", name)
            if known and name not in known:
                hint = did_you_mean(suggestion_list(name, list(known)))
                raise section.error(f'{what} has the unknown key "{name}".{hint}', name)
            values[name] = value
        return section

    def error(self, message: str, key: str) -> InvalidConfig:
        return InvalidConfig(f"{self.file}:{self.lines[key]}: {message}")

    def section(self, key: str, what: str, known: Collection[str] = ()) -> _Section | None:
        node = self._node(key)
        return None if node is None else _Section.of(self.file, what, node, known)

    def text(self, key: str) -> str | None:
        """Read a scalar as it is written, with the environment's values in it."""
        node = self._node(key)
        if node is None:
            return None
        if not isinstance(node, yaml.ScalarNode):
            raise self.error(f'"{key}" is no text.', key)
        return _VARIABLE.sub(lambda found: self._variable(found, key), str(node.value))

    def _node(self, key: str) -> yaml.Node | None:
        node = self.values.get(key)
        return None if node is None or node.tag == _NULL else node

    def _variable(self, found: re.Match[str], key: str) -> str:
        value = os.environ.get(found[1], found[2])
        if value is None:
            raise self.error(f"The environment has no {found[1]}.", key)
        return value
