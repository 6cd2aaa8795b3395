"""Response names for what only the plan asks for, so that they never clash with the client's."""

from __future__ import annotations

from collections import defaultdict

from router.operation.model import Operation
from router.operation.names import free_name
from schema.context import ContextArgument
from schema.query_graph.selection import Arguments, Field, SelectionSet

Asked = tuple[str, str]  # field name, arguments as text


class Names:
    """Chooses names by position, the response names from the root, with no regard to types: safe for all of them."""

    def __init__(self, operation: Operation) -> None:
        self._variables = frozenset(one.name for one in operation.variables)
        self._taken: dict[tuple[str, ...], dict[str, set[Asked]]] = defaultdict(lambda: defaultdict(set))
        self._internal: dict[Asked, str] = {}
        self._ambiguous: set[tuple[str, ...]] = set()
        self._collect((), operation.selections)
        self._everywhere = frozenset(name for uses in self._taken.values() for name in uses)
        for position, uses in self._taken.items():
            for name, asked in uses.items():
                if len(asked) > 1:
                    self._ambiguous.update((*position, name)[:end] for end in range(1, len(position) + 2))

    def __call__(self, position: tuple[str, ...], field: Field) -> str:
        """Name a field of a condition: its own name if the client asks just that under it, or nothing at all."""
        asked = _asked(field)
        uses = self._taken[position].get(field.name, set()) if position in self._taken else set()
        if uses == {asked} or (not uses and not field.arguments.text):
            return field.name
        return self._internal.setdefault(asked, free_name(f"__req_{len(self._internal)}", self._everywhere))

    def variable(self, argument: ContextArgument) -> str:
        """Name the variable that carries an argument from a context."""
        return free_name(argument.variable, self._variables)

    def is_ambiguous(self, position: tuple[str, ...]) -> bool:
        """Whether the client asks several things under one name, here or beneath: each for types of its own."""
        return position in self._ambiguous

    def _collect(self, position: tuple[str, ...], selections: SelectionSet) -> None:
        for one in selections:
            if isinstance(one, Field):
                self._taken[position][one.response_name].add(_asked(one))
                self._collect((*position, one.response_name), one.selections)
            else:
                self._collect(position, one.selections)


def _asked(field: Field) -> Asked:
    arguments: Arguments = field.arguments
    return field.name, arguments.text
