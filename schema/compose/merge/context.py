"""What every merging pass sees: the subgraphs, the facts about them, and the merged schema as far as it stands."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from graphql import Node

from schema.compose.field_facts import FieldFacts
from schema.elements import Application, DirectiveDefinition, Schema, TypeDefinition
from schema.errors import Location, Report
from schema.link import Link
from schema.subgraph import Subgraph
from schema.value import EnumName, Value


@dataclass(frozen=True, slots=True)
class Custom:
    """A custom directive that goes into the supergraph, and the subgraphs whose applications it keeps."""

    definition: DirectiveDefinition
    link: Link
    subgraphs: frozenset[str]


@dataclass(slots=True)
class Merge:
    """State of one merge. `types` holds kinds, interfaces and members first, whole types later."""

    subgraphs: Sequence[Subgraph]
    report: Report
    facts: Mapping[str, FieldFacts]
    graphs: Mapping[str, str]
    """Value of `join__Graph` by subgraph name."""
    types: dict[str, TypeDefinition] = field(default_factory=dict)
    carried: dict[str, str] = field(default_factory=dict)
    """Directives of known specs that go into the supergraph: spec name → name in the supergraph."""
    composed: dict[str, Custom] = field(default_factory=dict)
    """By name."""
    schema: Schema = field(default_factory=Schema)
    """The schema itself, beside its types and what it links."""
    joined: set[str] = field(default_factory=set)
    """Directives of known specs that `join__directive` carries."""
    executable: dict[str, DirectiveDefinition] = field(default_factory=dict)
    """Directives that operations may use, by name."""
    _declarations: dict[str, dict[str, TypeDefinition]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for subgraph in self.subgraphs:
            for name, one in subgraph.types.items():
                self._declarations.setdefault(name, {})[subgraph.name] = one

    @classmethod
    def of(cls, subgraphs: Sequence[Subgraph], report: Report) -> Merge:
        facts = {one.name: FieldFacts.of(one) for one in subgraphs}
        return cls(subgraphs, report, facts, graph_names([one.name for one in subgraphs]))

    def declarations(self, type_name: str) -> dict[str, TypeDefinition]:
        """The type in each subgraph that has it, by subgraph name; once it is merged, those of its kind."""
        merged = self.types.get(type_name)
        declared = self._declarations.get(type_name, {})
        return {name: one for name, one in declared.items() if merged is None or one.merged_kind is merged.kind}

    def subgraph(self, name: str) -> Subgraph:
        return next(one for one in self.subgraphs if one.name == name)

    def composers(self, directive: str) -> frozenset[str]:
        """Subgraphs whose applications of a custom directive go into the supergraph."""
        custom = self.composed.get(directive)
        return custom.subgraphs if custom else frozenset()

    def graph(self, subgraph_name: str) -> EnumName:
        return EnumName(self.graphs[subgraph_name])

    def locate(self, sources: Mapping[str, object]) -> list[Location]:
        """Where each source is written; those that nobody wrote are left out, unless there is no other."""
        written = {name: node for name, source in sources.items() if (node := _node(source)) is not None}
        return [self.subgraph(name).locate(written.get(name)) for name in written or sources]

    def places(self, coordinate: str) -> list[Location]:
        """Where every subgraph that has it writes a type, field, argument or value; its type where none does."""
        type_name, name, argument = _split(coordinate)
        if coordinate.startswith("@"):
            defined = {one.name: one.directives[type_name] for one in self.subgraphs if type_name in one.directives}
            return self.locate({key: one.arguments.get(argument, one) for key, one in defined.items()})
        declared = self.declarations(type_name)
        found = {subgraph: _member(one, name, argument) for subgraph, one in declared.items()}
        return self.locate({key: one for key, one in found.items() if one is not None} or declared)


def _split(coordinate: str) -> tuple[str, str, str]:
    """Type (or directive), member and argument of `T.f(a:)`, empty where there is none."""
    head, _, argument = coordinate.removeprefix("@").partition("(")
    type_name, _, name = head.partition(".")
    return type_name, name, argument.removesuffix(":)")


def _member(definition: TypeDefinition, name: str, argument: str) -> object | None:
    if not name:
        return definition
    one = definition.fields.get(name)
    if one is not None and argument:
        return one.arguments.get(argument)
    return one or definition.input_fields.get(name) or definition.values.get(name)


def _node(source: object) -> Node | None:
    node = getattr(source, "node", None)
    return node if isinstance(node, Node) else None


def join(name: str, /, **arguments: Value) -> Application:
    """An application of a join directive; arguments that are None are left out."""
    return Application(f"join__{name}", {key: one for key, one in arguments.items() if one is not None})


def graph_names(names: Iterable[str]) -> dict[str, str]:
    """Values of `join__Graph`. Source: federation-directives, "Enum value names for subgraphs"."""
    names = list(names)
    wanted = {name: _graph_name(name) for name in names}
    uses = Counter(wanted.values())
    seen: Counter[str] = Counter()
    for name in sorted(names):
        graph = wanted[name]
        if uses[graph] > 1:
            seen[graph] += 1
            wanted[name] = f"{graph}_{seen[graph]}"
    return wanted


def _graph_name(name: str) -> str:
    graph = re.sub(r"\W", "_", name, flags=re.ASCII)
    if graph[:1].isdigit():
        graph = f"_{graph}"
    if re.search(r"_\d+$", graph):
        graph = f"{graph}_"
    return graph.upper()
