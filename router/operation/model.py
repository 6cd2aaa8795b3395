"""The operation as the router reasons about it: valid against the API schema, fragments inlined."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum

from schema.query_graph.selection import SelectionSet


class OperationKind(Enum):
    """Source: GraphQL, "Operations"."""

    QUERY = "query"
    MUTATION = "mutation"
    SUBSCRIPTION = "subscription"


@dataclass(frozen=True, slots=True)
class VariableDefinition:
    """A variable as the client declared it, name without `$`. Shapes: type `[ID!]!`, default as text or None."""

    name: str
    type: str
    default: str | None


@dataclass(frozen=True, slots=True)
class Operation:
    """One normalized operation: named fragments inlined, equal fields merged, literal conditions decided.

    Conditions on variables stay in it, so that one plan serves every value. Introspection fields are still there.
    At each place a response name has one meaning, whatever the type; `client_names` are what clients call fields that
    had to be renamed for it.
    """

    kind: OperationKind
    name: str | None
    root_type: str
    variables: tuple[VariableDefinition, ...]
    selections: SelectionSet
    client_names: Mapping[str, str] = field(default_factory=dict)
