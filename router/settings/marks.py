"""Marks on keys of the tree: what is true of a key besides the type of its value."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, TypeVar

from pydantic import BaseModel, GetJsonSchemaHandler
from pydantic_core import CoreSchema

T = TypeVar("T")


class NeedsRestart:
    """A change of this key is served after a restart only."""


class Followed:
    """What this file says is part of what serves: a change of it is served as one of the settings is."""


class NamesSubgraphs:
    """The keys of this mapping are names of subgraphs: one that the supergraph does not have is a mistake."""


class OrText:
    """A value of this key may be a text, too."""

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        """Let editors take either form."""
        return {"anyOf": [{"type": "string"}, handler(schema)]}


@dataclass(frozen=True, slots=True)
class Written(OrText):
    """A value of this key is written in a form of its own, not as its type."""

    text: str


BySubgraph = Annotated[dict[str, T], NamesSubgraphs()]


def marked(
    branch: BaseModel, mark: type, path: tuple[str | int, ...] = ()
) -> Iterator[tuple[tuple[str | int, ...], Any]]:
    """List the paths of all keys with a mark, and their values."""
    for name, field in type(branch).model_fields.items():
        value, here = getattr(branch, name), (*path, field.alias or name)
        if any(isinstance(one, mark) for one in field.metadata):
            yield here, value
        for step, item in _items(value):
            yield from marked(item, mark, (*here, *step))


def _items(value: object) -> Iterator[tuple[tuple[str | int, ...], BaseModel]]:
    if isinstance(value, BaseModel):
        yield (), value
    inner = value.items() if isinstance(value, Mapping) else enumerate(value) if isinstance(value, tuple) else ()
    for key, one in inner:
        if isinstance(one, BaseModel):
            yield (key,), one
