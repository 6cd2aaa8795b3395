"""One name, one meaning: at each place of an answer, a response name stands for one field with one set of arguments."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import replace

from router.operation.names import free_name
from schema.query_graph.selection import Field, InlineFragment, Selection, SelectionSet

Place = tuple[str, ...]
Meaning = tuple[str, str]  # field name, arguments as text


def separate_names(selections: SelectionSet) -> tuple[SelectionSet, Mapping[str, str]]:
    """Rename fields that share a response name in different meanings, and what is called `__typename` but is not.

    Types may give one name several meanings (`... on Book { by: author } ... on Film { by: director }`); a router that
    asks for a type before it is known has to keep them apart. Shapes: the names given, to those that clients chose.
    """
    separation = _Separation(frozenset(_response_names(selections)))
    return separation.selections((), selections), separation.client_names


class _Separation:
    def __init__(self, taken: frozenset[str]) -> None:
        self.client_names: dict[str, str] = {}
        self._taken = taken
        self._meanings: dict[tuple[Place, str], dict[Meaning, str]] = defaultdict(dict)

    def selections(self, place: Place, selections: SelectionSet) -> SelectionSet:
        return tuple(self._selection(place, one) for one in selections)

    def _selection(self, place: Place, one: Selection) -> Selection:
        if isinstance(one, InlineFragment):
            return replace(one, selections=self.selections(place, one.selections))
        if one.name.startswith("__") and one.selections:
            return replace(one, response_name=self._name(place, one))  # what is below is answered in one piece
        name = self._name(place, one)
        if name == one.response_name and not one.selections:
            return one
        return replace(one, response_name=name, selections=self.selections((*place, name), one.selections))

    def _name(self, place: Place, field: Field) -> str:
        meanings = self._meanings[place, field.response_name]
        meaning = (field.name, field.arguments.text)
        name = meanings.get(meaning)
        if name is None:
            is_first = not meanings if field.response_name != "__typename" else field.name == "__typename"
            name = meanings[meaning] = field.response_name if is_first else self._new_name(field, len(meanings))
        return name

    def _new_name(self, field: Field, count: int) -> str:
        others = {name for name, chosen in self.client_names.items() if chosen != field.response_name}
        name = free_name(f"{field.response_name}__alias_{count}", self._taken | others)
        self.client_names[name] = field.response_name
        return name


def _response_names(selections: SelectionSet) -> Iterator[str]:
    for one in selections:
        if isinstance(one, Field):
            yield one.response_name
        yield from _response_names(one.selections)
