"""What a caller may not have is cut from the operation before it is planned: no subgraph ever sees it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from cachetools import LRUCache

from router.operation.model import Operation
from router.policies.requirements import Kind, Requirement, Requirements
from router.request import GraphQLError, Identity, Json
from schema.query_graph.selection import Condition, Field, InlineFragment, Selection, SelectionSet

AuthView = frozenset[Requirement]
"""The requirements in an operation that its caller does not meet. One cut, and one plan, serves all who share it."""

EACH = "@"
"""In the path of a refusal: every item of a list."""

_VIEWS = 16


@dataclass(frozen=True, slots=True)
class Refusal:
    """One field the caller may not have: null on every object that fits `parent_type`, whatever is known of it.

    Shapes: path of response names, `@` for each level of a list. `unmet` are the requirements that refuse it.
    """

    path: tuple[str, ...]
    parent_type: str
    conditions: tuple[Condition, ...] = ()
    field_name: str = field(default="", compare=False)
    unmet: frozenset[Requirement] = field(default=frozenset(), compare=False)

    def to_error(self, client_names: Mapping[str, str]) -> GraphQLError:
        """Tell the client, once for all items of a list, in the client's own names."""
        path = tuple(client_names.get(step, step) for step in self.path)
        return GraphQLError("Unauthorized field or type", "UNAUTHORIZED_FIELD_OR_TYPE", path)

    def applies(self, variables: Mapping[str, Json]) -> bool:
        """Whether the client asks for the field at all, by these values of its variables."""
        return all(variables.get(one.variable) is one.wanted for one in self.conditions)


class Verdict(NamedTuple):
    """What may run for one caller: `operation` is what is planned, `refusals` is what is missing from it."""

    operation: Operation
    auth_view: AuthView = frozenset()
    refusals: tuple[Refusal, ...] = ()


@dataclass(frozen=True, slots=True)
class Guards:
    """The requirements that stand in one operation, found once when it is prepared."""

    operation: Operation
    requirements: Requirements
    demanded: frozenset[Requirement]
    _verdicts: LRUCache[AuthView, Verdict] = field(default_factory=lambda: LRUCache(_VIEWS), compare=False)

    @classmethod
    def of(cls, operation: Operation, requirements: Requirements) -> Guards:
        if not requirements.any:
            return cls(operation, requirements, frozenset())
        demanded = _demanded(operation.selections, operation.root_type, requirements)
        return cls(operation, requirements, frozenset(demanded))

    def undecided(self, identity: Identity | None) -> frozenset[str]:
        """Name the policies that the verdict on this caller still depends on."""
        held = identity.policies if identity else frozenset[str]()
        unmet = [one for one in self.demanded if one.kind is Kind.POLICIES and not one.is_met_by(identity)]
        return frozenset(name for one in unmet for names in one.alternatives for name in names) - held

    def verdict(self, identity: Identity | None, policies: frozenset[str] = frozenset()) -> Verdict:
        """Judge the operation for this caller, to whom policies were granted."""
        return self.without(frozenset(one for one in self.demanded if not one.is_met_by(identity, policies)))

    def without(self, view: AuthView) -> Verdict:
        """Judge the operation for whoever does not meet these requirements."""
        if not view:
            return Verdict(self.operation)
        if view not in self._verdicts:
            self._verdicts[view] = cut(self.operation, self.requirements, view)
        return self._verdicts[view]


def cut(operation: Operation, requirements: Requirements, view: AuthView) -> Verdict:
    """Take from the operation every field that stands under an unmet requirement."""
    cutter = _Cutter(requirements, view)
    selections = cutter.selection_set(operation.selections, operation.root_type, (), ())
    return Verdict(replace(operation, selections=selections), view, tuple(dict.fromkeys(cutter.refusals)))


def _demanded(selections: SelectionSet, parent: str, requirements: Requirements) -> Iterator[Requirement]:
    for one in selections:
        if isinstance(one, InlineFragment):
            yield from _demanded(one.selections, one.type_condition or parent, requirements)
        elif not one.name.startswith("__"):
            yield from requirements.of_field(parent, one.name)
            yield from _demanded(one.selections, requirements.type_of(parent, one.name), requirements)


class _Cutter:
    """Walks an operation once; collects what it takes away."""

    def __init__(self, requirements: Requirements, view: AuthView) -> None:
        self._requirements = requirements
        self._view = view
        self.refusals: list[Refusal] = []

    def selection_set(
        self, selections: SelectionSet, parent: str, path: tuple[str, ...], conditions: tuple[Condition, ...]
    ) -> SelectionSet:
        """Keep what is allowed; never nothing: an object of which all is refused is still an object."""
        kept = tuple(one for one in (self._selection(one, parent, path, conditions) for one in selections) if one)
        return kept or (Field("__typename", "__typename"),)

    def _selection(
        self, selection: Selection, parent: str, path: tuple[str, ...], conditions: tuple[Condition, ...]
    ) -> Selection | None:
        conditions += selection.conditions
        if isinstance(selection, InlineFragment):
            inner = self.selection_set(selection.selections, selection.type_condition or parent, path, conditions)
            return replace(selection, selections=inner)
        if selection.name.startswith("__"):
            return selection
        path += (selection.response_name,)
        unmet = self._requirements.of_field(parent, selection.name) & self._view
        if unmet:
            self.refusals.append(Refusal(path, parent, conditions, selection.name, unmet))
            return None
        if not selection.selections:
            return selection
        path += (EACH,) * self._requirements.list_depth(parent, selection.name)
        child = self._requirements.type_of(parent, selection.name)
        return replace(selection, selections=self.selection_set(selection.selections, child, path, conditions))
