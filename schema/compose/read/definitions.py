"""Definitions of federation's own elements that a subgraph supplies: they must agree with the spec."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator

from graphql import (
    DefinitionNode,
    DirectiveDefinitionNode,
    DocumentNode,
    ExecutableDefinitionNode,
    InputValueDefinitionNode,
    Node,
    NonNullTypeNode,
    TypeDefinitionNode,
    TypeExtensionNode,
    TypeNode,
    print_ast,
)

from schema.compose.read.spec_elements import SpecElements
from schema.elements import base_type
from schema.errors import Location, Report
from schema.federation import BUILT_IN_SCALARS, FEDERATION_ROOT_FIELDS
from schema.subgraph import Subgraph

_FED1_LENIENT = frozenset({"key", "requires", "provides"})


def check_definitions(subgraph: Subgraph, known: SpecElements, report: Report) -> None:
    """Report definitions of directives and types of a spec that are not compatible with it."""
    unknown = list(_unknown_types(subgraph, known))
    for message, node in unknown:
        report.error("INVALID_GRAPHQL", f"[{subgraph.name}] {message}", [subgraph.locate(node)])
    if unknown:
        return
    for one in known_definitions(subgraph.document, known):
        if not isinstance(one, DirectiveDefinitionNode):
            name = getattr(one, "name").value  # noqa: B009  all type definitions have a name
            if not _is_same_type(one, known.definitions[name]):
                message = f'[{subgraph.name}] Invalid definition for type "{name}": it must be as its spec has it.'
                report.error("TYPE_DEFINITION_INVALID", message, [subgraph.locate(one)])
            continue
        expected = known.definitions[f"@{one.name.value}"]
        if not isinstance(expected, DirectiveDefinitionNode) or _is_lenient(subgraph, known, one):
            continue
        for problem in _problems(one, expected):
            message = f'[{subgraph.name}] Invalid definition for directive "@{one.name.value}": {problem}'
            report.error("DIRECTIVE_DEFINITION_INVALID", message, [subgraph.locate(one)])


def _is_same_type(own: DefinitionNode, expected: DefinitionNode) -> bool:
    names = [{one.name.value for one in getattr(each, "values", None) or ()} for each in (own, expected)]
    return own.kind == expected.kind and names[0] == names[1]


def _unknown_types(subgraph: Subgraph, known: SpecElements) -> Iterator[tuple[str, Node]]:
    """Types of the specs that are named by what is written out, but not written out themselves."""
    written = {name for one in subgraph.document.definitions if (name := _type_name(one))} | BUILT_IN_SCALARS
    named = [
        one.type
        for definition in known_definitions(subgraph.document, known)
        if isinstance(definition, DirectiveDefinitionNode)
        for one in definition.arguments or ()
    ]
    if subgraph.is_fed2:  # federation 1 reads over its own fields
        named += [
            one.type
            for block in subgraph.types["Query"].blocks
            for one in getattr(block.node, "fields", None) or ()
            if one.name.value in FEDERATION_ROOT_FIELDS
        ]
    for node in named:
        name = base_type(print_ast(node))
        if name not in written:
            yield f"Unknown type '{name}'.", node


def check_executable(document: DocumentNode, report: Report, locate: Callable[[Node], Location]) -> None:
    """Report operations and fragments: a schema has none."""
    for one in document.definitions:
        if isinstance(one, ExecutableDefinitionNode):
            report.error("INVALID_GRAPHQL", "Operations and fragments are no part of a schema.", [locate(one)])


def check_repeated_types(document: DocumentNode, report: Report, locate: Callable[[Node], Location]) -> None:
    """Report types that are defined twice, before anything is asked of them."""
    nodes: dict[str, list[Node]] = defaultdict(list)
    for one in document.definitions:
        if isinstance(one, TypeDefinitionNode):
            nodes[one.name.value].append(one)
    for name, found in nodes.items():
        if len(found) > 1:
            message = f"There can be only one type named '{name}'."
            report.error("INVALID_GRAPHQL", message, map(locate, found))


def _type_name(node: DefinitionNode) -> str | None:
    return node.name.value if isinstance(node, TypeDefinitionNode | TypeExtensionNode) else None


def known_definitions(document: DocumentNode, known: SpecElements) -> Iterator[DefinitionNode]:
    """The definitions that belong to a spec."""
    return (one for one in document.definitions if known.owns(one))


def _is_lenient(subgraph: Subgraph, known: SpecElements, node: DirectiveDefinitionNode) -> bool:
    """Federation 1 let the field set directives be declared in many ways."""
    arguments = {one.name.value for one in node.arguments or ()}
    element = known.directives.get(node.name.value)
    return not subgraph.is_fed2 and element in _FED1_LENIENT and arguments <= {"fields"}


def _problems(node: DirectiveDefinitionNode, expected: DirectiveDefinitionNode) -> Iterator[str]:
    unknown = {one.value for one in node.locations} - {one.value for one in expected.locations}
    if unknown:
        yield f"its spec does not allow it on {', '.join(sorted(unknown))}."
    if node.repeatable and not expected.repeatable:
        yield "it must not be repeatable."
    own = {one.name.value: one for one in node.arguments or ()}
    specified = {one.name.value: one for one in expected.arguments or ()}
    for name in own.keys() - specified.keys():
        yield f'its spec has no argument "{name}".'
    for name, argument in specified.items():
        if name not in own:
            if isinstance(argument.type, NonNullTypeNode) and argument.default_value is None:
                yield f'missing required argument "{name}".'
        else:
            yield from _argument_problems(own[name], argument)


def _argument_problems(own: InputValueDefinitionNode, expected: InputValueDefinitionNode) -> Iterator[str]:
    if not _is_compatible(own.type, expected.type):
        wanted = print_ast(expected.type)
        yield f'argument "{own.name.value}" should have type "{wanted}" but found type "{print_ast(own.type)}".'
    default, wanted_default = (print_ast(one.default_value) if one.default_value else None for one in (own, expected))
    if default != wanted_default and not isinstance(own.type, NonNullTypeNode):
        yield f'argument "{own.name.value}" should have default value {wanted_default} but found {default}.'


def _is_compatible(own: TypeNode, expected: TypeNode) -> bool:
    """Same type; it may be non-null where the spec is not, and a built-in scalar where the spec has one of its own."""
    mine, wanted = print_ast(own), print_ast(expected)
    base, wanted_base = base_type(mine), base_type(wanted)
    if wanted_base not in BUILT_IN_SCALARS and base in BUILT_IN_SCALARS:
        told = f"{base}!" if f"{base}!" in mine and f"{wanted_base}!" not in wanted else base
        mine = mine.replace(told, wanted_base)
    return mine in {wanted, f"{wanted}!"}
