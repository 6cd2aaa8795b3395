"""`@context` and `@fromContext`. Source: composition, "Contexts"."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from graphql import FieldNode, GraphQLSyntaxError, InlineFragmentNode, SelectionNode

from schema.compose.contexts import ContextualArgument, contextual_arguments, is_contextual, setters
from schema.compose.field_set import parse_field_set
from schema.elements import Field, Kind, TypeDefinition, base_type
from schema.errors import Report
from schema.subgraph import Subgraph

Finding = tuple[str, str]
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9]*")


def check_context_names(subgraph: Subgraph, report: Report) -> None:
    """Report names of contexts that could not be told from their prefix."""
    for definition in subgraph.types.values():
        for application in definition.applied("context"):
            name = application.text("name")
            if not _NAME.fullmatch(name):
                message = f'[{subgraph.name}] Context name "{name}" must be a letter and then only letters and digits.'
                report.error("CONTEXT_NAME_INVALID", message, [subgraph.locate(application.node)])


def check_contextual_arguments(subgraph: Subgraph, report: Report) -> None:
    """Report arguments that no context can fill."""
    for definition, one in subgraph.fields():
        contextual = [argument for argument in one.arguments.values() if is_contextual(argument)]
        read = list(contextual_arguments(one))
        known = {each.argument.name for each in read}
        findings = [
            ("NO_CONTEXT_IN_SELECTION", f'@fromContext of "{_place(definition, one, each.name)}" names no context.')
            for each in contextual
            if each.name not in known
        ]
        for each in read:
            place = _place(definition, one, each.argument.name)
            findings += _usage(subgraph, definition, one, each, place)
            if definition.kind is Kind.OBJECT and setters(subgraph, each.context):
                findings += _selection(subgraph, each, place)
        if read and definition.kind is Kind.OBJECT and not _has_resolvable_key(definition):
            text = f'Object "{definition.name}" has no resolvable key but has a field with a contextual argument.'
            findings.append(("CONTEXT_NO_RESOLVABLE_KEY", text))
        for code, text in findings:
            report.error(code, f"[{subgraph.name}] {text}", [subgraph.locate(one.node)])


def _place(definition: TypeDefinition, one: Field, argument: str) -> str:
    return f"{definition.name}.{one.name}({argument}:)"


def _has_resolvable_key(definition: TypeDefinition) -> bool:
    return any(key.arguments.get("resolvable") is not False for key in definition.applied("key"))


def _usage(
    subgraph: Subgraph, definition: TypeDefinition, one: Field, contextual: ContextualArgument, place: str
) -> list[Finding]:
    reasons = {
        "cannot be used on an abstract type": definition.kind is not Kind.OBJECT,
        "is never set": not setters(subgraph, contextual.context),
        "cannot be used on a field that implements an interface field": any(
            subgraph.field(interface, one.name) for interface in definition.interfaces
        ),
        "cannot be used on an argument with a default value": contextual.argument.default is not None,
    }
    text = f'Context "{contextual.context}" used at "{place}"'
    return [("CONTEXT_NOT_SET", f"{text} {reason}.") for reason, applies in reasons.items() if applies]


def _selection(subgraph: Subgraph, contextual: ContextualArgument, place: str) -> Iterator[Finding]:
    try:
        selections = parse_field_set(contextual.selection).selections
    except (GraphQLSyntaxError, TypeError) as error:
        yield "CONTEXT_INVALID_SELECTION", f'The selection of "{place}" does not parse: {error}'
        return
    text = f'Context "{contextual.context}" is used in "{place}" but the selection is invalid'
    found = setters(subgraph, contextual.context)
    for setter in found:
        try:
            for selected in _results(subgraph, setter, selections):
                _check_type(selected, contextual.argument.type)
        except _InvalidSelection as problem:
            yield "CONTEXT_INVALID_SELECTION", f'{text} for type "{setter.name}": {problem}.'
            return
    possible = {name for setter in found for name in subgraph.runtime_types(setter.name)}
    for condition in _conditions(selections):
        if condition not in possible:
            yield "CONTEXT_INVALID_SELECTION", f'{text}: type condition "{condition}" is never used.'


class _InvalidSelection(ValueError):
    """A selection that gives no one value of the right type."""


def _results(subgraph: Subgraph, setter: TypeDefinition, selections: Sequence[SelectionNode]) -> list[str]:
    """The type of what is selected on a setter of the context; one for each object type that is told apart."""
    if setter.is_interface_object:
        raise _InvalidSelection("the context is set by an interface object")
    fragments = [one for one in selections if isinstance(one, InlineFragmentNode)]
    if not fragments:
        return [_path(subgraph, setter, selections)]
    conditions = _conditions(selections)
    if len(fragments) < len(selections) or len(set(conditions)) < len(conditions):
        raise _InvalidSelection("it must be one field, or fragments on different types")
    possible = subgraph.runtime_types(setter.name)
    matching = [(name, one.selection_set) for name, one in zip(conditions, fragments, strict=True) if name in possible]
    if not matching:
        raise _InvalidSelection("no type condition matches it")
    return [_path(subgraph, subgraph.types[name], nested.selections) for name, nested in matching]


def _conditions(selections: Sequence[SelectionNode]) -> list[str]:
    fragments = (one for one in selections if isinstance(one, InlineFragmentNode))
    return [one.type_condition.name.value if one.type_condition else "" for one in fragments]


def _path(subgraph: Subgraph, definition: TypeDefinition, selections: Sequence[SelectionNode]) -> str:
    """Follow one field at a time; what is nullable or a list on the way makes the result so."""
    one = selections[0]
    if len(selections) != 1 or not isinstance(one, FieldNode) or one.alias is not None or one.directives:
        raise _InvalidSelection("it must select exactly one field, without alias and directives")
    declared = definition.fields.get(one.name.value)
    if declared is None:
        raise _InvalidSelection(f'cannot query field "{one.name.value}" on type "{definition.name}"')
    _check_arguments(one, declared)
    target = subgraph.types.get(base_type(declared.type))
    if one.selection_set is None:
        if target is not None and target.kind in {Kind.OBJECT, Kind.INTERFACE, Kind.UNION}:
            raise _InvalidSelection(f'field "{one.name.value}" needs a selection')
        return declared.type
    if target is None:
        raise _InvalidSelection(f'field "{one.name.value}" has no subfields')
    nested = _path(subgraph, target, one.selection_set.selections)
    nested = nested if declared.type.endswith("!") else nested.removesuffix("!")
    return declared.type.replace(base_type(declared.type), nested.removesuffix("!")) if "[" in declared.type else nested


def _check_arguments(node: FieldNode, declared: Field) -> None:
    given = {one.name.value for one in node.arguments or ()}
    for name in sorted(given - declared.arguments.keys()):
        raise _InvalidSelection(f'field "{declared.name}" has no argument "{name}"')
    for name, argument in declared.arguments.items():
        if argument.is_required and name not in given:
            raise _InvalidSelection(f'field "{declared.name}" needs its argument "{name}"')


def _check_type(selected: str, wanted: str) -> None:
    if selected.replace("!", "") != wanted.replace("!", ""):
        raise _InvalidSelection(f'it is of type "{selected}" but the argument of type "{wanted}"')
    if "!" in wanted:
        raise _InvalidSelection(f'what is above may be null or missing but the argument is of type "{wanted}"')
