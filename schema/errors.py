"""Composition errors and hints as data; the codes are the field's own and never change."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Location:
    """A place in the SDL of a subgraph; line 0 when only the subgraph is known."""

    subgraph: str
    file: str = ""
    line: int = 0
    column: int = 0

    def __str__(self) -> str:
        place = self.file or "<sdl>"
        return f"{self.subgraph} {place}:{self.line}" if self.line else f"{self.subgraph} {place}"


@dataclass(frozen=True, slots=True)
class CompositionError:
    """Why there is no supergraph, where, and what would help.

    Shapes: coordinate of the element at the first location, `T.f(a:)`, as the subgraph writes it.
    """

    code: str
    message: str
    locations: tuple[Location, ...] = ()
    fix: str | None = None
    coordinate: str | None = None

    def render(self) -> str:
        """One line for people and CI; further places follow, indented."""
        first = str(self.locations[0]) if self.locations else "-"
        fix = f" {self.fix}" if self.fix else ""
        return f"{self.code} {first} {self.message}{fix}"


@dataclass(frozen=True, slots=True)
class Hint:
    """Something legal that may surprise."""

    code: str
    message: str
    locations: tuple[Location, ...] = ()

    @property
    def level(self) -> str:
        """WARN, INFO or DEBUG."""
        return HINTS[self.code]

    def render(self) -> str:
        first = str(self.locations[0]) if self.locations else "-"
        return f"{self.code} {first} {self.message}"


@dataclass(slots=True)
class Report:
    """Collects errors and hints while passes go on."""

    errors: list[CompositionError] = field(default_factory=list)
    hints: list[Hint] = field(default_factory=list)

    def error(self, code: str, message: str, locations: Iterable[Location] = (), fix: str | None = None) -> None:
        self.errors.append(CompositionError(code, message, tuple(locations), fix))

    def hint(self, code: str, message: str, locations: Iterable[Location] = ()) -> None:
        self.hints.append(Hint(code, message, tuple(locations)))


def subgraph_list(names: Sequence[str]) -> str:
    """`subgraph "a"`, `subgraphs "a" and "b"`, `subgraphs "a", "b" and "c"`."""
    quoted = [f'"{name}"' for name in names]
    if len(quoted) == 1:
        return f"subgraph {quoted[0]}"
    return f"subgraphs {', '.join(quoted[:-1])} and {quoted[-1]}"


HINTS = {
    "INCONSISTENT_BUT_COMPATIBLE_FIELD_TYPE": "INFO",
    "INCONSISTENT_BUT_COMPATIBLE_ARGUMENT_TYPE": "INFO",
    "INCONSISTENT_DEFAULT_VALUE_PRESENCE": "WARN",
    "INCONSISTENT_ENTITY": "INFO",
    "INCONSISTENT_OBJECT_VALUE_TYPE_FIELD": "DEBUG",
    "INCONSISTENT_INTERFACE_VALUE_TYPE_FIELD": "DEBUG",
    "INCONSISTENT_INPUT_OBJECT_FIELD": "WARN",
    "INCONSISTENT_UNION_MEMBER": "DEBUG",
    "INCONSISTENT_ENUM_VALUE_FOR_INPUT_ENUM": "WARN",
    "INCONSISTENT_ENUM_VALUE_FOR_OUTPUT_ENUM": "DEBUG",
    "INCONSISTENT_EXECUTABLE_DIRECTIVE_PRESENCE": "WARN",
    "NO_EXECUTABLE_DIRECTIVE_INTERSECTION": "WARN",
    "INCONSISTENT_EXECUTABLE_DIRECTIVE_REPEATABLE": "WARN",
    "INCONSISTENT_EXECUTABLE_DIRECTIVE_LOCATIONS": "WARN",
    "INCONSISTENT_DESCRIPTION": "WARN",
    "INCONSISTENT_ARGUMENT_PRESENCE": "WARN",
    "FROM_SUBGRAPH_DOES_NOT_EXIST": "WARN",
    "OVERRIDDEN_FIELD_CAN_BE_REMOVED": "INFO",
    "OVERRIDE_DIRECTIVE_CAN_BE_REMOVED": "INFO",
    "OVERRIDE_MIGRATION_IN_PROGRESS": "INFO",
    "UNUSED_ENUM_TYPE": "DEBUG",
    "INCONSISTENT_NON_REPEATABLE_DIRECTIVE_ARGUMENTS": "WARN",
    "MERGED_NON_REPEATABLE_DIRECTIVE_ARGUMENTS": "INFO",
    "DIRECTIVE_COMPOSITION_INFO": "INFO",
    "DIRECTIVE_COMPOSITION_WARN": "WARN",
    "INCONSISTENT_RUNTIME_TYPES_FOR_SHAREABLE_RETURN": "WARN",
    "IMPLICITLY_UPGRADED_FEDERATION_VERSION": "INFO",
    "CONTEXTUAL_ARGUMENT_NOT_CONTEXTUAL_IN_ALL_SUBGRAPHS": "INFO",
}
"""Every hint code with its level."""
