"""What is drawn: the types of a monolith, and for every field the subgraphs that declare it."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import Enum

LEAVES = ("String", "Int", "Float", "Boolean", "ID", "Date", "Color", "Shade")
COLORS = ("RED", "GREEN", "BLUE")
SHADES = ("DARK", "LIGHT", "PALE")  # only answered: each subgraph may have some of them
MODES = ("FAST", "SLOW", "SAFE")  # only asked: clients have what all subgraphs have


class Kind(Enum):
    """What a type is."""

    ENTITY = "entity"
    VALUE = "value"
    INTERFACE = "interface"
    ENTITY_INTERFACE = "entity interface"
    UNION = "union"
    ROOT = "root"


@dataclass(slots=True)
class FieldHome:
    """One subgraph's declaration of a field. `moved_to` names the subgraph that overrides it."""

    type: str
    external: bool = False
    requires: str | None = None
    provides: str | None = None
    overrides: str | None = None
    label: str | None = None  # of the override; while it is not active, the other subgraph resolves the field
    moved_to: str | None = None
    hidden: bool = False
    wider: bool = False  # has an optional argument that others do not have

    @property
    def resolvable(self) -> bool:
        return not self.external and self.moved_to is None


@dataclass(slots=True)
class DrawnField:
    """A field of the monolith. A `plain` one takes nothing with it by an error: requirements are read from it."""

    name: str
    type: str
    arguments: dict[str, str] = field(default_factory=dict)  # name → type, with a default if it has one
    plain: bool = False
    never_null: bool = False
    shared: bool = False  # resolved in several subgraphs, be it only on the way of a @provides
    computed_of: str | None = None
    homes: dict[str, FieldHome] = field(default_factory=dict)
    hidden_arguments: list[str] = field(default_factory=list)
    context: tuple[str, str] | None = None  # the field that it reads above, and its argument for that

    @property
    def base(self) -> str:
        return re.sub(r"[\[\]!]", "", self.type)

    @property
    def owners(self) -> list[str]:
        return [name for name, home in self.homes.items() if home.resolvable]

    @property
    def labelled(self) -> bool:
        return any(home.label for home in self.homes.values())

    @property
    def resolvers(self) -> list[str]:
        """Name the subgraphs that resolve the field under some labels."""
        former = [home.overrides for home in self.homes.values() if home.label and home.overrides]
        return [*self.owners, *former]

    def declare(self, subgraph: str) -> FieldHome:
        """Declare the field in a subgraph, if it is not yet."""
        return self.homes.setdefault(subgraph, FieldHome(self.type))


@dataclass(slots=True)
class TypeHome:
    """One subgraph's definition of a type. Shapes: keys gives resolvability by field set."""

    keys: dict[str, bool] = field(default_factory=dict)
    stub: bool = False  # only refers to the entity
    interface_object: bool = False
    extension: bool = False
    members: list[str] = field(default_factory=list)  # of an interface or union, in this subgraph


@dataclass(slots=True)
class DrawnType:
    name: str
    kind: Kind
    fields: dict[str, DrawnField] = field(default_factory=dict)
    keys: list[str] = field(default_factory=list)
    members: list[str] = field(default_factory=list)
    homes: dict[str, TypeHome] = field(default_factory=dict)
    hidden: bool = False
    parent: str | None = None  # the interface that an interface implements
    context_in: str | None = None  # the subgraph in which it sets a context
    null_key: str | None = None  # a key field that may be null
    absences: dict[int, frozenset[str]] = field(default_factory=dict)  # by record, the subgraphs that do not have it

    @property
    def is_abstract(self) -> bool:
        return self.kind in (Kind.INTERFACE, Kind.ENTITY_INTERFACE, Kind.UNION)

    def full_homes(self) -> list[str]:
        """Name the subgraphs that may own fields of an entity."""
        return [name for name, home in self.homes.items() if not home.stub]

    def key_fields(self) -> set[str]:
        """Name the fields that begin a key."""
        return {one for key in self.keys for one in re.sub(r"\{[^}]*\}", "", key).split()}


@dataclass(slots=True)
class World:
    """A federation in the making."""

    rng: random.Random
    subgraphs: list[str]
    types: dict[str, DrawnType] = field(default_factory=dict)
    shades: dict[str, list[str]] = field(default_factory=dict)  # by subgraph
    modes: dict[str, list[str]] = field(default_factory=dict)
    wider_inputs: set[str] = field(default_factory=set)
    hidden_values: set[str] = field(default_factory=set)
    federation_1: set[str] = field(default_factory=set)

    def chance(self, probability: float) -> bool:
        return self.rng.random() < probability

    def of_kind(self, *kinds: Kind) -> list[DrawnType]:
        return [one for one in self.types.values() if one.kind in kinds]

    def entity_interface_of(self, one: DrawnType) -> DrawnType | None:
        """Find the entity interface that a type implements."""
        return next((other for other in self.of_kind(Kind.ENTITY_INTERFACE) if one.name in other.members), None)

    def fields_of(self, one: DrawnType) -> list[DrawnField]:
        """List the fields of a type, with those that interface objects give it."""
        interface = self.entity_interface_of(one)
        inherited = interface.fields if interface else {}
        return [*one.fields.values(), *(drawn for name, drawn in inherited.items() if name not in one.fields)]

    def coordinates(self) -> Iterator[tuple[DrawnType, DrawnField]]:
        for one in self.types.values():
            for drawn in one.fields.values():
                yield one, drawn

    def some(self, items: list[str], least: int = 1) -> list[str]:
        """Draw some of the items, in their order."""
        count = self.rng.randint(min(least, len(items)), len(items))
        chosen = set(self.rng.sample(items, count))
        return [one for one in items if one in chosen]
