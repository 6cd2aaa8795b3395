"""What each field of a subgraph is there for: external, shareable, used. Source: federation-directives, "External"."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from weakref import WeakKeyDictionary

from schema.compose.contexts import contextual_arguments, setters
from schema.compose.field_set import Coordinate, selected_fields
from schema.elements import Application, Kind, TypeDefinition, base_type
from schema.subgraph import Subgraph


@dataclass(frozen=True, slots=True)
class FieldFacts:
    """Answers about the fields of one subgraph, by coordinate."""

    external: frozenset[Coordinate]
    provided: frozenset[Coordinate]
    shareable: frozenset[Coordinate]
    used: frozenset[Coordinate]
    """Mentioned by a key, requires, provides or context, or needed by an implemented interface."""

    def is_external(self, type_name: str, field_name: str) -> bool:
        """Declared here, but not resolved here, except perhaps on provided paths."""
        return (type_name, field_name) in self.external

    def is_fully_external(self, type_name: str, field_name: str) -> bool:
        """Not resolved here on any path."""
        return (type_name, field_name) in self.external - self.provided

    @classmethod
    def of(cls, subgraph: Subgraph) -> FieldFacts:
        """Collect the facts of a subgraph; they are kept as long as it is."""
        found = _KNOWN.get(subgraph)
        if found is None:
            found = _KNOWN[subgraph] = cls._collect(subgraph)
        return found

    @classmethod
    def _collect(cls, subgraph: Subgraph) -> FieldFacts:
        keys = frozenset(_key_fields(subgraph, on_extension_only=False))
        provided = frozenset(_field_sets(subgraph, "provides"))
        required = frozenset(_field_sets(subgraph, "requires"))
        external = frozenset(_external(subgraph)) - _fake_external(subgraph)
        return cls(
            external=external,
            provided=provided,
            shareable=frozenset(_marked_shareable(subgraph)) | keys | (provided & external),
            used=keys.union(provided, required, _needed_by_interfaces(subgraph), _read_from_contexts(subgraph)),
        )


_KNOWN: WeakKeyDictionary[Subgraph, FieldFacts] = WeakKeyDictionary()


def _external(subgraph: Subgraph) -> Iterator[Coordinate]:
    for definition, one in subgraph.fields():
        if one.has("external") or (subgraph.is_fed2 and definition.has("external")):
            yield definition.name, one.name


def _fake_external(subgraph: Subgraph) -> frozenset[Coordinate]:
    """Key fields that an extension repeats with `@external`, as in federation 1: they are resolved here."""
    repeated = frozenset(_key_fields(subgraph, on_extension_only=True))
    marked = {(definition.name, one.name) for definition, one in subgraph.fields() if one.has("external")}
    return repeated & marked


def _key_fields(subgraph: Subgraph, *, on_extension_only: bool) -> Iterator[Coordinate]:
    for definition in subgraph.types.values():
        for key in definition.applied("key"):
            if not on_extension_only or is_on_extension(definition, key):
                yield from selected_fields(subgraph, definition.name, key.text("fields"))


def is_on_extension(definition: TypeDefinition, application: Application) -> bool:
    """The directive was applied in an extension of the type, or the type says of itself that it is one."""
    return definition.has("extends") or (bool(definition.blocks) and definition.blocks[application.block].is_extension)


def _field_sets(subgraph: Subgraph, element: str) -> Iterator[Coordinate]:
    for definition, one in subgraph.fields():
        for application in one.applied(element):
            parent = definition.name if element == "requires" else base_type(one.type)
            yield from selected_fields(subgraph, parent, application.text("fields"))


def _marked_shareable(subgraph: Subgraph) -> Iterator[Coordinate]:
    for definition, one in subgraph.fields():
        blocks = {application.block for application in definition.applied("shareable")}
        if one.has("shareable") or one.block in blocks:
            yield definition.name, one.name


def _needed_by_interfaces(subgraph: Subgraph) -> Iterator[Coordinate]:
    for definition in subgraph.types.values():
        if definition.kind is Kind.OBJECT:
            for interface in definition.interfaces:
                yield from ((definition.name, name) for name in definition.fields if subgraph.field(interface, name))


def _read_from_contexts(subgraph: Subgraph) -> Iterator[Coordinate]:
    for _, one in subgraph.fields():
        for contextual in contextual_arguments(one):
            for setter in setters(subgraph, contextual.context):
                yield from selected_fields(subgraph, setter.name, contextual.selection)
