"""Code that writes the client's answer from the answers of the subgraphs."""

from __future__ import annotations

import ast
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from graphql import GraphQLList, GraphQLNonNull, GraphQLOutputType, GraphQLSchema, get_named_type

from router.compiled.enter import enter_list, enter_object
from router.compiled.function import function
from router.compiled.held import TYPENAME, Source, objects_of, vague_names
from router.compiled.layout import Frame, Layer, Layout
from router.compiled.leaf_checks import check_leaf
from router.compiled.names import Names
from router.compiled.places import Places, is_of, table
from router.compiled.quote import Code, Const, code
from router.compiled.reads import Reads, read_field
from router.compiled.represent import dictionary
from router.compiled.uncompilable import Unasked, Uncompilable
from router.execution.shapes import Shape, ShapeField

PROJECT = "project"
REMEMBERED = """
out = m.get(key)
if out is None:
    body
    out = m[key] = answer
"""
OLDER = """
if out is None:
    out = c
"""
BY_TYPE = """
if test:
    call
else:
    choice
"""
CONTRADICTED = """
if u != t and u not in right:
    raise Anomaly
"""
FORBIDDEN: Code = code("raise Anomaly")


@dataclass(frozen=True, slots=True)
class Projecting:
    """Writes the projector of one shape: one function, because a call for each object would take as long again."""

    layout: Layout
    places: Places
    names: Names
    schema: GraphQLSchema
    """That of the clients."""
    memos: list[str] = field(default_factory=list)

    def write(self, shape: Shape) -> ast.stmt:
        """Write the function that takes what came for each source, and gives the answer.

        It raises `Anomaly`, or what Python raises, where the interpreter has to decide. Raises: Uncompilable.
        """
        sources = self.layout.sources
        roots = [one for one in sources if not one.asks_entities]
        layers = tuple(Layer(table(one), one.held, one.index) for one in roots)
        frame = Frame((), (frozenset((shape.type.name,)),), layers)
        answer = self.object(shape, frame, "answer")
        takes = [one for source in sources for one in code("s = data[at]", s=table(source), at=Const(source.index))]
        memos = [one for memo in self.memos for one in code("memo = {}", memo=memo)]
        body = [*takes, *memos, *answer, *code("return answer")]
        return function(PROJECT, ("data",), body)

    def object(self, shape: Shape, frame: Frame, out: str) -> Code:
        """Write an object, by its runtime type if that matters."""
        possible = objects_of(shape.type.name, self.schema)
        parts = self._alike(shape, frame, possible)
        if shape.type.name in possible:
            return self._of(shape, frame.of_types(possible), None, out)
        variable = self.names.fresh("t")
        read = self.places.read_type(frame, variable, self.schema)
        if read is None:
            raise Uncompilable("a type that nothing tells")
        choice = FORBIDDEN
        for part in sorted(parts, key=len):
            try:
                call = self._of(shape, frame.of_types(part), variable, out)
            except Unasked:
                call = FORBIDDEN
            choice = code(BY_TYPE, test=is_of(variable, part), call=call, choice=choice)
        return [*read, *choice]

    def _alike(self, shape: Shape, frame: Frame, types: Collection[str]) -> Sequence[frozenset[str]]:
        """Part types by what is selected on them, and by what is attached."""
        groups: dict[object, set[str]] = {}
        attached = {name: at for at, part in enumerate(self.places.alike(frame, types)) for name in part.names}
        for name in types:
            fields = tuple(_meaning(one) for one in self._fields(shape, name))
            groups.setdefault((attached[name], fields), set()).add(name)
        return [frozenset(one) for one in groups.values()]

    def _fields(self, shape: Shape, type_name: str) -> Sequence[ShapeField]:
        parent = self.schema.type_map[type_name]
        return shape.fields(parent)  # type: ignore[arg-type]  # an object type

    def _of(self, shape: Shape, frame: Frame, told: str | None, out: str) -> Code:
        """Write an object whose type, or all that matters of it, is known: it is in `told` where layers tell it."""
        type_name = min(frame.types[-1])
        type_: ast.expr = ast.Constant(type_name)
        if told is not None and len(frame.types[-1]) > 1:
            type_ = ast.Name(told, ast.Load())
        fields = self._fields(shape, type_name)
        attached = self.places.needed(frame, type_name, {one.key for one in fields})
        reads = Reads(self.names)
        checked = self._checked_types(frame, type_, 0 if told is None else len(frame.layers))
        memo = self._memo(frame, fields, attached, type_, reads)
        lookups, full = self.places.attach(frame, attached, type_, reads)
        body = [*lookups, *self._checked_types(full, type_, len(frame.layers))]
        pairs = []
        for one in fields:
            written, value = self._field(one, full, type_, reads)
            body += written
            pairs.append((one.response_name, value))
        answer = dictionary(pairs)
        if memo is None:
            return [*checked, *body, *code("out = answer", out=out, answer=answer)]
        read, key = memo
        name = self.names.fresh("m")
        self.memos.append(name)
        return [*checked, *read, *code(REMEMBERED, out=out, m=name, key=key, body=body, answer=answer)]

    def _memo(
        self, frame: Frame, fields: Sequence[ShapeField], attached: Sequence[Source], type_: ast.expr, reads: Reads
    ) -> tuple[Code, ast.expr] | None:
        """Give the key that decides how an object looks, if one that its answers are looked up by does.

        All else is attached to it then: equal entities are written once, however often they occur.
        """
        if len(frame.layers) != 1:
            return None
        type_name = min(frame.types[-1])
        own = frame.layers[0].held.fields
        read = {one.key for one in fields if one.key in own and not one.meta}
        keys = [{one.field for one in self.places.representing.required(source, type_name)} for source in attached]
        read |= {one.response_name for key in keys for one in key if one.response_name in own}
        for source, key in zip(attached, keys, strict=True):
            names = {one.response_name for one in key if not one.selections}
            if names == read and len(names) == len(key) and all(one.is_plain for one in fields if one.key in read):
                represented = self.places.representing.write(source, frame, type_, reads)
                is_told = isinstance(type_, ast.Name)  # equal keys may be those of objects of several types
                key_ = ast.Tuple([type_, represented.key], ast.Load()) if is_told else represented.key
                return represented.read, key_
        return None

    def _checked_types(self, frame: Frame, type_: ast.expr, told: int) -> Code:
        """Leave it to the interpreter if answers contradict each other in the type; `told` layers have told it."""
        names = frame.types[-1]
        right = vague_names(names, self.schema)
        checks: Code = []
        for layer in frame.layers[told:]:
            if TYPENAME in layer.held.fields:
                own = self.names.fresh("u")
                checks += read_field(layer, TYPENAME, own)
                checks += code(CONTRADICTED, u=own, t=type_, right=Const(right))
        return checks

    def _field(self, field: ShapeField, frame: Frame, type_: ast.expr, reads: Reads) -> tuple[Code, ast.expr]:
        """Write one field: what comes before, and its value."""
        if field.meta == TYPENAME:
            return [], type_
        holding = [] if field.is_refused else frame.holding(field.key)
        if field.meta:
            raise Uncompilable("a field of the router's own")
        if field.is_required and not holding:
            raise Unasked(f"nobody is asked for {field.coordinate}")
        if not holding:
            return [], ast.Constant(None)
        if field.is_plain:
            read, plain = reads.value(holding, field.key)
            return [*read, *self._leaf(field, plain, required=field.is_required)], ast.Name(plain, ast.Load())
        each = [reads.value([layer], field.key) for layer in holding]
        before = [statement for one, _ in each for statement in one]
        out, variables = self.names.fresh("v"), [variable for _, variable in each]
        value = _Value(self, field, frame).write(field.type, variables, out, required=field.is_required)
        return [*before, *value], ast.Name(out, ast.Load())

    def _leaf(self, field: ShapeField, variable: str, *, required: bool) -> Code:
        return check_leaf(get_named_type(field.type), variable, self.names, required=required)


@dataclass(frozen=True, slots=True)
class _Value:
    """The value of a field that is more than one leaf."""

    projecting: Projecting
    field: ShapeField
    frame: Frame

    def write(self, type_: GraphQLOutputType, variables: Sequence[str], out: str, *, required: bool) -> Code:
        """Write a value of a type without its non-null."""
        absent = FORBIDDEN if required else code("out = None", out=out)
        if isinstance(type_, GraphQLList):
            return self._list(type_, variables, out, absent)
        if self.field.below is None:
            read = code("out = c", out=out, c=variables[-1])
            for one in reversed(variables[:-1]):
                read += code(OLDER, out=out, c=one)
            return read + self.projecting._leaf(self.field, out, required=required)
        types = objects_of(self.field.below.type.name, self.projecting.schema)
        frame = self.frame.below(self.field.key, variables, types)
        return enter_object(variables, self.projecting.object(self.field.below, frame, out), absent)

    def _list(self, type_: GraphQLList[GraphQLOutputType], variables: Sequence[str], out: str, absent: Code) -> Code:
        fresh = self.projecting.names.fresh
        item_type, required = type_.of_type, isinstance(type_.of_type, GraphQLNonNull)
        if isinstance(item_type, GraphQLNonNull):
            item_type = item_type.of_type
        items, item = [fresh("i") for _ in variables], fresh("o")
        body = self.write(item_type, items, item, required=required) + code("out.append(o)", out=out, o=item)
        before = code("out = []", out=out)
        return enter_list(variables, items, body, passing=fresh("z"), absent=absent, before=before)


def _meaning(field: ShapeField) -> object:
    """Say what makes fields of several types the same to code."""
    below = field.below and (field.below.type.name, field.below.selections)
    return (field.key, field.response_name, str(field.type), field.is_required, field.meta, field.is_refused, below)
