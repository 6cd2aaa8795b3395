"""A subgraph of a fixture: executable, and as strict as a real one about what it owns."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from graphql import (
    FieldNode,
    GraphQLAbstractType,
    GraphQLError,
    GraphQLObjectType,
    GraphQLResolveInfo,
    GraphQLSchema,
    InlineFragmentNode,
    SelectionSetNode,
    execute_sync,
    get_named_type,
    is_leaf_type,
    parse,
    validate,
)

from tests.records import ROOT_TYPES, Json, Record, Records
from tests.subgraph_facts import Coordinate, SubgraphFacts, executable

Info = GraphQLResolveInfo[Records]


@dataclass(frozen=True, slots=True)
class Seen:
    """An object as one subgraph sees it: its record, what the router sent of it, what the way here provides."""

    record: Record
    sent: Mapping[str, Json] = field(default_factory=dict)
    provided: tuple[SelectionSetNode, ...] = ()
    type_name: str | None = None


class FixtureSubgraph:
    """Resolves from the records only what the SDL says is resolvable here; everything else is an error.

    An external field comes from a `@provides` on the way or not at all, a field with `@requires` is refused without
    its required values in the representation, and a field that another subgraph overrides is gone.
    """

    def __init__(self, name: str, sdl: str, overridden: frozenset[Coordinate]) -> None:
        self.name = name
        self.sdl = sdl
        self.facts, self.schema = _read(sdl)
        self._overridden = overridden

    @property
    def resolvable(self) -> frozenset[Coordinate]:
        """The fields that this subgraph resolves whatever the way to them."""
        return self.facts.fields - self.facts.external - self._overridden

    def answer(self, query: str, variables: Mapping[str, Json], records: Records) -> dict[str, Json]:
        """Validate and execute one request of the router."""
        document = parse(query)
        if errors := validate(self.schema, document):
            return {"errors": [error.formatted for error in errors]}
        result = execute_sync(
            self.schema,
            document,
            Seen(records.root("Query")),
            records,
            dict(variables),
            field_resolver=self._resolve,
            type_resolver=self._type_of,
        )
        return dict(result.formatted)

    def _resolve(self, seen: Seen, info: Info, **arguments: Json) -> Json:
        at = (info.parent_type.name, info.field_name)
        match at:
            case ("Query", "_service"):
                return seen
            case ("_Service", "sdl"):
                return self.sdl
            case ("Query", "_entities"):
                return [self._entity(one, info) for one in arguments["representations"]]
            case (root, _) if root in ROOT_TYPES:
                seen = Seen(info.context.root(root))
        value, provided = self._value(seen, at, info.context, arguments)
        return value if is_leaf_type(get_named_type(info.return_type)) else _seen(value, provided)

    def _value(
        self, seen: Seen, at: Coordinate, records: Records, arguments: Mapping[str, Json]
    ) -> tuple[Json, tuple[SelectionSetNode, ...]]:
        """Give the value of a field and what `@provides` says of the fields beneath it."""
        provided = tuple(_provided(seen, at[1], records))
        if at in self._overridden or (at in self.facts.external and not provided):
            raise GraphQLError(f"Subgraph '{self.name}' does not resolve '{at[0]}.{at[1]}' here.")

        def required(wanted: SelectionSetNode) -> dict[str, Json]:
            return self._required(seen, at[0], wanted, records)

        if wanted := self.facts.requires.get(at):
            required(wanted)  # raises when the router did not send it
        unsent: dict[str, Json] = dict.fromkeys(self.facts.contextual.get(at, ()))
        value = records.value(seen.record, at[1], {**unsent, **arguments}, required)
        below = (*provided, self.facts.provides.get(at))
        return value, tuple(one for one in below if one is not None)

    def _required(self, seen: Seen, type_name: str, wanted: SelectionSetNode, records: Records) -> dict[str, Json]:
        """Read required values: external ones from the representation, unless the way here provides them."""
        required: dict[str, Json] = {}
        for node in wanted.selections:
            one = SelectionSetNode(selections=(node,))
            external = isinstance(node, FieldNode) and (type_name, node.name.value) in self.facts.external
            here = not isinstance(node, FieldNode) or not external or _is_provided(seen, node, records)
            required |= records.select(seen.record, one) if here else _sent(seen.sent, one, records)
        return required

    def _entity(self, representation: Mapping[str, Json], info: Info) -> Seen | GraphQLError | None:
        records = info.context
        type_name = representation["__typename"]
        keys = [key for key in self.facts.keys.get(type_name, ()) if _holds(representation, key)]
        if not keys:
            return GraphQLError(f"Subgraph '{self.name}' has no key of '{type_name}' in {dict(representation)}.")
        concrete = type_name if isinstance(info.schema.type_map[type_name], GraphQLObjectType) else None
        for record in records.of_type(type_name):
            if any(records.select(record, key) == _sent(representation, key, records) for key in keys):
                absent = self.name in record.get("$absent", ())
                return None if absent else Seen(record, representation, type_name=concrete)
        return None

    def _type_of(self, seen: Seen, info: Info, _abstract: GraphQLAbstractType) -> str:
        type_name: str = seen.type_name or seen.record["__typename"]
        if type_name not in info.schema.type_map:
            raise GraphQLError(f"Subgraph '{self.name}' does not know type '{type_name}'.")
        return type_name


@lru_cache(maxsize=64)
def _read(sdl: str) -> tuple[SubgraphFacts, GraphQLSchema]:
    """Read an SDL once, whatever labels are active."""
    document = parse(sdl)
    facts = SubgraphFacts.of(document)
    return facts, executable(document, sorted(facts.entities))


def _provided(seen: Seen, name: str, records: Records) -> Iterator[SelectionSetNode | None]:
    """Find a field in what the way here provides; give what is provided beneath it."""
    pending = list(seen.provided)
    while pending:
        for node in pending.pop().selections:
            if isinstance(node, InlineFragmentNode):
                condition = node.type_condition
                if condition is None or records.is_a(seen.record["__typename"], condition.name.value):
                    pending.append(node.selection_set)
            elif isinstance(node, FieldNode) and node.name.value == name:
                yield node.selection_set


def _is_provided(seen: Seen, wanted: FieldNode, records: Records) -> bool:
    """Tell whether a field and all beneath it are provided on the way here, and were not sent."""
    found = list(_provided(seen, wanted.name.value, records))
    below = set[str]().union(*map(_names, found))
    return bool(found) and wanted.name.value not in seen.sent and _names(wanted.selection_set) <= below


def _names(selections: SelectionSetNode | None) -> set[str]:
    """Collect the names of fields at any depth."""
    names: set[str] = set()
    for node in selections.selections if selections else ():
        if isinstance(node, FieldNode):
            names.add(node.name.value)
        if isinstance(node, FieldNode | InlineFragmentNode):
            names |= _names(node.selection_set)
    return names


def _seen(value: Json, provided: tuple[SelectionSetNode, ...]) -> Json:
    if isinstance(value, list):
        return [_seen(item, provided) for item in value]
    return Seen(value, provided=provided) if isinstance(value, dict) else value


def _holds(representation: Json, key: SelectionSetNode) -> bool:
    """Tell whether a representation has every field of a key, none of them null."""
    if isinstance(representation, list):
        return all(_holds(item, key) for item in representation)
    return all(
        representation.get(node.name.value) is not None
        and (node.selection_set is None or _holds(representation[node.name.value], node.selection_set))
        for node in key.selections
        if isinstance(node, FieldNode)
    )


def _sent(value: Mapping[str, Json], wanted: SelectionSetNode, records: Records) -> dict[str, Json]:
    """Read a field set from a representation; what is not in it is an error."""
    found: dict[str, Json] = {}
    for node in wanted.selections:
        if isinstance(node, InlineFragmentNode):
            if "__typename" not in value:
                raise GraphQLError(f"No '__typename' was sent in {dict(value)}.")
            if node.type_condition is None or records.is_a(value["__typename"], node.type_condition.name.value):
                found |= _sent(value, node.selection_set, records)
        elif isinstance(node, FieldNode):
            if node.name.value not in value:
                raise GraphQLError(f"'{node.name.value}' was not sent in {dict(value)}.")
            found[node.name.value] = _sent_in(value[node.name.value], node.selection_set, records)
    return found


def _sent_in(value: Json, wanted: SelectionSetNode | None, records: Records) -> Json:
    if isinstance(value, list):
        return [_sent_in(item, wanted, records) for item in value]
    return value if wanted is None or value is None else _sent(value, wanted, records)
