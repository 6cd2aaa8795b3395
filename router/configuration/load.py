"""Loading the settings: defaults, then `router.yaml`, then the environment; all mistakes told at once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import get_args

import yaml
from graphql.pyutils import did_you_mean, suggestion_list
from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from router.configuration.document import Document, Tree, read_document
from router.configuration.expand import Expansion
from router.configuration.mistakes import InvalidSettings, KeyPath, Mistake, Origin, Origins
from router.followed_files import Stamps, stamps_of
from router.settings import Settings

_PREFIX = "ROUTER__"


@dataclass(frozen=True, slots=True)
class Configuration:
    """Settings, where each that is not a default comes from, and the files that were read, as they were then."""

    settings: Settings
    origins: Origins = field(default_factory=dict)
    files: Stamps = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ConfigurationSource:
    """Where a configuration comes from, to be read again when its files change; `over` is what goes over it."""

    file: Path | None
    environment: Mapping[str, str]
    over: Callable[[Settings], Settings] = lambda settings: settings

    def read(self) -> Configuration:
        """Read the configuration. Raises: InvalidSettings."""
        read = load_configuration(self.file, self.environment)
        try:
            return Configuration(self.over(read.settings), read.origins, read.files)
        except InvalidSettings as error:
            raise error.placed(read.origins) from error


def load_settings(file: Path | None, environment: Mapping[str, str]) -> Settings:
    """Load the settings. Raises: InvalidSettings."""
    return load_configuration(file, environment).settings


def load_configuration(file: Path | None, environment: Mapping[str, str]) -> Configuration:
    """Load the settings and where they come from. Raises: InvalidSettings."""
    source = str(file) if file else "The environment"
    said = _gather(file, environment, source)
    mistakes = list(said.mistakes)
    try:
        settings = Settings.model_validate(said.tree)
    except ValidationError as error:
        known = {mistake.path for mistake in mistakes}
        mistakes += [mistake for mistake in _mistakes(error, said.origins) if mistake.path not in known]
    if mistakes:
        order = {path: at for at, path in enumerate(said.origins)}
        mistakes.sort(key=lambda mistake: _nearest(mistake.path, order))
        raise InvalidSettings([one.placed(said.origins) for one in mistakes], source)
    return Configuration(settings, said.origins, said.files)


@dataclass(frozen=True, slots=True)
class _Said:
    """What file and environment say together, before it is checked."""

    tree: Tree
    origins: Origins
    files: Stamps
    mistakes: Sequence[Mistake]


def _gather(file: Path | None, environment: Mapping[str, str], source: str) -> _Said:
    stamps = stamps_of([file] if file else [])
    document = _read(file) if file else Document({}, {}, ())
    expansion = Expansion(environment, file.parent if file else Path())
    tree = expansion.of(document.tree or {})
    if not isinstance(tree, dict):
        raise InvalidSettings([Mistake((), "expected keys and values at the top level.", source)], source)
    origins = {
        path: Origin(f"{source}:{line}", is_secret=path in expansion.secret) for path, line in document.lines.items()
    }
    for path, name, value in _from_environment(environment):
        _put(tree, path, value)
        origins[path] = Origin(f"environment variable {name}")
    mistakes = [replace(mistake, place=f"{source}:{line}") for line, mistake in document.mistakes]
    return _Said(tree, origins, stamps | expansion.files, mistakes + expansion.mistakes)


def _read(file: Path) -> Document:
    try:
        return read_document(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise InvalidSettings([Mistake((), f"{error.strerror}.", str(file))], str(file)) from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise InvalidSettings([_not_yaml(error, file)], str(file)) from error


def _not_yaml(error: Exception, file: Path) -> Mistake:
    mark = getattr(error, "problem_mark", None)
    place = f"{file}:{mark.line + 1}" if mark else str(file)
    return Mistake((), f"not YAML: {getattr(error, 'problem', None) or error}.", place)


def _from_environment(environment: Mapping[str, str]) -> Iterator[tuple[KeyPath, str, Tree]]:
    """List what variables such as `ROUTER__LIMITS__MAX_DEPTH` set; lists and mappings are written as in YAML."""
    for name, value in environment.items():
        if name.startswith(_PREFIX):
            path = tuple(name.removeprefix(_PREFIX).lower().split("__"))
            is_flow = value.lstrip().startswith(("[", "{"))
            try:
                yield path, name, read_document(value).tree if is_flow else value
            except yaml.YAMLError as error:
                raise InvalidSettings([Mistake(path, "not YAML.", f"environment variable {name}")]) from error


def _put(tree: dict[str, Tree], path: KeyPath, value: Tree) -> None:
    *parents, last = map(str, path)
    for key in parents:
        if not isinstance(tree.get(key), dict):
            tree[key] = {}
        tree = tree[key]
    tree[last] = value


def _mistakes(error: ValidationError, origins: Origins) -> list[Mistake]:
    """Name mistakes in the terms of the file: of several ways to read one value, the first."""
    found = {_path(detail, origins): detail for detail in reversed(error.errors())}
    return [_mistake(path, found[path], is_secret=_is_secret(path, origins)) for path in reversed(found)]


def _is_secret(path: KeyPath, origins: Origins) -> bool:
    return path in origins and origins[path].is_secret


def _nearest(path: KeyPath, order: Mapping[KeyPath, int]) -> int:
    return next((order[path[:length]] for length in range(len(path), 0, -1) if path[:length] in order), -1)


def _path(detail: ErrorDetails, origins: Origins) -> KeyPath:
    """Leave out what is no key: the names by which kinds of values are told apart."""
    path: KeyPath = ()
    for step in detail["loc"]:
        if (*path, step) in origins:
            path = (*path, step)
    return (*path, detail["loc"][-1]) if detail["type"] == "missing" else path


def _mistake(path: KeyPath, detail: ErrorDetails, *, is_secret: bool) -> Mistake:
    if detail["type"] == "extra_forbidden":
        known = suggestion_list(str(path[-1]), _keys_beside(detail["loc"]))
        return Mistake(path, f"unknown key.{did_you_mean(known)}")
    if is_secret and detail["type"] == "value_error":  # whose text may quote the value
        return Mistake(path, "what the file holds is not valid here.")
    text = detail["msg"].removeprefix("Value error, ").rstrip(".")
    return Mistake(path, f"{text[:1].lower()}{text[1:]}.")


def _keys_beside(path: Iterable[int | str]) -> list[str]:
    """List the keys that are known where the last step of a path was taken."""
    *steps, _ = path
    branches: list[type[BaseModel]] = [Settings]
    for step in steps:
        found = [one for branch in branches for key, one in _below(branch) if key == step]
        branches = found or branches
    return sorted({key.alias or name for branch in branches for name, key in branch.model_fields.items()})


def _below(branch: type[BaseModel]) -> Iterator[tuple[str, type[BaseModel]]]:
    for name, key in branch.model_fields.items():
        for one in _branches(key.annotation):
            yield key.alias or name, one


def _branches(annotation: object) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for inner in get_args(annotation):
        yield from _branches(inner)
