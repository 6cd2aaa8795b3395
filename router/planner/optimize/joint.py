"""Selections that are asked at one place as one, while more are added."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, replace

from router.planner.fetch_graph import Representation, Select
from router.planner.selections import Identity, conditions_at_top, identity, merged, shared_conditions
from schema.query_graph.selection import Field, Selection, SelectionSet

Meaning = Callable[[Field], tuple[Hashable, Hashable]]


class Joint:
    """What is asked at one path, of one select or several. To add one costs what that one is, not what is there."""

    def __init__(self, select: Select) -> None:
        self._selects = [select]
        self._asked = _Layer(select.selection, _as_asked)
        self._always = shared_conditions(select.selection)
        self._at_times = conditions_at_top(select.selection)
        self._types = {one.type_name: _Told.of(one) for one in select.representations}
        self._typename = next((one.typename for one in select.representations), None)
        self._keys = frozenset[str]().union(*(one.keys for one in select.representations))
        self._nullable = frozenset[str]().union(*(_names(one.selection) - one.keys for one in select.representations))

    def takes(self, other: Joint) -> bool:
        """Whether both can be asked in one, with the same answers."""
        return (
            bool(self._types) == bool(other._types)
            and not self._asked.clashes(other._asked)
            and self._tells_alike(other)
            and self._may_be_asked_alike(other)
            and all(self._has_what(other, name) and other._has_what(self, name) for name in other._types)
        )

    def add(self, other: Joint) -> None:
        """Ask for what another asks for, too."""
        self._selects += other._selects
        self._asked.absorb(other._asked)
        self._always &= other._always
        self._at_times |= other._at_times
        self._keys |= other._keys
        self._nullable |= other._nullable
        for name, told in other._types.items():
            before = self._types.get(name)
            self._types[name] = before.adding(told) if before else told

    def select(self) -> Select:
        """Write what is asked as one."""
        first, *others = self._selects
        if not others:
            return first
        representations = [one for select in self._selects for one in select.representations]
        return replace(
            first,
            selection=merged(one for select in self._selects for one in select.selection),
            representations=_by_type(representations),
            context=tuple(dict.fromkeys(one for select in self._selects for one in select.context)),
        )

    def _tells_alike(self, other: Joint) -> bool:
        """Whether no representation contradicts another, nor has a field that may be null but is a key of another."""
        if self._typename != other._typename or (self._nullable | other._nullable) & (self._keys | other._keys):
            return False
        both = ((self._types[name], told) for name, told in other._types.items() if name in self._types)
        return all(mine.keys == its.keys and not mine.read.clashes(its.read) for mine, its in both)

    def _may_be_asked_alike(self, other: Joint) -> bool:
        """Whether no object is asked for what others are selected for: an interface object tells no types apart."""
        is_told_apart = self._typename is None or self._types.keys() == other._types.keys()
        return is_told_apart or _asked(self._selects) == _asked(other._selects)

    def _has_what(self, other: Joint, type_name: str) -> bool:
        """Whether what only `other` is told of an entity is there whenever this is asked, or is asked, for both."""
        mine, its = self._types.get(type_name), other._types.get(type_name)
        if mine is None or its is None or its.selections <= mine.selections:
            return True
        return other._at_times <= self._always


class _Layer:
    """Selection sets laid over one another: what each name means, here and beneath.

    Not clear: one name has two meanings already.
    """

    def __init__(self, selections: SelectionSet, meaning: Meaning) -> None:
        self._meanings: dict[Hashable, Hashable] = {}
        self._beneath: dict[Identity, _Layer] = {}
        self._is_clear = True
        for one in selections:
            self._lay(one, meaning)

    def _lay(self, one: Selection, meaning: Meaning) -> None:
        if isinstance(one, Field):
            name, what = meaning(one)
            self._is_clear &= self._meanings.setdefault(name, what) == what
        if one.selections:
            layer = _Layer(one.selections, meaning)
            before = self._beneath.setdefault(identity(one), layer)
            self._is_clear &= layer._is_clear and not (before is not layer and before.clashes(layer))
            if before is not layer:
                before.absorb(layer)

    def clashes(self, other: _Layer) -> bool:
        """Whether any name would have two meanings."""
        if not (self._is_clear and other._is_clear):
            return True
        if any(self._meanings.get(name, what) != what for name, what in other._meanings.items()):
            return True
        return any(one in self._beneath and self._beneath[one].clashes(it) for one, it in other._beneath.items())

    def absorb(self, other: _Layer) -> None:
        """Lay over this what does not clash with it."""
        self._meanings |= other._meanings
        for one, layer in other._beneath.items():
            before = self._beneath.setdefault(one, layer)
            if before is not layer:
                before.absorb(layer)


@dataclass(frozen=True, slots=True)
class _Told:
    """What a subgraph is told of the entities of one type."""

    keys: frozenset[str]
    selections: frozenset[Selection]
    read: _Layer

    @classmethod
    def of(cls, one: Representation) -> _Told:
        return cls(one.keys, frozenset(one.selection), _Layer(one.selection, _as_read))

    def adding(self, other: _Told) -> _Told:
        if other.selections <= self.selections:
            return self
        self.read.absorb(other.read)
        return replace(self, selections=self.selections | other.selections)


def _as_asked(field: Field) -> tuple[Hashable, Hashable]:
    """In a request, a response name stands for one field, as it may not when types part entities, not selections."""
    return field.response_name, (field.name, field.arguments)


def _as_read(field: Field) -> tuple[Hashable, Hashable]:
    """In a representation, a field is read from one place: there is room for one value only."""
    return field.name, field.response_name


def _asked(selects: Sequence[Select]) -> frozenset[SelectionSet]:
    return frozenset(one.selection for one in selects)


def _names(selection: SelectionSet) -> frozenset[str]:
    return frozenset(one.name for one in selection if isinstance(one, Field))


def _by_type(representations: Sequence[Representation]) -> tuple[Representation, ...]:
    same: dict[str, list[Representation]] = {}
    for one in representations:
        same.setdefault(one.type_name, []).append(one)
    return tuple(
        replace(first, selection=merged(one for it in (first, *others) for one in it.selection)) if others else first
        for first, *others in same.values()
    )
