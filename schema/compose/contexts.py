"""`@fromContext` values: a context's name, and what is selected where it is set."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from schema.elements import Field, InputValue, TypeDefinition
from schema.subgraph import Subgraph

_VALUE = re.compile(r"\s*\$(?P<name>[A-Za-z_]\w*)(?P<selection>.*)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class ContextualArgument:
    """An argument that is filled from a context; its selection is kept as it is written."""

    argument: InputValue
    context: str
    selection: str


def is_contextual(argument: InputValue) -> bool:
    """The argument is filled by the router, not by clients."""
    return argument.has("fromContext")


def contextual_arguments(one: Field) -> Iterator[ContextualArgument]:
    """Read the contextual arguments of a field; those without a context are reported where contexts are validated."""
    for argument in one.arguments.values():
        for application in argument.applied("fromContext"):
            match = _VALUE.fullmatch(application.text("field"))
            if match is not None and match["selection"].strip():
                yield ContextualArgument(argument, match["name"], match["selection"])


def setters(subgraph: Subgraph, context: str) -> list[TypeDefinition]:
    """The types that set a context."""
    return [
        one
        for one in subgraph.types.values()
        if any(application.text("name") == context for application in one.applied("context"))
    ]
