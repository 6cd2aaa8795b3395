"""Draws the records that all subgraphs and the monolith share."""

from __future__ import annotations

import itertools

from tests.drawn.model import COLORS, SHADES, DrawnField, DrawnType, Kind, World
from tests.drawn.presence import KEYLESS, is_lost
from tests.records import Json

RECORDS = 3  # of each entity
REQUIRED = ", which is required"  # what fails may be asked for though the client does not ask for it
DEPTH = 2  # of values in values


def records_of(world: World, *, failing: bool) -> dict[str, Json]:
    """Draw `data.json`. Fields fail only when `failing`, and never those that keys and requirements are read from."""
    return _Records(world, failing).draw()


class _Records:
    def __init__(self, world: World, failing: bool) -> None:
        self._world = world
        self._rng = world.rng
        self._failing = failing
        self._numbers = itertools.count(1)

    def draw(self) -> dict[str, Json]:
        data: dict[str, Json] = {}
        for one in self._world.types.values():
            if one.kind is Kind.ROOT:
                data[one.name] = self._record(one, 0)
            elif one.kind is Kind.ENTITY:
                data[one.name] = {f"{one.name}_{number}": self._entity(one, number) for number in range(RECORDS)}
        data["Log"] = {"log": {"entries": []}}
        return data

    def _record(self, one: DrawnType, depth: int) -> dict[str, Json]:
        return {drawn.name: self._field(one, drawn, depth) for drawn in self._world.fields_of(one)}

    def _entity(self, one: DrawnType, number: int) -> dict[str, Json]:
        """Draw a record; what nobody who has it can resolve is null."""
        record = self._record(one, 0)
        lost = [drawn.name for drawn in self._world.fields_of(one) if is_lost(one, drawn, number)]
        record |= dict.fromkeys(lost)
        if absent := one.absences.get(number):
            record["$absent"] = sorted(absent)
            if one.null_key and number == KEYLESS:
                record[one.null_key] = None
        return record

    def _field(self, one: DrawnType, drawn: DrawnField, depth: int) -> Json:
        if one.name == "Mutation":
            return {
                "$append": "log.entries",
                "value": "text",
                "answer": self._reference(drawn, self._world.types[drawn.base]),
            }
        if drawn.computed_of:
            return {"$json": drawn.computed_of}
        if drawn.arguments and drawn.type.rstrip("!") == "String":
            return {"$echo": f"{one.name}.{drawn.name} {next(self._numbers)} "}
        return self._value(drawn, drawn.type, depth)

    def _value(self, drawn: DrawnField, type_: str, depth: int) -> Json:
        """Draw a value of a type: now and then an error, or null where it may be."""
        bubbles = type_.endswith("!") and drawn.plain
        if self._failing and not drawn.never_null and not bubbles and self._rng.random() < 0.08:
            return {"$error": f"{drawn.name} failed{REQUIRED if drawn.plain else ''}"}
        if type_.endswith("!"):
            return self._non_null(drawn, type_[:-1], depth)
        if not drawn.never_null and (depth > DEPTH or self._rng.random() < 0.12):
            return None
        return self._non_null(drawn, type_, depth)

    def _non_null(self, drawn: DrawnField, type_: str, depth: int) -> Json:
        if type_.startswith("["):
            return [
                self._value(drawn, type_[1:-1], depth) for _ in range(self._rng.randint(0, 3 if depth <= DEPTH else 0))
            ]
        if type_ in self._world.types:
            return self._object(drawn, self._concrete(drawn, self._world.types[type_]), depth)
        return self._leaf(drawn, type_)

    def _concrete(self, drawn: DrawnField, one: DrawnType) -> DrawnType:
        """Choose an object type that every subgraph that resolves the field may answer."""
        if not one.is_abstract:
            return one
        homes = [one.homes[subgraph] for subgraph in drawn.resolvers]
        known = [set(one.members) if home.interface_object else set(home.members) for home in homes]
        return self._world.types[self._rng.choice(sorted(set(one.members).intersection(*known)))]

    def _object(self, drawn: DrawnField, one: DrawnType, depth: int) -> Json:
        if one.kind is Kind.ENTITY:
            return self._reference(drawn, one)
        return {"__typename": one.name, **self._record(one, depth + 1)}

    def _reference(self, drawn: DrawnField, one: DrawnType) -> str:
        """Choose a record that every subgraph that resolves the field has."""
        had = [number for number in range(RECORDS) if one.absences.get(number, frozenset()).isdisjoint(drawn.resolvers)]
        return f"@{one.name}_{self._rng.choice(had)}"

    def _shades(self, drawn: DrawnField) -> list[list[str]]:
        return [self._world.shades[subgraph] for subgraph in drawn.homes]

    def _leaf(self, drawn: DrawnField, type_: str) -> Json:
        number = next(self._numbers)
        values: dict[str, Json] = {
            "Int": number,
            "Float": number + 0.5,
            "Boolean": number % 2 == 0,
            "Color": self._rng.choice(COLORS),
            "Shade": self._rng.choice([one for one in SHADES if all(one in shades for shades in self._shades(drawn))]),
            "Date": self._rng.choice([f"2026-01-{number % 28 + 1:02}", {"day": number}, number]),
        }
        return values.get(type_, f"{type_.lower()} {number}")
