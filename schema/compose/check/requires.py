"""`@requires` and `@fromContext` seen from the supergraph: arguments, and what guards the data they read."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from graphql import FieldNode, InlineFragmentNode, SelectionSetNode

from schema.compose.contexts import contextual_arguments, setters
from schema.compose.field_set import parse_field_set
from schema.compose.merge.access_control import ACCESS_CONTROL
from schema.compose.merge.applied import STRATEGIES, conjunction
from schema.compose.merge.context import Merge
from schema.elements import Annotated, Application, Field, base_type
from schema.subgraph import Subgraph


@dataclass(frozen=True, slots=True)
class _Requirement:
    """What a field reads before it is resolved: a selection on `read_from`, by `@requires` or `@fromContext`."""

    subgraph: Subgraph
    type_name: str
    field: Field
    directive: str
    read_from: str
    selections: SelectionSetNode

    @property
    def coordinate(self) -> str:
        return f"{self.type_name}.{self.field.name}"


def _requirements(merge: Merge) -> Iterator[_Requirement]:
    for subgraph in merge.subgraphs:
        for definition, one in subgraph.fields():
            for application in one.applied("requires"):
                selections = parse_field_set(application.text("fields"))
                yield _Requirement(subgraph, definition.name, one, "requires", definition.name, selections)


def _contextual(merge: Merge) -> Iterator[_Requirement]:
    for subgraph in merge.subgraphs:
        for definition, one in subgraph.fields():
            for argument in contextual_arguments(one):
                selections = parse_field_set(argument.selection)
                for setter in setters(subgraph, argument.context):
                    yield _Requirement(subgraph, definition.name, one, "fromContext", setter.name, selections)


def _selected(merge: Merge, type_name: str, selections: SelectionSetNode) -> Iterator[tuple[str, FieldNode, Field]]:
    """Every field that is selected, with its coordinate and merged definition."""
    for one in selections.selections:
        if isinstance(one, InlineFragmentNode):
            condition = one.type_condition.name.value if one.type_condition else type_name
            yield from _selected(merge, condition, one.selection_set)
        elif isinstance(one, FieldNode) and type_name in merge.types:
            merged = merge.types[type_name].fields.get(one.name.value)
            if merged is None:
                continue
            yield f"{type_name}.{merged.name}", one, merged
            if one.selection_set is not None:
                yield from _selected(merge, base_type(merged.type), one.selection_set)


def check_requires_arguments(merge: Merge) -> None:
    """Report arguments in a `@requires` that do not fit the merged field."""
    for one in _requirements(merge):
        for coordinate, node, merged in _selected(merge, one.read_from, one.selections):
            given = {argument.name.value for argument in node.arguments or ()}
            unknown = sorted(given - merged.arguments.keys())
            missing = [
                name for name, argument in merged.arguments.items() if argument.is_required and name not in given
            ]
            for problem in (
                *(f'cannot provide a value for argument "{name}" of field "{coordinate}"' for name in unknown),
                *(f'no value provided for required argument "{name}" of field "{coordinate}"' for name in missing),
            ):
                message = f'On field "{one.coordinate}", for @requires: {problem}, as it is in the supergraph.'
                merge.report.error("REQUIRES_INVALID_FIELDS", message, [one.subgraph.locate(one.field.node)])


def check_transitive_access_control(merge: Merge) -> None:
    """Report fields that read guarded data, but are not guarded as much themselves."""
    for one in (*_requirements(merge), *_contextual(merge)):
        definition = merge.types[one.type_name]
        own = (definition.fields[one.field.name], definition) if one.field.name in definition.fields else (definition,)
        for coordinate, needed in _guards(merge, one.read_from, one.selections):
            if any(not _covers(element, own, needed) for element in ACCESS_CONTROL):
                message = (
                    f'[{one.subgraph.name}] Field "{one.coordinate}" does not specify necessary @authenticated, '
                    "@requiresScopes and/or @policy auth requirements to access the transitive field "
                    f'"{coordinate}" data from @{one.directive} selection set.'
                )
                here = [one.subgraph.locate(one.field.node)]
                merge.report.error("MISSING_TRANSITIVE_AUTH_REQUIREMENTS", message, here)


def _guards(merge: Merge, type_name: str, selections: SelectionSetNode) -> Iterator[tuple[str, tuple[Annotated, ...]]]:
    """Everything that may be guarded on the way through a selection: fields with their types, and types narrowed to."""
    for coordinate, _, merged in _selected(merge, type_name, selections):
        target = merge.types.get(base_type(merged.type))
        yield coordinate, (merged, target) if target is not None else (merged,)
    for condition in _conditions(selections):
        if condition in merge.types:
            yield condition, (merge.types[condition],)


def _conditions(selections: SelectionSetNode) -> Iterator[str]:
    for one in selections.selections:
        if isinstance(one, InlineFragmentNode) and one.type_condition is not None:
            yield one.type_condition.name.value
        if isinstance(one, FieldNode | InlineFragmentNode) and one.selection_set is not None:
            yield from _conditions(one.selection_set)


def _covers(element: str, own: tuple[Annotated, ...], needed: tuple[Annotated, ...]) -> bool:
    """What is asked for already implies what is needed: asking for both asks for no more."""
    asked, wanted = _applied(element, own), _applied(element, needed)
    if not wanted:
        return True
    if not asked:
        return False
    if element not in STRATEGIES:
        return True
    alone, both = ([value for one in each for value in one.arguments.values()] for each in (asked, (*asked, *wanted)))
    return conjunction(alone) == conjunction(both)


def _applied(element: str, places: tuple[Annotated, ...]) -> list[Application]:
    return [application for place in places for application in place.applied(element)]
