"""Code that collects the representations for a fetch from the answers that came before."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from dataclasses import dataclass

from graphql import GraphQLSchema

from router.compiled.enter import enter_list, enter_object
from router.compiled.function import function
from router.compiled.held import Source, all_names, objects_of
from router.compiled.layout import Frame, Layer, Layout
from router.compiled.names import Names
from router.compiled.places import Alike, Places, is_of, table
from router.compiled.quote import Code, Const, code
from router.compiled.reads import Reads, read_field
from router.compiled.represent import Represented
from router.compiled.start import entities_beside, nearest_entities
from router.compiled.uncompilable import Uncompilable
from router.planner.model import Each, OfType, Path

ALONE = "return list(slots.values()), (slots,)"
ONCE = """
if key not in keys:
    keys[key] = representation
"""
BESIDE = """
for k, e in table.items():
    if type(k) is not str and type(k) is not int:
        raise Anomaly
    body
"""
ONCE_IN_SEVERAL = """
if key not in keys:
    slot = slots.get(key)
    if slot is None:
        slot = slots[key] = len(representations)
        representations.append(representation)
    keys[key] = slot
"""
BY_TYPE = """
if test:
    body
else:
    choice
"""
STRANGE = """
if t not in known:
    raise Anomaly
"""


@dataclass(frozen=True, slots=True)
class Collecting:
    """Writes one collector for all paths that are asked alike."""

    layout: Layout
    places: Places
    names: Names
    schema: GraphQLSchema
    root_type: str

    def write(self, name: str, sources: Sequence[Source]) -> ast.stmt:
        """Write the collector of what one ask asks for.

        It takes what came for each source, and gives the representations, and for each path the slot of each key; where
        there is one path, the keys in the order of the representations. Raises: Uncompilable.
        """
        body = [one for index in sorted(sources[0].behind) for one in _take(self.layout.sources[index])]
        if len(sources) == 1:
            walk = self._walk(sources[0], "slots")
            return function(name, ("data",), [*body, *code("slots = {}"), *walk, *code(ALONE)])
        body += code("representations = []\nslots = {}")
        keys = [f"keys{at}" for at in range(len(sources))]
        for source, own in zip(sources, keys, strict=True):
            body += [*code("keys = {}", keys=own), *self._walk(source, own)]
        all_keys = ast.Tuple([ast.Name(one, ast.Load()) for one in keys], ast.Load())
        body += code("return representations, keys", keys=all_keys)
        return function(name, ("data",), body)

    def _walk(self, source: Source, keys: str) -> Code:
        """Go from the answer that alone has all that follows, or from the root, to each object at the path."""
        walk = _Walk(self, source, keys)
        beside = entities_beside(source, self.layout, self.places.representing)
        if beside is not None:
            return walk.beside(*beside)
        nearest = nearest_entities(source, self.layout)
        if nearest is None:
            roots = [one for one in self.layout.sources if one.index in source.behind and not one.asks_entities]
            layers = tuple(Layer(table(one), one.held, one.index) for one in roots)
            frame = Frame((), (objects_of(self.root_type, self.schema),), layers)
            return walk.object(frame, source.select.path)
        entity_ = self.names.fresh("e")
        types = tuple(one if one is not None else frozenset[str]() for one in nearest.types)
        frame = Frame(nearest.names, types, (Layer(entity_, nearest.held, nearest.index),))
        rest = source.select.path[len(nearest.select.path) :]
        body = walk.field(frame, rest)
        return code("for e in table.values():\n    body", e=entity_, table=table(nearest), body=body)


@dataclass(frozen=True, slots=True)
class _Walk:
    """The way to the objects at the path of one source."""

    collecting: Collecting
    source: Source
    keys: str

    def beside(self, other: Source, name: str) -> Code:
        """Go through entities that have all that is required but the leaf that is their key."""
        fresh, representing = self.collecting.names.fresh, self.collecting.places.representing
        key, entity = fresh("k"), fresh("e")
        only = representing.only_type(self.source)
        if only is None:
            raise TypeError("Entities of several types are not known by a leaf.")
        frame = Frame(other.names, (frozenset((only,)),), (Layer(entity, other.held, other.index),))
        reads = Reads(self.collecting.names)
        reads.know(frame.holding(name), name, key)
        represented = representing.write(self.source, frame, ast.Constant(only), reads)
        body = [*represented.read, *self._once(represented)]
        return code(BESIDE, k=key, e=entity, table=table(other), body=body)

    def object(self, frame: Frame, rest: Path) -> Code:
        """Go on from an object, if it is of the types for which the path goes on."""
        rest = tuple(_after_types(rest))
        places, source = self.collecting.places, self.source
        wanted = source.types[len(frame.names)]
        names = frame.types[-1] if rest else frame.types[-1] | self._abstract(frame.types[-1])
        among = source.behind | {source.index}
        parts = places.alike(frame, sorted(names), among)
        taken = [one for one in parts if wanted is None or one.names <= wanted]
        if not rest:
            taken = [one for one in taken if places.representing.required(source, one.one)]
        if rest and wanted is None and len(parts) == 1:
            return self._of(frame, parts[0], Const(parts[0].one), rest)
        return self._by_type(frame, taken, rest, is_told=wanted is not None)

    def _by_type(self, frame: Frame, parts: Sequence[Alike], rest: Path, *, is_told: bool) -> Code:
        variable = self.collecting.names.fresh("t")
        read = self.collecting.places.read_type(frame, variable, self.collecting.schema, self.source.behind)
        only = None if rest else self.collecting.places.representing.only_type(self.source)
        if read is None:
            return self._untold(frame, parts, rest, only, is_told=is_told)
        if only is not None and not is_told:
            read = [*read, *code("if t is None:\n    t = only", t=variable, only=Const(only))]
        known = Const(all_names(frame.types[-1], self.collecting.schema) | {None})
        choice = code(STRANGE, t=variable, known=known)
        for part in reversed(parts):
            type_ = Const(part.one) if len(part.names) == 1 else variable
            body = self._of(frame, part, type_, rest)
            choice = code(BY_TYPE, test=is_of(variable, part.names), body=body, choice=choice)
        return [*read, *choice]

    def _untold(self, frame: Frame, parts: Sequence[Alike], rest: Path, only: str | None, *, is_told: bool) -> Code:
        """Go on where nothing tells the type: paths that depend on it end, and representations infer it."""
        if is_told:
            return code("pass")
        if rest:
            raise Uncompilable("a type that nothing tells")
        of_type = [Alike(frozenset((only,))) for part in parts if only is not None and only in part.names]
        return self._of(frame, of_type[0], Const(only), rest) if of_type else code("pass")

    def _of(self, frame: Frame, part: Alike, type_: Const | str, rest: Path) -> Code:
        """Go on from an object of which the type, or all that matters of it, is known."""
        places = self.collecting.places
        frame = frame.of_types(part.names)
        required = places.representing.required(self.source, part.one)
        wanted = [str(rest[0])] if rest else [one.field.response_name for one in required]
        named = type_.node if isinstance(type_, Const) else ast.Name(type_, ast.Load())
        reads = Reads(self.collecting.names)
        needed = places.needed(frame, part.one, wanted, self.source.behind)
        attached, frame = places.attach(frame, needed, named, reads)
        if rest:
            return [*attached, *self.field(frame, rest)]
        represented = places.representing.write(self.source, frame, named, reads)
        return [*attached, *represented.read, *self._once(represented)]

    def _once(self, represented: Represented) -> Code:
        template = ONCE if self.keys == "slots" else ONCE_IN_SEVERAL
        written = code(template, key=represented.key, keys=self.keys, representation=represented.representation)
        for one in represented.present:
            written = code("if v is not None:\n    body", v=one, body=written)
        return written

    def field(self, frame: Frame, path: Path) -> Code:
        """Go on to a field of an object."""
        name, *rest = path
        if not isinstance(name, str):
            raise TypeError("A path goes on from an object by a field.")
        holding = frame.holding(name)
        if not holding:
            return code("pass")
        fresh = self.collecting.names.fresh
        variables = [fresh("c") for _ in holding]
        read = [
            statement
            for variable, layer in zip(variables, holding, strict=True)
            for statement in read_field(layer, name, variable)
        ]
        types = frozenset[str]().union(*(one.held.fields[name].types for one in holding))
        return [*read, *self._value(frame, name, types, variables, tuple(rest))]

    def _value(self, frame: Frame, name: str, types: frozenset[str], variables: Sequence[str], rest: Path) -> Code:
        if rest and rest[0] is Each.ITEM:
            items = [self.collecting.names.fresh("i") for _ in variables]
            body = self._value(frame, name, types, items, rest[1:])
            return enter_list(variables, items, body, passing=self.collecting.names.fresh("z"))
        return enter_object(variables, self.object(frame.below(name, variables, types), rest))

    def _abstract(self, objects: frozenset[str]) -> frozenset[str]:
        """Name the abstract types of objects: of an interface object, that is all that is known."""
        names = all_names(objects, self.collecting.schema)
        return frozenset(one for one in names if self.collecting.places.representing.required(self.source, one))


def _after_types(path: Path) -> Path:
    at = 0
    while at < len(path) and isinstance(path[at], OfType):
        at += 1
    return path[at:]


def _take(source: Source) -> Code:
    return code("s = data[at]", s=table(source), at=Const(source.index))
