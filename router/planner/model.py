"""A query plan: a graph of fetches, each of which starts as soon as the fetches it comes after are done."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum

from router.operation.model import OperationKind, VariableDefinition
from schema.query_graph.selection import Condition, SelectionSet


class Each(Enum):
    """The step of a path that enters every item of one level of a list; printed `@`."""

    ITEM = "@"


@dataclass(frozen=True, slots=True)
class OfType:
    """The step of a path that goes on only for objects whose runtime type is one of these (supergraph names)."""

    types: frozenset[str]


ENTITIES = "_entities"
PathStep = str | Each | OfType
Path = tuple[PathStep, ...]


@dataclass(frozen=True, slots=True)
class Rename:
    """In an answer: at `path`, relative to the answer's root or entity, the last key is `to` for everyone else.

    Lists on the way are entered without a step. Undoes the aliases that keep one subgraph operation free of conflicts.
    Source: GraphQL, "Field Selection Merging".
    """

    path: tuple[str | OfType, ...]
    to: str


@dataclass(frozen=True, slots=True)
class RootSelection:
    """What a fetch selects on a root type; its answer becomes a layer at `path`: () but for a nested Query."""

    selection: SelectionSet
    path: Path = ()
    renames: tuple[Rename, ...] = ()


@dataclass(frozen=True, slots=True)
class ContextVariable:
    """A variable of type `type` whose value is read, for each entity, of the object above it at `path`.

    `selection` on `type_name` leads to one leaf: fields under their response names, fragments by runtime type.
    """

    name: str
    type: str
    path: Path
    type_name: str
    selection: SelectionSet


@dataclass(frozen=True, slots=True)
class EntitySelection:
    """What a fetch selects on the entities at `path`.

    `requires` is read from the layers of each position, fragment by runtime type (supergraph subtypes included): a
    field is looked up under its response name and stands in the representation under its *name*. `typename`, if given,
    replaces `__typename` in the representation (the interface's name, for an `@interfaceObject` subgraph).
    Entities for which the variables of `context` have different values are asked for apart, in the same request.
    `selection` begins with inline fragments on the entity types. An entity of which a field of `requires` that is
    named in `keys` is null or absent is not sent. `alias` is the response name of `_entities` in the request;
    selections of one fetch that have the same one differ only in `path` and in where `context` is, and are asked
    together.
    Source: Federation subgraph specification, "Query._entities".
    """

    alias: str
    path: Path
    requires: SelectionSet
    keys: frozenset[str]
    selection: SelectionSet
    typename: str | None = None
    renames: tuple[Rename, ...] = ()
    context: tuple[ContextVariable, ...] = ()


@dataclass(frozen=True, slots=True)
class Fetch:
    """One request to one subgraph: either root selections or entity selections, never both.

    `conditions` all hold, or the fetch is not sent. `after` names the fetches whose answers it reads.
    """

    id: int
    subgraph: str
    kind: OperationKind
    operation_name: str | None
    variables: tuple[VariableDefinition, ...]
    selections: tuple[RootSelection, ...] | tuple[EntitySelection, ...]
    after: frozenset[int]
    conditions: tuple[Condition, ...] = ()


@dataclass(frozen=True, slots=True)
class QueryPlan:
    """Shapes: fetches in an order in which none comes before one it is after; ids are their indexes.

    `client_names`: see `Operation`; the fetches know the names that were given. `first` come after none; `then` has for
    each fetch those that come after it.
    """

    kind: OperationKind
    fetches: tuple[Fetch, ...]
    client_names: Mapping[str, str] = field(default_factory=dict)
    first: tuple[Fetch, ...] = field(init=False, repr=False, compare=False)
    then: tuple[tuple[Fetch, ...], ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Turn around what each fetch comes after."""
        object.__setattr__(self, "first", tuple(one for one in self.fetches if not one.after))
        then = tuple(tuple(one for one in self.fetches if fetch.id in one.after) for fetch in self.fetches)
        object.__setattr__(self, "then", then)
