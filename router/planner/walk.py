"""Every way to reach each selected field. Source: query-planning, "Walking: candidates per leaf"."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, replace
from itertools import count

from router.planner.candidates import Candidates, FoundObject, best, common_types
from router.planner.items import ALWAYS, Conditions, Item, Leaf, OneOf, Unreachable
from schema.query_graph.advance import Advance
from schema.query_graph.path import Path
from schema.query_graph.selection import Field, InlineFragment, SelectionSet
from schema.supergraph import Supergraph

MAX_TYPES_APART = 8  # of an interface, beyond which a field that all of them have is not looked for type by type
MAX_FIELDS = 1_000  # looked at; then the first source that reaches everything is taken, and no other one looked for


@dataclass(frozen=True, slots=True)
class _Here:
    """The object whose fields are being reached."""

    type_name: str
    paths: Sequence[Path]
    allowed: frozenset[str]


class Walk:
    """Lists the alternatives of one operation. Every method raises Unreachable rather than leave a field out."""

    def __init__(self, supergraph: Supergraph, advance: Advance) -> None:
        self._supergraph = supergraph
        self._advance = advance
        self._candidates = Candidates(supergraph, advance)
        self._fields = 0
        self._leaves = count()
        self._dead_ends: dict[Hashable, Unreachable] = {}

    def selections(
        self,
        type_name: str,
        selections: SelectionSet,
        paths: Sequence[Path],
        conditions: Conditions = ALWAYS,
        allowed: frozenset[str] | None = None,
    ) -> list[Item]:
        """Reach every field on an object that `paths` are the ways to.

        Shapes: allowed are the runtime types that count, those common to all subgraphs the object may come from.
        """
        if allowed is None:
            allowed = common_types(paths)
        here = _Here(type_name, paths, allowed)
        items: list[Item] = []
        for one in selections:
            under = conditions.union(one.conditions)
            if isinstance(one, Field):
                items += self._field(here, one, under)
            else:
                items += self._fragment(here, one, under)
        return items

    def _field(self, here: _Here, field: Field, conditions: Conditions) -> list[Item]:
        """Reach one field: for all types together, or for each type apart where that is all there is, or cheaper."""
        self._fields += 1
        candidates = self._candidates.of_field(here.paths, field)
        is_parted = self._supergraph.is_abstract(here.type_name) and field.name != "__typename" and bool(here.allowed)
        try:
            together = self._together(here, field, candidates, conditions)
        except Unreachable:
            if not is_parted:
                raise
            return self._by_type(here, (field,), conditions, here.allowed)
        if not is_parted or not self._is_worth_parting(here, candidates):
            return together
        apart = self._all_apart(here, field, conditions)
        return [OneOf((tuple(together), apart))] if apart else together

    def _together(self, here: _Here, field: Field, candidates: Sequence[Path], conditions: Conditions) -> list[Item]:
        if field.selections:
            return self._composite(self._candidates.object(here.type_name, field, candidates), field, conditions)
        if not candidates:
            raise Unreachable(here.type_name, field)
        return [self._leaf(best(candidates), conditions)]

    def _is_worth_parting(self, here: _Here, candidates: Sequence[Path]) -> bool:
        """Whether all types together cost a request more, and looking further costs little."""
        if len(here.allowed) > MAX_TYPES_APART or self._fields > MAX_FIELDS:
            return False
        return min(len(one.entries) for one in candidates) > min(len(one.entries) for one in here.paths)

    def _all_apart(self, here: _Here, field: Field, conditions: Conditions) -> tuple[Item, ...]:
        """Reach a field for every type, or not at all."""
        try:
            parts = [self._for_type(here, name, (field,), conditions) for name in sorted(here.allowed)]
        except Unreachable:
            return ()
        return tuple(item for part in parts for item in part) if all(parts) else ()

    def _leaf(self, alternatives: tuple[Path, ...], conditions: Conditions) -> Leaf:
        return Leaf(next(self._leaves), alternatives, conditions)

    def _composite(self, found: FoundObject, field: Field, conditions: Conditions) -> list[Item]:
        """Reach what is selected beneath; the object itself too where all of that is conditional."""
        items = self._beneath(found, field, conditions)
        if not any(isinstance(one, Field) and not one.conditions for one in field.selections):
            items.append(self._leaf(found.paths, conditions))
        return items

    def _beneath(self, found: FoundObject, field: Field, conditions: Conditions) -> list[Item]:
        """Reach what is selected beneath, unless that failed before from the same nodes."""
        ends = tuple(self._candidates.end(path) for path in found.paths)
        key = (id(field), found.paths[0].position, found.types, ends)
        if key in self._dead_ends:
            raise self._dead_ends[key]
        try:
            if found.types is not None and self._supergraph.is_abstract(found.type_name):
                # two subgraphs could disagree about the type of the object
                return self.from_one(found.paths, found.type_name, field.selections, conditions, found.types)
            return self.selections(found.type_name, field.selections, found.paths, conditions)
        except Unreachable as error:
            self._dead_ends[key] = error
            raise

    def from_one(
        self,
        paths: Sequence[Path],
        type_name: str,
        selections: SelectionSet,
        conditions: Conditions,
        allowed: frozenset[str] | None = None,
    ) -> list[Item]:
        """Reach every field from one and the same path: each from which that is possible is an option."""
        options: list[tuple[Item, ...]] = []
        failure: Unreachable | None = None
        for path in paths:
            if options and self._fields > MAX_FIELDS:
                break
            try:
                options.append(tuple(self.selections(type_name, selections, [path], conditions, allowed)))
            except Unreachable as error:
                failure = failure or error
        if not options and failure is not None:
            raise failure
        return list(options[0]) if len(options) == 1 else [OneOf(tuple(options))]

    def _fragment(self, here: _Here, fragment: InlineFragment, conditions: Conditions) -> list[Item]:
        condition = fragment.type_condition
        possible = self._supergraph.possible_types
        if condition is None or condition == here.type_name:
            return self.selections(here.type_name, fragment.selections, here.paths, conditions, here.allowed)
        if not self._supergraph.is_abstract(here.type_name):
            if here.type_name not in possible[condition]:
                return []
            return self.selections(here.type_name, fragment.selections, here.paths, conditions)
        if not self._supergraph.is_abstract(condition):
            return self._for_type(here, condition, fragment.selections, conditions)
        return self._abstract_fragment(here, condition, fragment.selections, conditions)

    def _abstract_fragment(
        self, here: _Here, condition: str, selections: SelectionSet, conditions: Conditions
    ) -> list[Item]:
        """Narrow to the other abstract type where every subgraph has it so; else to each of its types."""
        wanted = here.allowed & self._supergraph.possible_types[condition]
        narrowed = [self._advance.downcast(path, condition) for path in here.paths]
        if all(narrowed):
            try:
                return self.selections(condition, selections, [p for one in narrowed for p in one], conditions, wanted)
            except Unreachable:
                pass
        return self._by_type(here, selections, conditions, wanted)

    def _by_type(
        self, here: _Here, selections: SelectionSet, conditions: Conditions, types: frozenset[str]
    ) -> list[Item]:
        items: list[Item] = []
        for one in selections:
            if isinstance(one, Field) and one.selections and len(types) > 1:
                items += self._composite_by_type(here, one, conditions.union(one.conditions), types)
            else:
                items += [item for name in sorted(types) for item in self._for_type(here, name, (one,), conditions)]
        return items

    def _composite_by_type(
        self, here: _Here, field: Field, conditions: Conditions, types: frozenset[str]
    ) -> list[Item]:
        """Reach a field for each type; beneath, go on as one with all types for which it leads to the same nodes."""
        alike: dict[Hashable, list[FoundObject]] = {}
        for name in sorted(types):
            narrowed = self._narrowed(here, name)
            if narrowed:
                self._fields += 1
                found = self._candidates.object(name, field, self._candidates.of_field(narrowed, field))
                ends = tuple((self._candidates.end(path), path.depth, len(path.entries)) for path in found.paths)
                alike.setdefault((found.type_name, found.types, ends), []).append(found)
        items: list[Item] = []
        for objects in alike.values():
            paths = tuple(Path.alike(same) for same in zip(*(one.paths for one in objects), strict=True))
            items += self._composite(replace(objects[0], paths=paths), field, conditions)
        return items

    def _for_type(self, here: _Here, type_name: str, selections: SelectionSet, conditions: Conditions) -> list[Item]:
        """Narrow to one type; where no object can have it, nothing is to be reached."""
        narrowed = self._narrowed(here, type_name)
        return self.selections(type_name, selections, narrowed, conditions) if narrowed else []

    def _narrowed(self, here: _Here, type_name: str) -> list[Path]:
        if type_name not in here.allowed:
            return []
        return [path for one in here.paths for path in self._advance.downcast(one, type_name)]
