"""The rules of GraphQL itself, for one subgraph. Source: GraphQL, "Type System"."""

from __future__ import annotations

import re
from collections.abc import Iterator

from graphql import (
    DirectiveNode,
    DocumentNode,
    GraphQLDirective,
    GraphQLError,
    Undefined,
    build_ast_schema,
    specified_directives,
    value_from_ast,
)
from graphql.validation.validate import validate_sdl

from schema.compose.read.document import complete_document
from schema.compose.read.elements import kind_of
from schema.compose.read.spec_elements import SpecElements
from schema.elements import Application, Kind, TypeDefinition, base_type
from schema.errors import Report
from schema.federation import FEDERATION, FEDERATION_DIRECTIVES
from schema.subgraph import Subgraph
from schema.validity import schema_errors

_UNKNOWN_DIRECTIVE = re.compile(r"Unknown directive '@(\w+)'\.")
_OUTPUT_KINDS = (Kind.OBJECT, Kind.INTERFACE, Kind.UNION)
_FIELD_SET_DIRECTIVES = frozenset({"key", "requires", "provides"})


def check_graphql(subgraph: Subgraph, known: SpecElements, report: Report) -> None:
    """Report every way in which the subgraph is not a GraphQL schema."""
    for definition in subgraph.types.values():
        _check_blocks(subgraph, definition, report)
    document = complete_document(subgraph, known)
    for error in _errors(subgraph, document):
        locations = [subgraph.locate(node) for node in error.nodes or ()]
        fix = _help(subgraph, error.message)
        report.error("INVALID_GRAPHQL", f"[{subgraph.name}] {error.message}", locations, fix)


def _check_blocks(subgraph: Subgraph, definition: TypeDefinition, report: Report) -> None:
    places = [subgraph.locate(block.node) for block in definition.blocks]
    if len({kind_of(block.node) for block in definition.blocks}) > 1:
        message = f"[{subgraph.name}] Cannot extend type '{definition.name}' as another kind of type."
        report.error("INVALID_GRAPHQL", message, places)


def _errors(subgraph: Subgraph, document: DocumentNode) -> Iterator[GraphQLError]:
    errors = [*validate_sdl(document), *_absent_query(subgraph)]
    if errors:
        yield from errors
        return
    errors = list(_outputs_as_inputs(subgraph))
    if errors:  # what reads default values cannot be asked then
        yield from errors
        return
    schema = build_ast_schema(document, assume_valid_sdl=True)
    yield from schema_errors(schema)
    definitions = {one.name: one for one in (*specified_directives, *schema.directives)}
    for application in subgraph.applications():
        yield from _wrong_values(application, definitions[application.name])


def _absent_query(subgraph: Subgraph) -> Iterator[GraphQLError]:
    """The query root that a subgraph gets for `_service` is not there for fields of its own."""
    if not subgraph.types["Query"].blocks:
        for _, field in subgraph.fields():
            if base_type(field.type) == "Query":
                yield GraphQLError("Unknown type 'Query'.", field.node)


def _outputs_as_inputs(subgraph: Subgraph) -> Iterator[GraphQLError]:
    """Arguments and input fields must be of types that clients can give."""
    for definition in subgraph.types.values():
        taken = {f"{definition.name}.{name}": one for name, one in definition.input_fields.items()}
        for field in definition.fields.values():
            taken |= {f"{definition.name}.{field.name}({name}:)": one for name, one in field.arguments.items()}
        for coordinate, one in taken.items():
            target = subgraph.types.get(base_type(one.type))
            if target is not None and target.kind in _OUTPUT_KINDS:
                yield GraphQLError(f"The type of {coordinate} must be Input Type but got: {one.type}.", one.node)


def _wrong_values(application: Application, definition: GraphQLDirective) -> Iterator[GraphQLError]:
    """Values given to directives must be of the types these declare; field sets have rules of their own."""
    arguments = application.node.arguments if isinstance(application.node, DirectiveNode) else ()
    for one in arguments or ():
        if one.name.value == "fields" and application.element in _FIELD_SET_DIRECTIVES:
            continue
        argument = definition.args[one.name.value]
        if value_from_ast(one.value, argument.type) is Undefined:
            message = f"Invalid value for argument '@{definition.name}({one.name.value}:)' of type {argument.type}."
            yield GraphQLError(message, one)


def _help(subgraph: Subgraph, message: str) -> str | None:
    """What would make an unknown directive known."""
    match = _UNKNOWN_DIRECTIVE.match(message)
    if match is None or not any(one.name == match[1] for one in FEDERATION_DIRECTIVES):
        return None
    name = match[1]
    if not subgraph.is_fed2:
        return f'If you meant the "@{name}" federation 2 directive, link "{FEDERATION}/v2.x" with @link first.'
    spelled = subgraph.federation_link.directive_name(name)
    return f'If you meant the "@{name}" federation directive, use "@{spelled}" or import it in @link.'
