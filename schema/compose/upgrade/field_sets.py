"""Field sets as federation 1 let them be written."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from graphql import FieldNode, GraphQLSyntaxError, InlineFragmentNode, SelectionNode, SelectionSetNode, print_ast

from schema.compose.field_facts import FieldFacts
from schema.compose.field_set import parse_field_set
from schema.compose.upgrade.peers import Peers
from schema.compose.upgrade.rewrite import map_fields, map_types, without_on_field
from schema.elements import Application, Field, Kind, TypeDefinition, base_type
from schema.errors import Report
from schema.subgraph import Subgraph

FIELD_SET_DIRECTIVES = ("key", "requires", "provides")
COMPOSITE = (Kind.OBJECT, Kind.INTERFACE, Kind.UNION)


def join_field_lists(subgraph: Subgraph, _peers: Peers, _report: Report) -> Subgraph:
    """`["a", "b"]` and bare names become one string."""
    subgraph = map_types(subgraph, lambda one: replace(one, applications=tuple(map(_as_text, one.applications))))
    return map_fields(subgraph, lambda _, one: replace(one, applications=tuple(map(_as_text, one.applications))))


def _as_text(application: Application) -> Application:
    fields = application.arguments.get("fields")
    if application.element not in FIELD_SET_DIRECTIVES or not isinstance(fields, str | list):
        return application
    text = " ".join(map(str, fields)) if isinstance(fields, list) else str(fields)
    return replace(application, arguments={**application.arguments, "fields": text})


def drop_provides_on_leaves(subgraph: Subgraph, _peers: Peers, _report: Report) -> Subgraph:
    """`@provides` needs something to select from."""

    def changed(_: TypeDefinition, one: Field) -> Field:
        target = subgraph.types.get(base_type(one.type))
        return one if target is not None and target.kind in COMPOSITE else without_on_field(one, "provides")

    return map_fields(subgraph, changed)


def drop_inactive_field_sets(subgraph: Subgraph, _peers: Peers, _report: Report) -> Subgraph:
    """Take out of `@requires` and `@provides` what is not external: it was resolved here anyway."""
    facts = FieldFacts.of(subgraph)

    def changed(definition: TypeDefinition, one: Field) -> Field:
        applications = [
            _active(subgraph, facts, definition.name if each.element == "requires" else base_type(one.type), each)
            if each.element in {"requires", "provides"}
            else each
            for each in one.applications
        ]
        return replace(one, applications=tuple(each for each in applications if each is not None))

    return map_fields(subgraph, changed)


def _active(subgraph: Subgraph, facts: FieldFacts, type_name: str, application: Application) -> Application | None:
    try:
        selections = parse_field_set(application.text("fields"))
    except (GraphQLSyntaxError, TypeError):
        return application  # reported when field sets are validated
    kept = _external_only(
        lambda owner, name: _is_external(subgraph, facts, owner, name), subgraph, type_name, selections
    )
    if kept is None:
        return None
    if len(kept.selections) == len(selections.selections) and print_ast(kept) == print_ast(selections):
        return application
    text = " ".join(print_ast(kept)[1:-1].split())
    return replace(application, arguments={**application.arguments, "fields": text})


def _is_external(subgraph: Subgraph, facts: FieldFacts, owner: str, name: str) -> bool:
    if subgraph.field(owner, name) is None:
        return name != "__typename"  # unknown: reported when field sets are validated
    declared = subgraph.types[owner]
    places = [owner, *subgraph.runtime_types(owner)] if declared.kind is Kind.INTERFACE else [owner]
    return any(facts.is_external(place, name) for place in places)


def _external_only(
    is_external: Callable[[str, str], bool], subgraph: Subgraph, type_name: str, selections: SelectionSetNode
) -> SelectionSetNode | None:
    kept: list[SelectionNode] = []
    for one in selections.selections:
        if isinstance(one, FieldNode) and is_external(type_name, one.name.value):
            kept.append(one)
        elif isinstance(one, FieldNode) and one.selection_set is None and _needs_selection(subgraph, type_name, one):
            kept.append(one)  # reported when field sets are validated
        elif isinstance(one, FieldNode | InlineFragmentNode) and one.selection_set is not None:
            nested = _external_only(is_external, subgraph, _target(subgraph, type_name, one), one.selection_set)
            if nested is not None:
                kept.append(_with_selections(one, nested))
    return SelectionSetNode(selections=tuple(kept)) if kept else None


def _needs_selection(subgraph: Subgraph, type_name: str, node: FieldNode) -> bool:
    target = subgraph.types.get(_target(subgraph, type_name, node))
    return target is not None and target.kind in COMPOSITE


def _target(subgraph: Subgraph, type_name: str, node: FieldNode | InlineFragmentNode) -> str:
    if isinstance(node, InlineFragmentNode):
        return node.type_condition.name.value if node.type_condition else type_name
    found = subgraph.field(type_name, node.name.value)
    return base_type(found.type) if found else ""


def _with_selections(node: FieldNode | InlineFragmentNode, nested: SelectionSetNode) -> SelectionNode:
    if isinstance(node, FieldNode):
        return FieldNode(name=node.name, alias=node.alias, arguments=node.arguments, selection_set=nested)
    return InlineFragmentNode(type_condition=node.type_condition, selection_set=nested)
