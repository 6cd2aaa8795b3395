"""YAML with the line of every key. Plain words mean what YAML 1.2 says: `off`, `no` and `1:30` are text."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import yaml
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from router.configuration.mistakes import KeyPath, Mistake

Tree = Any  # what YAML can say: mappings, lists, scalars


class _Loader(yaml.SafeLoader):
    """Source: YAML 1.2, "Core Schema"."""

    yaml_implicit_resolvers: dict[Any, Any] = {}  # noqa: RUF012 (the base class declares it so)


for _tag, _pattern, _first in (
    ("null", r"~|null|Null|NULL|", "~nN"),
    ("bool", r"true|True|TRUE|false|False|FALSE", "tTfF"),
    ("int", r"[-+]?[0-9]+|0x[0-9a-fA-F]+", "-+0123456789"),
    ("float", r"[-+]?(?:\.[0-9]+|[0-9]+\.[0-9]*)(?:[eE][-+]?[0-9]+)?|[-+]?[0-9]+[eE][-+]?[0-9]+", "-+.0123456789"),
    ("merge", r"<<", "<"),
):
    _firsts = [*_first, ""] if _tag == "null" else [*_first]
    _Loader.add_implicit_resolver(f"tag:yaml.org,2002:{_tag}", re.compile(f"(?:{_pattern})$"), _firsts)


@dataclass(frozen=True, slots=True)
class Document:
    """What a text says, on which line each key and item stands, and what is wrong with it."""

    tree: Tree
    lines: Mapping[KeyPath, int]
    mistakes: tuple[tuple[int, Mistake], ...]
    """Each with its line."""


@dataclass(slots=True)
class _Reading:
    loader: _Loader
    lines: dict[KeyPath, int] = field(default_factory=dict)
    mistakes: list[tuple[int, Mistake]] = field(default_factory=list)

    def value(self, node: Node, path: KeyPath) -> Tree:
        if isinstance(node, MappingNode):
            return self._mapping(node, path)
        if isinstance(node, SequenceNode):
            return [self._at(item, item, (*path, at)) for at, item in enumerate(node.value)]
        if isinstance(node, ScalarNode) and node.tag.endswith(":null") and not node.value:
            self._wrong(node, path, "has no value: give it one, or leave the key out.")
        return self._scalar(node, path)

    def _mapping(self, node: MappingNode, path: KeyPath) -> Tree:
        node.value = [pair for pair in node.value if self._is_key(pair[0], path)]
        repeated = list(_repeated(node))
        for key in repeated:
            self._wrong(key, (*path, key.value), "stands here a second time.")
        node.value = [pair for pair in node.value if pair[0] not in repeated]
        self.loader.flatten_mapping(node)  # puts in what `<<` names
        pairs = [pair for pair in node.value if isinstance(pair[0], ScalarNode)]
        return {key.value: self._at(key, value, (*path, key.value)) for key, value in pairs}

    def _is_key(self, key: Node, path: KeyPath) -> bool:
        if not isinstance(key, ScalarNode):
            self._wrong(key, path, "a key is a name.")
        return isinstance(key, ScalarNode)

    def _at(self, place: Node, node: Node, path: KeyPath) -> Tree:
        self.lines[path] = place.start_mark.line + 1
        return self.value(node, path)

    def _scalar(self, node: Node, path: KeyPath) -> Tree:
        try:
            return self.loader.construct_object(node)
        except (yaml.YAMLError, ValueError) as error:
            self._wrong(node, path, f"cannot be read: {getattr(error, 'problem', error)}.")
            return None

    def _wrong(self, node: Node, path: KeyPath, text: str) -> None:
        self.mistakes.append((node.start_mark.line + 1, Mistake(path, text)))


def read_document(text: str) -> Document:
    """Read YAML. Raises: YAMLError."""
    loader = _Loader(text)
    try:
        node = loader.get_single_node()
        reading = _Reading(loader)
        tree = None if node is None else reading.value(node, ())
    except RecursionError as error:
        raise yaml.YAMLError("an anchor contains itself, or values are nested too deep") from error
    finally:
        loader.dispose()
    return Document(tree, reading.lines, tuple(reading.mistakes))


def _repeated(node: MappingNode) -> Iterator[ScalarNode]:
    seen = set()
    for key, _ in node.value:
        if key.value in seen and not key.tag.endswith(":merge"):
            yield key
        seen.add(key.value)
