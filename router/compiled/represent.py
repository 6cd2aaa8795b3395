"""What represents an entity, as code: the same where it is asked for and where its answer is looked up."""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from router.compiled.held import TYPENAME, Source
from router.compiled.layout import Frame, Layout
from router.compiled.names import Names
from router.compiled.quote import Code, Hole, code, expression
from router.compiled.reads import Reads
from router.compiled.uncompilable import Uncompilable
from router.execution.representations import Builder
from router.execution.runtime_types import RuntimeTypes
from router.planner.model import EntitySelection
from schema.query_graph.selection import Field, InlineFragment, SelectionSet


class Required(NamedTuple):
    """A field that stands in a representation. `must`: without a value there is none."""

    field: Field
    must: bool


@dataclass(frozen=True, slots=True)
class Represented:
    """Code that represents one entity: `read` comes first; there is a representation if all of `present` are.

    `key` tells distinct representations apart.
    """

    read: Code
    present: Sequence[str]
    key: ast.expr
    representation: ast.expr


class Representing:
    """Writes representations for the entity fetches of one plan."""

    def __init__(self, layout: Layout, types: RuntimeTypes, names: Names) -> None:
        self._layout = layout
        self._types = types
        self._names = names

    def required(self, source: Source, type_name: str) -> Sequence[Required]:
        """List what is required of a type, each once, the last meaning of a name. Shapes: () asks for none of it."""
        select = entity(source)
        found = {one.name: one for one in _fields(select.requires, type_name, self._types) if one.name != TYPENAME}
        return tuple(
            Required(one, name in select.keys or self._types.field(type_name, name).required)
            for name, one in found.items()
        )

    def only_type(self, source: Source) -> str | None:
        """Infer the type of entities that come without `__typename`, as the interpreter does."""
        requires = entity(source).requires
        names = {one.type_condition for one in requires if isinstance(one, InlineFragment)}
        name = names.pop() if len(names) == 1 else None
        return name if name in self._types.objects else None

    def may_be_abstract(self, source: Source) -> bool:
        """Whether entities are asked for by the name of an interface."""
        conditions = (one.type_condition for one in entity(source).requires if isinstance(one, InlineFragment))
        return any(one is not None and one not in self._types.objects for one in conditions)

    def write(self, source: Source, frame: Frame, type_: ast.expr, reads: Reads) -> Represented:
        """Represent the entity at a frame whose types all require the same; `type_` names the one it has.

        Raises: Uncompilable.
        """
        seen = frame.of_sources(source.behind)
        required = self.required(source, min(frame.types[-1]))
        if any(one.field.selections for one in required):
            return self._exact(source, seen)
        select = entity(source)
        typed = select.typename is None and self._is_of_several_types(source)
        named = ast.Constant(select.typename) if select.typename is not None else type_
        read: Code = []
        present: list[str] = []
        parts = [type_] if typed else []
        pairs = [(TYPENAME, named)]
        for field, must in required:
            read_value, value = reads.value(seen.holding(field.response_name), field.response_name)
            read_part, part = reads.part(value)
            read += [*read_value, *read_part]
            parts.append(expression("k", k=part))
            pairs.append((field.name, expression("v", v=value)))
            present += [value] if must else []
        key = parts[0] if len(parts) == 1 else ast.Tuple(parts, ast.Load())
        return Represented(read, present, key, dictionary(pairs))

    def _exact(self, source: Source, frame: Frame) -> Represented:
        """Leave an entity of which more than leaves is required to the interpreter, which sees its layers alone."""
        if any(one.index in source.behind and _is_below(one.names, frame.names) for one in self._layout.sources):
            raise Uncompilable("what is required comes of several answers")
        value, key = self._names.fresh("v"), self._names.fresh("k")
        build = self._names.given("build", Builder(entity(source), self._types).build)
        layers = ast.Tuple([expression("l", l=one.variable) for one in frame.layers], ast.Load())
        holes: dict[str, Hole] = {"v": value, "k": key, "build": build, "layers": layers}
        read = code("v = build(Position((), layers, None))\nk = canonical_json(v)", **holes)
        return Represented(read, (value,), expression("k", k=key), expression("v", v=value))

    def _is_of_several_types(self, source: Source) -> bool:
        names = [one.type_condition for one in entity(source).requires if isinstance(one, InlineFragment)]
        return len(names) != 1 or names[0] not in self._types.objects


def entity(source: Source) -> EntitySelection:
    """Give the selection of a source that asks for entities."""
    if not isinstance(source.select, EntitySelection):
        raise TypeError("A root selection has no representations.")
    return source.select


def dictionary(pairs: Sequence[tuple[str, ast.expr]]) -> ast.expr:
    """Write an object."""
    return ast.Dict([ast.Constant(name) for name, _ in pairs], [value for _, value in pairs])


def _fields(selections: SelectionSet, type_name: str, types: RuntimeTypes) -> Iterator[Field]:
    for one in selections:
        if isinstance(one, Field):
            yield one
        elif one.type_condition is None or types.satisfies(type_name, one.type_condition):
            yield from _fields(one.selections, type_name, types)


def _is_below(names: Collection[str], place: tuple[str, ...]) -> bool:
    names = tuple(names)
    return len(names) > len(place) and names[: len(place)] == place
