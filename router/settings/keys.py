"""The tree as a list of keys, for people: what each may be, what it is if it is not set, and what it does."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from enum import Enum
from pathlib import Path
from types import NoneType, UnionType
from typing import Annotated, Literal, Union, get_args, get_origin

from pydantic import BaseModel, SecretStr
from pydantic.fields import FieldInfo

from router.settings.marks import NamesSubgraphs, NeedsRestart, Written
from router.settings.values import write_duration

_NAMES: dict[object, str] = {
    bool: "boolean",
    int: "integer",
    float: "number",
    str: "text",
    timedelta: "duration",
    Path: "path",
    SecretStr: "text, secret",
    re.Pattern: "regular expression",
}


_HOLDERS: dict[object, str] = {Annotated: "", tuple: "list: ", frozenset: "list: ", dict: "by name: "}


@dataclass(frozen=True, slots=True)
class Key:
    """One key, with `[]` after a list; texts are Markdown. A branch has no default of its own."""

    path: str
    type: str
    default: str
    description: str


def keys_of(branch: type[BaseModel], prefix: str = "") -> Iterator[Key]:
    """List a branch's keys, each followed by those below it."""
    for name, field in branch.model_fields.items():
        yield from key_of(field, f"{prefix}{field.alias or name}")


def key_of(field: FieldInfo, path: str) -> Iterator[Key]:
    """List a key and those below it; what is given by subgraph is as for all."""
    written = next((mark.text for mark in field.metadata if isinstance(mark, Written)), None)
    below = [] if written else list(branches_in(field.annotation))
    description = field.description or (summary(below[0]) if below else "")
    if any(isinstance(mark, NeedsRestart) for mark in field.metadata):
        description += " A change waits for a restart."
    is_branch = isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel) and not written
    yield Key(path, written or type_of(field.annotation), "" if is_branch else default_of(field), description)
    if any(isinstance(mark, NamesSubgraphs) for mark in field.metadata):
        return
    container = _container(field.annotation)
    for inner in below:
        yield from keys_of(inner, f"{path}{container}.")


def summary(branch: type[BaseModel]) -> str:
    """Give the first paragraph of what a branch says of itself."""
    return " ".join((branch.__doc__ or "").split("\n\n")[0].split())


def branches_in(annotation: object) -> Iterator[type[BaseModel]]:
    """List the branches that a value may be or hold."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for inner in get_args(annotation):
        yield from branches_in(inner)


def type_of(annotation: object) -> str:
    """Say what a value may be."""
    origin, inner = get_origin(annotation), get_args(annotation)
    if origin in {Union, UnionType}:
        return " or ".join(dict.fromkeys(type_of(one) for one in inner if one is not NoneType))
    if origin is Literal:
        return " or ".join(f"`{one}`" for one in inner)
    if isinstance(annotation, type) and issubclass(annotation, Enum):
        return " or ".join(f"`{one.value}`" for one in annotation)
    if origin in _HOLDERS:
        return _HOLDERS[origin] + type_of(inner[-1] if origin is dict else inner[0])
    return _NAMES.get(origin or annotation, "mapping")


def default_of(field: FieldInfo) -> str:
    """Say what a key is if it is not set."""
    if field.is_required():
        return "required"
    default = field.get_default(call_default_factory=True)
    if isinstance(default, tuple | frozenset):
        return ", ".join(map(_value, sorted(default) if isinstance(default, frozenset) else default)) or "none"
    return "none" if default is None or default == {} else _value(default)


def _value(value: object) -> str:
    if isinstance(value, timedelta):
        return f"`{write_duration(value)}`"
    if isinstance(value, bool):
        return f"`{str(value).lower()}`"
    return f"`{value}`" if str(value) else "empty"


def _container(annotation: object) -> str:
    """Say how a path goes on below a list or a mapping."""
    origin = get_origin(annotation)
    if origin in {Union, UnionType, Annotated}:
        return next(filter(None, map(_container, get_args(annotation))), "")
    return "[]" if origin is tuple else ".NAME" if origin is dict else ""
