"""How large an operation may be: measured on its document, before anything expensive is done with it."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    OperationDefinitionNode,
    SelectionNode,
    SelectionSetNode,
)

from router.errors import LimitError
from router.request import Json
from router.settings import Limits, Mode
from router.telemetry.instruments import EXCEEDED
from router.telemetry.watch import count as count_event

log = logging.getLogger(__name__)

NESTING = 200
"""Selection sets within selection sets, fragments included, that are measured at all."""


@dataclass(frozen=True, slots=True)
class Size:
    """How large a selection set is: levels, fields, aliases, fields on the first level, and directives."""

    depth: int = 0
    height: int = 0
    aliases: int = 0
    root_fields: int = 0
    directives: int = 0

    def __add__(self, other: Size) -> Size:
        """Measure two selection sets that stand side by side."""
        return Size(
            max(self.depth, other.depth),
            self.height + other.height,
            self.aliases + other.aliases,
            self.root_fields + other.root_fields,
            self.directives + other.directives,
        )


@dataclass(frozen=True, slots=True)
class Excess:
    """A limit that an operation is over: refused, or only told of."""

    code: str
    limit: int
    enforced: bool

    def tell(self) -> None:
        """Count it, and log it where nobody else is told."""
        count_event(EXCEEDED, self.code, str(self.enforced).lower())
        if not self.enforced:
            log.warning("a limit is exceeded", extra={"code": self.code, "limit": self.limit})


def enforce(limits: Limits, document: DocumentNode, operation: OperationDefinitionNode) -> tuple[Excess, ...]:
    """Refuse an operation that is too large. The document may still be invalid: fragments unknown or in a cycle.

    Gives what is only to be told of. Raises: LimitError, with the code of the first limit exceeded.
    """
    size = measure(document, operation)
    found = []
    for code, what, value, limit in (
        ("MAX_TOKENS_LIMIT", "tokens", document.token_count, limits.max_tokens),
        ("MAX_DEPTH_LIMIT", "depth", size.depth, limits.max_depth),
        ("MAX_HEIGHT_LIMIT", "height (field count)", size.height, limits.max_height),
        ("MAX_ALIASES_LIMIT", "aliases", size.aliases, limits.max_aliases),
        ("MAX_ROOT_FIELDS_LIMIT", "root fields", size.root_fields, limits.max_root_fields),
        ("MAX_DIRECTIVES_LIMIT", "directives", size.directives, limits.max_directives),
    ):
        if value > limit and limits.mode is Mode.ENFORCE:
            raise LimitError(code, what, limit)
        if value > limit:
            found.append(Excess(code, limit, enforced=False))
    return tuple(found)


def enforce_on_variables(limits: Limits, values: Mapping[str, Json]) -> None:
    """Refuse values that are too many, or too deep. Raises: LimitError."""
    level: list[Json] = list(values.values())
    depth = count = 0
    while level:
        depth += 1
        count += len(level)
        _bound(limits, "MAX_VARIABLE_DEPTH_LIMIT", "depth of variables", depth, limits.max_variable_depth)
        _bound(limits, "MAX_VARIABLE_VALUES_LIMIT", "values in variables", count, limits.max_variable_values)
        level = [inner for one in level if isinstance(one, dict | list) for inner in _inner(one)]


def _inner(value: dict[str, Json] | list[Json]) -> Iterable[Json]:
    return value.values() if isinstance(value, dict) else value


def _bound(limits: Limits, code: str, what: str, value: int, limit: int) -> None:
    if value <= limit:
        return
    enforced = limits.mode is Mode.ENFORCE
    Excess(code, limit, enforced).tell()
    if enforced:
        raise LimitError(code, what, limit)


def measure(document: DocumentNode, operation: OperationDefinitionNode) -> Size:
    """Measure the operation with its fragments spread out, each fragment once.

    Raises: LimitError where selection sets are nested deeper than can be measured.
    """
    fragments = {one.name.value: one for one in document.definitions if isinstance(one, FragmentDefinitionNode)}
    size = _Ruler(fragments).selection_set(operation.selection_set, 0)
    return size + Size(directives=len(operation.directives or ()))


class _Ruler:
    """Measures selection sets and remembers each fragment's size; a fragment within itself adds nothing."""

    def __init__(self, fragments: Mapping[str, FragmentDefinitionNode]) -> None:
        self._fragments = fragments
        self._sizes: dict[str, Size] = {}

    def selection_set(self, node: SelectionSetNode | None, nesting: int) -> Size:
        if nesting > NESTING:
            raise LimitError("MAX_DEPTH_LIMIT", "depth", NESTING)
        size = Size()
        for selection in node.selections if node else ():
            size += self._selection(selection, nesting + 1)
        return size

    def _selection(self, node: SelectionNode, nesting: int) -> Size:
        if isinstance(node, FragmentSpreadNode):
            inner = self._fragment(node.name.value, nesting)
        else:
            inner = self.selection_set(node.selection_set, nesting)  # type: ignore[attr-defined]  # a field or inline fragment
        directives = inner.directives + len(node.directives or ())
        if not isinstance(node, FieldNode):
            return Size(inner.depth, inner.height, inner.aliases, inner.root_fields, directives)
        aliases = inner.aliases + (node.alias is not None)
        return Size(inner.depth + 1, inner.height + 1, aliases, 1, directives)

    def _fragment(self, name: str, nesting: int) -> Size:
        if name not in self._sizes and name in self._fragments:
            self._sizes[name] = Size()
            self._sizes[name] = self.selection_set(self._fragments[name].selection_set, nesting)
        return self._sizes.get(name, Size())
