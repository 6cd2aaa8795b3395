"""`@override`: which source of a field gives way to another. Source: composition, "`@override(from: F)`"."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from graphql.pyutils import did_you_mean, suggestion_list

from schema.compose.merge.context import Merge
from schema.elements import Application, Field, Kind, TypeDefinition
from schema.errors import Location

_ALL_PERCENT = 100
_LABEL = re.compile(r"[a-zA-Z][a-zA-Z0-9_\-:./]*")
_PERCENT = re.compile(r"percent\((\d{1,3})(\.\d{1,8})?\)")


@dataclass(slots=True)
class Overrides:
    """What the overrides of one field do to its sources, by subgraph."""

    removed: set[str] = field(default_factory=set)
    """Overridden and unused there: no `join__field`."""
    used: set[str] = field(default_factory=set)
    """Overridden, but still needed there."""
    labels: dict[str, str] = field(default_factory=dict)
    """Labels of both sides of a progressive override."""
    unknown: set[str] = field(default_factory=set)
    """Subgraphs that override from one that does not exist."""

    @property
    def overridden(self) -> set[str]:
        """Sources that no longer count as resolvers."""
        return self.removed | self.used


def apply_overrides(
    merge: Merge, parents: Mapping[str, TypeDefinition], sources: Mapping[str, Field], name: str
) -> Overrides:
    """Examine every `@override` of one field."""
    overrides = Overrides()
    for subgraph, source in sources.items():
        for application in source.applied("override"):
            _Override(merge, parents, sources, f"{parents[subgraph].name}.{name}", subgraph, application).examine(
                overrides
            )
    return overrides


@dataclass(frozen=True, slots=True)
class _Override:
    merge: Merge
    parents: Mapping[str, TypeDefinition]
    sources: Mapping[str, Field]
    coordinate: str
    subgraph: str
    application: Application

    @property
    def origin(self) -> str:
        return self.application.text("from")

    @property
    def _label(self) -> str | None:
        """The label, if it is one."""
        label = self.application.text("label")
        return label if is_label(label) else None

    def examine(self, overrides: Overrides) -> None:
        """Take the first row of the table that applies."""
        refusal = self._refusal()
        if refusal is not None:
            self.merge.report.error(*refusal, self._locations())
        elif self.origin not in self.merge.graphs:
            overrides.unknown.add(self.subgraph)
            near = did_you_mean(suggestion_list(self.origin, list(self.merge.graphs)))
            self._hint(
                "FROM_SUBGRAPH_DOES_NOT_EXIST",
                f'Source subgraph "{self.origin}" for field "{self.coordinate}" on subgraph "{self.subgraph}" '
                f"does not exist.{near}",
            )
        elif not self._has_origin():
            if self.origin in self.sources and self._label is not None:
                overrides.labels |= {self.subgraph: self._label, self.origin: self._label}
            self._hint(
                "OVERRIDE_DIRECTIVE_CAN_BE_REMOVED",
                f'Field "{self.coordinate}" on subgraph "{self.subgraph}" no longer exists in the from subgraph. '
                "The @override directive can be removed.",
            )
        else:
            self._override(overrides)

    def _refusal(self) -> tuple[str, str] | None:
        parent = self.parents[self.subgraph]
        where = f'field "{self.coordinate}" on subgraph "{self.subgraph}"'
        if parent.kind is Kind.INTERFACE:
            return (
                "OVERRIDE_ON_INTERFACE",
                f"@override cannot be used on {where}: @override is not supported on interface type fields.",
            )
        if parent.is_interface_object:
            return (
                "OVERRIDE_COLLISION_WITH_ANOTHER_DIRECTIVE",
                f"@override is not yet supported on fields of @interfaceObject types: cannot be used on {where}.",
            )
        if self.origin == self.subgraph:
            return (
                "OVERRIDE_FROM_SELF_ERROR",
                (
                    f'Source and destination subgraphs "{self.origin}" are the same for overridden field '
                    f'"{self.coordinate}"'
                ),
            )
        return self._refusal_by_origin(where)

    def _refusal_by_origin(self, where: str) -> tuple[str, str] | None:
        origin = self.sources.get(self.origin)
        if origin is None:
            return self._refusal_of_stand_in(where)
        if origin.has("override"):
            return (
                "OVERRIDE_SOURCE_HAS_OVERRIDE",
                (
                    f'Field "{self.coordinate}" on subgraph "{self.subgraph}" is also marked with directive @override '
                    f'in subgraph "{self.origin}". Only one @override directive is allowed per field.'
                ),
            )
        clash = next((one for one in ("requires", "provides") if origin.has(one)), None)
        if clash is None and self._is_external(self.subgraph):
            clash = "external"
        if clash is not None:
            return (
                "OVERRIDE_COLLISION_WITH_ANOTHER_DIRECTIVE",
                f'@override cannot be used on {where} since "{self.coordinate}" is marked with directive "@{clash}".',
            )
        return None

    def _refusal_of_stand_in(self, where: str) -> tuple[str, str] | None:
        """The origin has the field only through an interface object."""
        if self.origin not in self.merge.graphs:
            return None
        types = self.merge.subgraph(self.origin).types
        for interface in self.parents[self.subgraph].interfaces:
            declared = types.get(interface)
            if declared and declared.is_interface_object and self.sources[self.subgraph].name in declared.fields:
                return (
                    "OVERRIDE_COLLISION_WITH_ANOTHER_DIRECTIVE",
                    (
                        f'Invalid @override on {where}: source subgraph "{self.origin}" has it only for the whole '
                        f'interface "{interface}", as an @interfaceObject, which cannot be overridden.'
                    ),
                )
        return None

    def _check_label(self) -> None:
        label = self.application.arguments.get("label")
        if label is None or is_label(str(label)):
            return
        message = (
            f'Invalid @override label "{label}" on field "{self.coordinate}" on subgraph "{self.subgraph}": '
            "labels must start with a letter and after that may contain alphanumerics, underscores, minuses, "
            'colons, periods, or slashes. Alternatively, labels may be of the form "percent(x)" where x is a '
            "float between 0-100 inclusive."
        )
        self.merge.report.error("OVERRIDE_LABEL_INVALID", message, self._locations())

    def _has_origin(self) -> bool:
        return self.origin in self.sources and not self._is_external(self.origin)

    def _is_external(self, subgraph: str) -> bool:
        source = self.sources[subgraph]
        return self.merge.facts[subgraph].is_external(self.parents[subgraph].name, source.name)

    def _override(self, overrides: Overrides) -> None:
        parent, name = self.parents[self.origin].name, self.sources[self.origin].name
        is_used = (parent, name) in self.merge.facts[self.origin].used
        self._check_label()
        label = self._label
        (overrides.used if is_used else overrides.removed).add(self.origin)
        if label is not None:
            overrides.labels |= {self.subgraph: label, self.origin: label}
            self._hint(
                "OVERRIDE_MIGRATION_IN_PROGRESS",
                f'Field "{self.coordinate}" is currently being migrated with progressive @override. Once the '
                f'migration is complete, remove the field from subgraph "{self.origin}".',
            )
            return
        advice = (
            "It is still used in some federation directive(s) and/or to satisfy interface requirement(s): "
            "consider marking it @external explicitly or removing it with its references."
            if is_used
            else "Consider removing it."
        )
        self._hint(
            "OVERRIDDEN_FIELD_CAN_BE_REMOVED",
            f'Field "{self.coordinate}" on subgraph "{self.origin}" is overridden. {advice}',
        )

    def _hint(self, code: str, message: str) -> None:
        self.merge.report.hint(code, message, self._locations())

    def _locations(self) -> list[Location]:
        return self.merge.locate({self.subgraph: self.sources[self.subgraph]})


def is_label(label: str) -> bool:
    """A label is a name, or `percent(x)` with x from 0 to 100."""
    percent = _PERCENT.fullmatch(label)
    if percent is not None:
        return float(percent[1] + (percent[2] or "")) <= _ALL_PERCENT
    return _LABEL.fullmatch(label) is not None
