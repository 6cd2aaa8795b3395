"""What one client may see of one operation: the API schema, what its variables switch on, what it is refused."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from graphql import (
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLSchema,
    GraphQLUnionType,
    is_abstract_type,
    is_composite_type,
)

from router.policies.authorize import Refusal
from router.request import Json
from schema.query_graph.selection import Condition

Composite = GraphQLObjectType | GraphQLInterfaceType | GraphQLUnionType


class View:
    """Decisions that are the same for every object of an answer; those on types are remembered."""

    def __init__(
        self,
        schema: GraphQLSchema,
        switches: Mapping[str, Json],
        refusals: Sequence[Refusal],
        client_names: Mapping[str, str],
    ) -> None:
        self.schema = schema
        self._switches = switches
        self._refused = [(refusal.path, refusal.parent_type) for refusal in refusals]
        self._client_names = client_names
        self._applies: dict[tuple[str, str], bool] = {}

    def client_name(self, name: str) -> str:
        """Say how the client calls a field."""
        return self._client_names.get(name, name)

    def holds(self, conditions: Sequence[Condition]) -> bool:
        """Whether a selection is there."""
        return all(bool(self._switches.get(one.variable)) is one.wanted for one in conditions)

    def applies(self, condition: str | None, parent: Composite) -> bool:
        """Whether a fragment is for objects of a type."""
        return condition is None or self.fits(parent.name, condition)

    def fits(self, name: str, condition: str) -> bool:
        """Whether a type is another or a subtype of it."""
        if name == condition:
            return True
        known = self._applies.get((name, condition))
        if known is None:
            one, other = self.schema.get_type(name), self.schema.get_type(condition)
            known = is_abstract_type(other) and is_composite_type(one) and self.schema.is_sub_type(other, one)
            self._applies[name, condition] = known
        return known

    def runtime_type(self, promised: Composite, name: str | None) -> GraphQLObjectType | None:
        """Find the object type of a name, if clients can see it and it may stand where another is promised."""
        runtime = self.schema.get_type(name) if name is not None else None
        return runtime if isinstance(runtime, GraphQLObjectType) and self.fits(runtime.name, promised.name) else None

    def refuses(self, path: tuple[str, ...], parent: Composite) -> bool:
        """Whether the client may not have a field."""
        return any(path == refused and self.fits(parent.name, type_) for refused, type_ in self._refused)
