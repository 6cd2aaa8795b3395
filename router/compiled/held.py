"""What the answers of a plan hold, and where: known before any of them is asked for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from graphql import GraphQLObjectType, GraphQLSchema, get_named_type, is_abstract_type, is_composite_type

from router.compiled.uncompilable import Uncompilable
from router.planner.model import EntitySelection, Fetch, OfType, Path, QueryPlan, Rename, RootSelection
from schema.query_graph.selection import Field, SelectionSet

TYPENAME = "__typename"


@dataclass(frozen=True, slots=True, eq=False)
class Held:
    """What an answer may hold at one place: of objects of these types, these fields; nothing of leaves.

    `always` are the fields that every object has there, whatever its type and the values of variables.
    """

    types: frozenset[str] = frozenset()
    fields: Mapping[str, Held] = field(default_factory=dict)
    always: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, eq=False)
class Source:
    """One selection of one fetch, and the place of the result where its answers become layers.

    `names` is its path without lists and types. Shapes: `types` has one more than `names`: for each place on the way,
    the types that the path goes on for, or None for all. `behind` are the sources whose answers its fetch comes after.
    """

    index: int
    fetch: Fetch
    select: RootSelection | EntitySelection
    names: tuple[str, ...]
    types: tuple[frozenset[str] | None, ...]
    held: Held
    behind: frozenset[int]

    @property
    def asks_entities(self) -> bool:
        """Whether it is entities that come, not a root."""
        return isinstance(self.select, EntitySelection)


def sources_of(plan: QueryPlan, root_type: str, schema: GraphQLSchema) -> Sequence[Source]:
    """Number the selections of a plan, in its order. Raises: Uncompilable."""
    sources: list[Source] = []
    behind: list[set[int]] = []  # by fetch: itself, and what it comes after, however far
    for fetch in plan.fetches:
        before = set().union(*(behind[id] for id in fetch.after))
        own = range(len(sources), len(sources) + len(fetch.selections))
        selections: Sequence[RootSelection | EntitySelection] = fetch.selections
        for index, select in zip(own, selections, strict=True):
            names, types = _places(select.path)
            held = _renamed(_held_of(select, root_type, schema), select.renames)
            sources.append(Source(index, fetch, select, names, types, held, frozenset(before)))
        behind.append(before | set(own))
    return sources


def _places(path: Path) -> tuple[tuple[str, ...], tuple[frozenset[str] | None, ...]]:
    names: list[str] = []
    types: list[frozenset[str] | None] = [None]
    for step in path:
        if isinstance(step, str):
            names.append(step)
            types.append(None)
        elif isinstance(step, OfType):
            known = types[-1]
            types[-1] = step.types if known is None else known & step.types
    return tuple(names), tuple(types)


def _held_of(select: RootSelection | EntitySelection, root_type: str, schema: GraphQLSchema) -> Held:
    if isinstance(select, RootSelection):
        if select.path:
            raise Uncompilable("a root type below the root")
        return _held([(root_type, select.selection)], schema)
    if select.context:
        raise Uncompilable("values from a context")
    return _held([(None, select.selection)], schema)


def _held(parts: Iterable[tuple[str | None, SelectionSet]], schema: GraphQLSchema) -> Held:
    """Join what is selected on several types at one place."""
    below: dict[str, list[tuple[str | None, SelectionSet]]] = {}
    types: set[str] = set()
    always: set[str] | None = None
    for type_name, selections in parts:
        types |= objects_of(type_name, schema)
        plain = {one.response_name for one in selections if isinstance(one, Field) and not one.conditions}
        always = plain if always is None else always & plain
        _collect(type_name, selections, schema, below)
    fields = {name: _held(one, schema) if one else Held() for name, one in below.items()}
    return Held(frozenset(types), fields, frozenset(always or ()))


def _collect(
    parent: str | None,
    selections: SelectionSet,
    schema: GraphQLSchema,
    below: dict[str, list[tuple[str | None, SelectionSet]]],
) -> None:
    for one in selections:
        if not isinstance(one, Field):
            _collect(one.type_condition or parent, one.selections, schema, below)
            continue
        parts = below.setdefault(one.response_name, [])
        if one.selections:
            parts.append((_type_of(parent, one.name, schema), one.selections))


def _type_of(parent: str | None, name: str, schema: GraphQLSchema) -> str:
    type_ = schema.get_type(parent) if parent else None
    definition = schema.get_field(type_, name) if is_composite_type(type_) else None
    if definition is None:
        raise Uncompilable("a field that the supergraph does not have")
    return get_named_type(definition.type).name


def objects_of(type_name: str | None, schema: GraphQLSchema) -> frozenset[str]:
    """Name the object types that objects of a type may have."""
    type_ = schema.get_type(type_name) if type_name else None
    if isinstance(type_, GraphQLObjectType):
        return frozenset((type_.name,))
    return frozenset(one.name for one in schema.get_possible_types(type_)) if is_abstract_type(type_) else frozenset()


def all_names(objects: frozenset[str], schema: GraphQLSchema) -> frozenset[str]:
    """Name the types, those that are abstract too, that an object of one of some types is of."""
    abstract = (name for name, type_ in schema.type_map.items() if is_abstract_type(type_))
    return objects.union(name for name in abstract if not objects.isdisjoint(objects_of(name, schema)))


def vague_names(objects: frozenset[str], schema: GraphQLSchema) -> frozenset[str | None]:
    """Name what an object of one of some types may give as its type without telling it; None for nothing."""
    return (all_names(objects, schema) - objects) | {None}


def _renamed(held: Held, renames: Iterable[Rename]) -> Held:
    """Hold under their names for everybody what only one subgraph calls otherwise."""
    for one in renames:
        held = _rename(held, [step for step in one.path if isinstance(step, str)], one.to)
    return held


def _rename(held: Held, names: Sequence[str], to: str) -> Held:
    first, *rest = names
    child = held.fields.get(first)
    if child is None:
        return held
    if rest:
        return Held(held.types, {**held.fields, first: _rename(child, rest, to)}, held.always)
    return Held(held.types, {**held.fields, to: _joined(held.fields.get(to), child)}, held.always - {first})


def _joined(one: Held | None, other: Held) -> Held:
    if one is None:
        return other
    fields = {**one.fields, **{name: _joined(one.fields.get(name), below) for name, below in other.fields.items()}}
    return Held(one.types | other.types, fields)
