"""Reading the settings: defaults, then `router.yaml`, then the environment; all mistakes told at once."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, get_args

import yaml
from graphql.pyutils import did_you_mean, suggestion_list
from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from router.settings import Settings

Tree = Any  # what YAML can say: mappings, lists, scalars

_VARIABLE = re.compile(r"\$\{env\.(\w+)(?::-([^}]*))?\}")
_PREFIX = "ROUTER__"


class InvalidSettings(ValueError):
    """The settings cannot be used; `mistakes` are lines, each with the path of its key."""

    def __init__(self, source: str, mistakes: Sequence[str]) -> None:
        super().__init__("\n".join([f"{source} cannot be used:", *(f"  {mistake}" for mistake in mistakes)]))
        self.mistakes = tuple(mistakes)


@dataclass(frozen=True, slots=True)
class SettingsSource:
    """Where settings come from, to be read again when the file changes; `over` puts the command line over them."""

    file: Path | None
    environment: Mapping[str, str]
    over: Callable[[Settings], Settings] = lambda settings: settings

    def read(self) -> Settings:
        """Read the settings. Raises: InvalidSettings."""
        return self.over(load_settings(self.file, self.environment))


def load_settings(file: Path | None, environment: Mapping[str, str]) -> Settings:
    """Read the settings. Raises: InvalidSettings."""
    source = str(file) if file else "The environment"
    tree = _read(file) if file else {}
    mistakes: list[str] = []
    tree = _expand(tree, environment, (), mistakes)
    for name, value in environment.items():
        if name.startswith(_PREFIX):
            _put(tree, [part.lower() for part in name.removeprefix(_PREFIX).split("__")], value)
    try:
        settings = Settings.model_validate(tree)
    except ValidationError as error:
        mistakes += [_mistake(detail) for detail in error.errors()]
    if mistakes:
        raise InvalidSettings(source, mistakes)
    return settings


def _read(file: Path) -> dict[str, Tree]:
    try:
        tree: Tree = yaml.safe_load(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise InvalidSettings(str(file), [f"{error.strerror}."]) from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise InvalidSettings(str(file), [f"not YAML: {' '.join(str(error).split())}"]) from error
    if tree is None:
        return {}
    if not isinstance(tree, dict):
        raise InvalidSettings(str(file), ["expected keys and values at the top level."])
    return tree


def _expand(node: Tree, environment: Mapping[str, str], path: tuple[str, ...], mistakes: list[str]) -> Tree:
    """Put the environment's values where `${env.NAME}` or `${env.NAME:-default}` stands."""
    if isinstance(node, dict):
        return {key: _expand(value, environment, (*path, str(key)), mistakes) for key, value in node.items()}
    if isinstance(node, list):
        return [_expand(item, environment, (*path, str(at)), mistakes) for at, item in enumerate(node)]
    if not isinstance(node, str):
        return node

    def value_of(match: re.Match[str]) -> str:
        default: str | None = match[2]
        value = environment.get(match[1], default)
        if value is None:
            mistakes.append(f"{'.'.join(path)}: environment variable '{match[1]}' is not set, and has no default.")
            return match[0]
        return value

    return _VARIABLE.sub(value_of, node)


def _put(tree: dict[str, Tree], path: Sequence[str], value: str) -> None:
    *parents, last = path
    for key in parents:
        if not isinstance(tree.get(key), dict):
            tree[key] = {}
        tree = tree[key]
    tree[last] = value


def _mistake(detail: ErrorDetails) -> str:
    path = detail["loc"]
    key = ".".join(str(step) for step in path) or "the top level"
    if detail["type"] == "extra_forbidden":
        known = _keys_at(path[:-1])
        return f"{key}: unknown key.{did_you_mean(suggestion_list(str(path[-1]), known))}"
    text = detail["msg"].removeprefix("Value error, ")
    return f"{key}: {text[:1].lower()}{text[1:]}."


def _keys_at(path: Sequence[int | str]) -> list[str]:
    """List the keys of the branch at a path of the tree."""
    branch: type[BaseModel] | None = Settings
    for step in path:
        if branch is not None and isinstance(step, str) and step in branch.model_fields:
            branch = next(_branches(branch.model_fields[step].annotation), None)
    return list(branch.model_fields) if branch is not None else []


def _branches(annotation: object) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for inner in get_args(annotation):
        yield from _branches(inner)
