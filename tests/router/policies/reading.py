"""What a caller may not have of an operation, read from the supergraph as plainly as it can be, and the monolith's
answer without it: the oracle of what is cut.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from graphql import (
    GraphQLAbstractType,
    GraphQLField,
    GraphQLObjectType,
    GraphQLOutputType,
    GraphQLResolveInfo,
    GraphQLSchema,
    execute_sync,
    get_named_type,
    is_abstract_type,
    is_composite_type,
    is_list_type,
    is_wrapping_type,
    parse,
    value_from_ast_untyped,
)

from router.operation.model import Operation
from router.request import Identity, Json
from schema.query_graph.selection import Field, InlineFragment, SelectionSet
from tests.answers import Answer
from tests.records import Record, Records
from tests.router.policies.guards import OPEN, Guard

Path = tuple[str, ...]  # response names, `@` for each level of a list


@dataclass(frozen=True, slots=True)
class Refused:
    """A place that is null, on the objects that fit a type."""

    path: Path
    type_name: str


def refused(
    operation: Operation, schema: GraphQLSchema, caller: Identity | None, values: Mapping[str, Json]
) -> list[Refused]:
    """Find what is refused, by the client's names. Shapes: schema of the supergraph, with its directives."""
    reading = _Reading(schema, caller, values)
    reading.read(operation.selections, operation.root_type, ())
    names = operation.client_names
    return [Refused(tuple(names.get(step, step) for step in one.path), one.type_name) for one in reading.found]


@dataclass(slots=True)
class _Reading:
    schema: GraphQLSchema
    caller: Identity | None
    values: Mapping[str, Json]
    found: list[Refused] = field(default_factory=list)

    def read(self, selections: SelectionSet, parent: str, path: Path) -> None:
        """Walk down to what is refused."""
        for one in selections:
            if any(bool(self.values.get(if_.variable)) is not if_.wanted for if_ in one.conditions):
                continue
            if isinstance(one, InlineFragment):
                self.read(one.selections, one.type_condition or parent, path)
            elif not one.name.startswith("__"):
                self._field(one, parent, (*path, one.response_name))

    def _field(self, one: Field, parent: str, path: Path) -> None:
        if not self._demand(parent, one.name).opens_to(self.caller):
            self.found.append(Refused(path, parent))
        elif definition := self._definition(parent, one.name):
            levels = ("@",) * _depth(definition.type)
            self.read(one.selections, get_named_type(definition.type).name, (*path, *levels))

    def _demand(self, type_name: str, name: str) -> Guard:
        """Conjoin what stands on the type, the field and the field's type, for all objects that may be there."""
        one = self.schema.type_map[type_name]
        guard = self._own(type_name, name)
        if is_abstract_type(one):
            for possible in self.schema.get_possible_types(one):
                guard = guard & self._demand(possible.name, name)
        definition = self._definition(type_name, name)
        if isinstance(one, GraphQLObjectType) and definition and _is_inherited(definition):
            for interface in one.interfaces:
                inherited = self._definition(interface.name, name)
                guard = guard & (_stated(inherited) if inherited else OPEN)
        return guard

    def _own(self, type_name: str, name: str) -> Guard:
        guard = _stated(self.schema.type_map[type_name])
        definition = self._definition(type_name, name)
        return guard & _stated(definition) & _stated(get_named_type(definition.type)) if definition else guard

    def _definition(self, type_name: str, name: str) -> GraphQLField | None:
        one = self.schema.type_map[type_name]
        return self.schema.get_field(one, name) if is_composite_type(one) else None


def _stated(one: object) -> Guard:
    """Read the directives of one element, under the names that the subgraphs gave them."""
    guard = OPEN
    for directive in getattr(getattr(one, "ast_node", None), "directives", None) or ():
        lists = [value_from_ast_untyped(given.value) for given in directive.arguments or ()]
        match directive.name.value.removeprefix("federation__"):
            case "authenticated":
                guard = guard & Guard(somebody=True)
            case "requiresScopes":
                guard = guard & Guard(scopes=frozenset(map(frozenset, lists[0])))
            case "policy":
                guard = guard & Guard(policies=frozenset(map(frozenset, lists[0])))
    return guard


def _is_inherited(definition: GraphQLField) -> bool:
    """Tell a field that only an `@interfaceObject` resolves: `@join__field` without a graph."""
    directives = definition.ast_node.directives if definition.ast_node else ()
    return any(one.name.value == "join__field" and not one.arguments for one in directives or ())


def _depth(type_: GraphQLOutputType) -> int:
    depth = 0
    while is_wrapping_type(type_):
        depth += is_list_type(type_)
        type_ = type_.of_type
    return depth


def oracle(
    schema: GraphQLSchema, query: str, variables: Mapping[str, Json], records: Records, without: Sequence[Refused]
) -> Answer:
    """Answer as the monolith, with null for what is refused."""
    places: dict[Path, list[str]] = {}
    for one in without:
        places.setdefault(one.path, []).append(one.type_name)

    def resolve(record: Record | None, info: GraphQLResolveInfo[None], **arguments: Json) -> Json:
        path = tuple("@" if isinstance(step, int) else step for step in info.path.as_list())
        if any(_fits(schema, info.parent_type, name) for name in places.get(path, ())):
            return None
        return records.value(record or records.root(info.parent_type.name), info.field_name, arguments)

    def type_of(record: Record, _info: GraphQLResolveInfo[None], _abstract: GraphQLAbstractType) -> str:
        return str(record["__typename"])

    result = execute_sync(
        schema, parse(query), variable_values=dict(variables), field_resolver=resolve, type_resolver=type_of
    )
    return Answer.of(result.formatted)


def _fits(schema: GraphQLSchema, runtime: GraphQLObjectType, name: str) -> bool:
    one = schema.type_map[name]
    return runtime.name == name or (is_abstract_type(one) and schema.is_sub_type(one, runtime))
