"""`@inaccessible` leaves an API schema that is whole. Source: composition, "Inaccessible rules"."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from schema.compose.merge.context import Merge
from schema.elements import Annotated, InputValue, TypeDefinition, base_type
from schema.value import EnumName, Value

Finding = tuple[str, str]


def check_inaccessible(merge: Merge) -> None:
    """Report everything visible that needs something hidden."""
    findings = [*_directive_arguments(merge)]
    for definition in merge.types.values():
        if definition.name == "Query" and _is_hidden(definition):
            text = 'Type "Query" is @inaccessible but is the root query type, which must be in the API schema.'
            findings.append(("QUERY_ROOT_TYPE_INACCESSIBLE", text))
        if not _is_hidden(definition):
            findings += [*_children(merge, definition), *_interfaces(merge, definition), *_members(merge, definition)]
    for code, message in findings:
        merge.report.error(code, message, merge.places(message.split('"')[1]))  # what it is about is named first


def _is_hidden(one: Annotated) -> bool:
    return one.has("inaccessible")


def _hides_type(merge: Merge, type_text: str) -> bool:
    definition = merge.types.get(base_type(type_text))
    return definition is not None and _is_hidden(definition)


def _directive_arguments(merge: Merge) -> Iterator[Finding]:
    definitions = [*merge.executable.values(), *(one.definition for one in merge.composed.values())]
    for definition in definitions:
        for argument in definition.arguments.values():
            if _is_hidden(argument):
                text = f'Argument "@{definition.name}({argument.name}:)" cannot use @inaccessible.'
                yield "DISALLOWED_INACCESSIBLE", text


def _children(merge: Merge, definition: TypeDefinition) -> Iterator[Finding]:
    children: list[Annotated] = [
        *definition.fields.values(),
        *definition.input_fields.values(),
        *definition.values.values(),
        *(merge.types[name] for name in definition.members if name in merge.types),
    ]
    if children and all(map(_is_hidden, children)):
        text = f'Type "{definition.name}" is in the API schema but all of its members are @inaccessible.'
        yield "ONLY_INACCESSIBLE_CHILDREN", text


def _interfaces(merge: Merge, definition: TypeDefinition) -> Iterator[Finding]:
    for interface in definition.interfaces:
        declared = merge.types.get(interface)
        if declared is None or _is_hidden(declared):
            continue
        for name, one in declared.fields.items():
            own = definition.fields.get(name)
            if own is None or _is_hidden(one):
                continue
            places: list[tuple[str, Annotated | None]] = [(name, own)]
            if not _is_hidden(own):
                visible = [each for each in one.arguments.values() if not _is_hidden(each)]
                places += [(f"{name}({each.name}:)", own.arguments.get(each.name)) for each in visible]
            for place, element in places:
                if element is not None and _is_hidden(element):
                    where = f'"{interface}.{place}", which is in the API schema'
                    text = f'"{definition.name}.{place}" is @inaccessible but implements {where}.'
                    yield "IMPLEMENTED_BY_INACCESSIBLE", text


def _members(merge: Merge, definition: TypeDefinition) -> Iterator[Finding]:
    for one in definition.fields.values():
        if _is_hidden(one):
            continue
        coordinate = f"{definition.name}.{one.name}"
        if _hides_type(merge, one.type):
            yield _referenced(one.type, coordinate)
        for argument in one.arguments.values():
            yield from _input(merge, f"{coordinate}({argument.name}:)", argument)
    for each in definition.input_fields.values():
        yield from _input(merge, f"{definition.name}.{each.name}", each)


def _referenced(type_text: str, coordinate: str) -> Finding:
    text = f'"{coordinate}" is in the API schema but is of type "{base_type(type_text)}", which is @inaccessible.'
    return "REFERENCED_INACCESSIBLE", text


def _input(merge: Merge, coordinate: str, one: InputValue) -> Iterator[Finding]:
    if _is_hidden(one):
        if one.is_required:
            text = f'"{coordinate}" is @inaccessible but is required by what it belongs to, which is in the API schema.'
            yield "REQUIRED_INACCESSIBLE", text
        return
    if _hides_type(merge, one.type):
        yield _referenced(one.type, coordinate)
    elif one.default is not None:
        for used in _hidden_in_default(merge, base_type(one.type), one.default.value):
            text = f'"{coordinate}" is in the API schema but its default value uses "{used}", which is @inaccessible.'
            yield "DEFAULT_VALUE_USES_INACCESSIBLE", text


def _hidden_in_default(merge: Merge, type_name: str, value: Value) -> Iterator[str]:
    definition = merge.types.get(type_name)
    match value:
        case None | bool() | int():
            return
        case EnumName():
            if definition and value in definition.values and _is_hidden(definition.values[value]):
                yield f"{type_name}.{value}"
        case Mapping():
            yield from _hidden_in_fields(merge, definition, value) if definition else ()
        case list():
            for nested in value:
                yield from _hidden_in_default(merge, type_name, nested)


def _hidden_in_fields(merge: Merge, definition: TypeDefinition, value: Mapping[str, Value]) -> Iterator[str]:
    for name in value.keys() & definition.input_fields.keys():
        one = definition.input_fields[name]
        if _is_hidden(one):
            yield f"{definition.name}.{name}"
        else:
            yield from _hidden_in_default(merge, base_type(one.type), value[name])
