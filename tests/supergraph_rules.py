"""Rules that are written in the supergraph: each is switched off by taking what says it out of the SDL."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

from graphql import (
    REMOVE,
    ConstDirectiveNode,
    DocumentNode,
    EnumTypeDefinitionNode,
    FieldDefinitionNode,
    FieldNode,
    InlineFragmentNode,
    ObjectTypeDefinitionNode,
    ScalarTypeDefinitionNode,
    SelectionNode,
    SelectionSetNode,
    UnionTypeDefinitionNode,
    Visitor,
    VisitorAction,
    parse,
    print_ast,
    visit,
)

from tests.records import field_set
from tests.subgraph_facts import applied, argument

Rewrite = Callable[[str], str]
Selections = Iterable[SelectionNode]
Cut = Callable[[SelectionSetNode], Selections]


def without_directive(name: str) -> Rewrite:
    """Drop every application of a directive."""
    return _applications(lambda one: None if one.name.value == name else one)


def without_argument(directive: str, name: str) -> Rewrite:
    """Drop an argument wherever a directive is applied."""
    return _applications(lambda one: _changed(one, name, None) if one.name.value == directive else one)


def cut(directive: str, name: str, change: Cut) -> Rewrite:
    """Shorten the field sets in an argument; one of which nothing is left goes."""

    def shorten(one: ConstDirectiveNode) -> ConstDirectiveNode:
        text = argument(one, name) if one.name.value == directive else None
        if text is None:
            return one
        return _changed(one, name, " ".join(print_ast(kept) for kept in change(field_set(text))) or None)

    return _applications(shorten)


def first_only(selections: SelectionSetNode) -> Selections:
    """Keep the first selection."""
    return selections.selections[:1]


def leaves_only(selections: SelectionSetNode) -> Selections:
    """Keep the fields that select nothing beneath."""
    return (one for one in selections.selections if isinstance(one, FieldNode) and one.selection_set is None)


def one_of_nested(selections: SelectionSetNode) -> Selections:
    """Keep all at the top, and one selection beneath each."""
    return (_beneath(one, lambda nested: list(one_of_nested(nested))[:1]) for one in selections.selections)


def without_arguments(selections: SelectionSetNode) -> Selections:
    """Keep the fields with their default arguments."""
    return (replace(one, arguments=None) if isinstance(one, FieldNode) else one for one in selections.selections)


def without_fragments(selections: SelectionSetNode) -> Selections:
    """Keep what is selected whatever the type."""
    plain = (one for one in selections.selections if not isinstance(one, InlineFragmentNode))
    return (_beneath(one, without_fragments) for one in plain)


def one_key_each(sdl: str) -> str:
    """Keep the first key that a subgraph has for a type."""
    return _types(sdl, lambda node: replace(node, directives=tuple(_first_joins(node.directives or ()))))


def one_owner_each(sdl: str) -> str:
    """Let one subgraph alone resolve a field that several share; keys stay with all."""
    return _types(sdl, lambda node: replace(node, fields=tuple(_owned(field, node) for field in node.fields or ())))


def required_needs_nothing(sdl: str) -> str:
    """Drop `requires` from fields that are themselves required."""
    required = {name for one in _joins(parse(sdl)) for name in _names(argument(one, "requires"))}

    def change(node: ObjectTypeDefinitionNode) -> ObjectTypeDefinitionNode:
        fields = (_without_requires(one) if one.name.value in required else one for one in node.fields or ())
        return replace(node, fields=tuple(fields))

    return _types(sdl, change)


def override_undone(sdl: str) -> str:
    """Give what a subgraph has taken over back to the one that it was taken from."""
    graphs = dict(_graphs(parse(sdl)))

    def change(one: ConstDirectiveNode) -> ConstDirectiveNode:
        source = argument(one, "override")
        return one if source is None else _directive(f"@join__field(graph: {graphs[source]})")

    return _applications(change)(sdl)


def without_implementations(sdl: str) -> str:
    """Let no object type implement an interface."""
    without = without_directive("join__implements")(sdl)
    return _types(without, lambda node: replace(node, interfaces=None))


def first_members_only(sdl: str) -> str:
    """Let a union have one member."""
    definitions = parse(without_directive("join__unionMember")(sdl)).definitions
    changed = (
        replace(one, types=(one.types or ())[:1]) if isinstance(one, UnionTypeDefinitionNode) else one
        for one in definitions
    )
    return print_ast(DocumentNode(definitions=tuple(changed)))


def _applications(change: Callable[[ConstDirectiveNode], ConstDirectiveNode | None]) -> Rewrite:
    class Change(Visitor):
        def enter_directive(self, node: ConstDirectiveNode, *_: object) -> VisitorAction | ConstDirectiveNode:
            changed = change(node)
            return REMOVE if changed is None else changed

    return lambda sdl: print_ast(visit(parse(sdl), Change()))


def _types(sdl: str, change: Callable[[ObjectTypeDefinitionNode], ObjectTypeDefinitionNode]) -> str:
    definitions = parse(sdl).definitions
    changed = (change(one) if isinstance(one, ObjectTypeDefinitionNode) else one for one in definitions)
    return print_ast(DocumentNode(definitions=tuple(changed)))


def _changed(one: ConstDirectiveNode, name: str, text: str | None) -> ConstDirectiveNode:
    """Replace the text of an argument, or drop it."""
    kept = [given for given in one.arguments or () if given.name.value != name]
    if text is not None:
        kept += _directive(f'@a({name}: """{text}""")').arguments or ()
    return replace(one, arguments=tuple(kept))


def _directive(text: str) -> ConstDirectiveNode:
    definition = parse(f"scalar A {text}").definitions[0]
    assert isinstance(definition, ScalarTypeDefinitionNode)
    return (definition.directives or ())[0]


def _beneath(one: SelectionNode, change: Cut) -> SelectionNode:
    if not isinstance(one, FieldNode) or one.selection_set is None:
        return one
    return replace(one, selection_set=SelectionSetNode(selections=tuple(change(one.selection_set))))


def _first_joins(directives: Iterable[ConstDirectiveNode]) -> Iterator[ConstDirectiveNode]:
    seen: set[str] = set()
    for one in directives:
        graph = argument(one, "graph")
        if one.name.value != "join__type" or graph not in seen:
            yield one
        if one.name.value == "join__type":
            seen.add(graph)


def _owned(field: FieldDefinitionNode, parent: ObjectTypeDefinitionNode) -> FieldDefinitionNode:
    joins = applied(parent.directives, "join__type")
    keys = {name for one in joins for name in _names(argument(one, "key"))}
    first = next(iter(applied(field.directives, "join__field")), None)
    if field.name.value in keys or not joins or (first and argument(first, "external")):
        return field
    return replace(field, directives=(first or _directive(f"@join__field(graph: {argument(joins[0], 'graph')})"),))


def _without_requires(field: FieldDefinitionNode) -> FieldDefinitionNode:
    return replace(field, directives=tuple(_changed(one, "requires", None) for one in field.directives or ()))


def _names(text: str | None) -> list[str]:
    return [one.name.value for one in field_set(text).selections if isinstance(one, FieldNode)] if text else []


def _joins(document: DocumentNode) -> Iterator[ConstDirectiveNode]:
    for node in document.definitions:
        if isinstance(node, ObjectTypeDefinitionNode):
            for field in node.fields or ():
                yield from applied(field.directives, "join__field")


def _graphs(document: DocumentNode) -> Iterator[tuple[str, str]]:
    for node in document.definitions:
        if isinstance(node, EnumTypeDefinitionNode):
            for value in node.values or ():
                for one in applied(value.directives, "join__graph"):
                    yield argument(one, "name"), value.name.value
