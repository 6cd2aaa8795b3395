"""What code does with an object before it reads its fields: find out its type, and look up what is attached to it."""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from graphql import GraphQLSchema

from router.compiled.held import TYPENAME, Source, vague_names
from router.compiled.layout import Frame, Layer, Layout, is_layer
from router.compiled.names import Names
from router.compiled.quote import Code, Const, Hole, code, expression
from router.compiled.reads import Reads, read_field
from router.compiled.represent import Representing

NEWEST = """
if t in vague:
    u = l.get(name)
    if t is None or u not in vague:
        t = u
"""
TOLD = """
if t in vague:
    attached
    u = l.get(name)
    if t is None or u not in vague:
        t = u
"""


@dataclass(frozen=True, slots=True)
class Alike:
    """Types of which the objects at one place need the same code."""

    names: frozenset[str]

    @property
    def one(self) -> str:
        """Any of them."""
        return min(self.names)


@dataclass(frozen=True, slots=True)
class Places:
    """Writes what code does on entering an object."""

    layout: Layout
    representing: Representing
    names: Names

    def needed(
        self, frame: Frame, type_name: str, wanted: Collection[str], sources: Collection[int] | None = None
    ) -> Sequence[Source]:
        """Find the answers attached to objects of a type that hold what is wanted, and those that these need in turn.

        `sources` are those that may be asked for, if not all. They come in the order of the plan.
        """
        wanted = set(wanted)
        found = []
        for source in reversed(list(self.layout.attached(frame.names))):
            if sources is not None and source.index not in sources:
                continue
            required = self.representing.required(source, type_name)
            if required and is_layer(source, frame.types) and wanted & source.held.fields.keys():
                found.append(source)
                wanted |= {one.field.response_name for one in required}
        return found[::-1]

    def attach(self, frame: Frame, sources: Sequence[Source], type_: ast.expr, reads: Reads) -> tuple[Code, Frame]:
        """Look the answers for an entity up, where all types at the frame are alike."""
        written: Code = []
        for source in sources:
            represented = self.representing.write(source, frame, type_, reads)
            layer = self.names.fresh("l")
            holes: dict[str, Hole] = {"l": layer, "table": table(source), "key": represented.key}
            written += [*represented.read, *code("l = table.get(key, EMPTY)", **holes)]
            frame = frame.with_layer(Layer(layer, source.held, source.index))
        return written, frame

    def alike(self, frame: Frame, types: Iterable[str], among: Collection[int] | None = None) -> Sequence[Alike]:
        """Part types by what is attached to their objects, and by where paths go on for them."""
        sources = [one for one in self.layout.sources if among is None or one.index in among]
        constraints = sorted(self.layout.constraints(frame.names, sources), key=sorted)
        attached = [one for one in self.layout.attached(frame.names) if among is None or one.index in among]
        groups: dict[object, set[str]] = {}
        for name in types:
            required = tuple(self.representing.required(one, name) for one in attached)
            groups.setdefault((tuple(name in one for one in constraints), required), set()).add(name)
        return [Alike(frozenset(one)) for one in groups.values()]

    def read_type(
        self, frame: Frame, variable: str, schema: GraphQLSchema, among: Collection[int] | None = None
    ) -> Code | None:
        """Read `__typename`: the newest that is not abstract, else what answers for the entity say.

        None: nothing tells it. A name that no such object has is read like any other.
        """
        layers = frame.holding(TYPENAME)
        if not layers:
            return None
        *older, last = layers
        vague = Const(vague_names(frame.types[-1], schema))
        holes: dict[str, Hole] = {"t": variable, "name": Const(TYPENAME), "vague": vague}
        read = read_field(last, TYPENAME, variable)
        for one in reversed(older):
            read += code(NEWEST, l=one.variable, u=self.names.fresh("u"), **holes)
        for source in self._telling(frame, among):
            attached, full = self.attach(frame, [source], ast.Name(variable, ast.Load()), Reads(self.names))
            found = {"u": self.names.fresh("u"), "l": full.layers[-1].variable}
            read += code(TOLD, attached=attached, **found, **holes)
        return read

    def _telling(self, frame: Frame, among: Collection[int] | None) -> Sequence[Source]:
        """Find the answers that tell the type of what one subgraph knows as an interface object, newest first."""
        return [
            source
            for source in reversed(list(self.layout.attached(frame.names)))
            if (among is None or source.index in among)
            and TYPENAME in source.held.fields
            and is_layer(source, frame.types)
            and self.representing.may_be_abstract(source)
            and len({self.representing.required(source, name) for name in frame.types[-1]}) == 1
        ]


def table(source: Source) -> str:
    """Name the variable that has what came for a source: the root, or entities by the keys of their representations."""
    return f"s{source.index}"


def is_of(variable: str, names: frozenset[str]) -> ast.expr:
    """Write whether a type is one of some."""
    if len(names) == 1:
        return expression("t == name", t=variable, name=Const(min(names)))
    return expression("t in names", t=variable, names=Const(names))
