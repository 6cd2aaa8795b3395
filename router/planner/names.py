"""Response names for what only the plan asks for, so that they never clash with the client's."""

from __future__ import annotations

from router.operation.model import Operation
from router.operation.names import free_name
from schema.context import ContextArgument
from schema.query_graph.selection import Arguments, Field, SelectionSet

Asked = tuple[str, str]  # field name, arguments as text


class Names:
    """Chooses names by position, the response names from the root, with no regard to types: safe for all of them."""

    def __init__(self, operation: Operation) -> None:
        self._variables = frozenset(one.name for one in operation.variables)
        self._taken: dict[tuple[str, ...], Asked] = {}
        self._internal: dict[Asked, str] = {}
        self._collect((), operation.selections)
        self._everywhere = frozenset(position[-1] for position in self._taken)

    def __call__(self, position: tuple[str, ...], field: Field) -> str:
        """Name a field of a condition: its own name if the client asks just that under it, or nothing at all."""
        asked = _asked(field)
        taken = self._taken.get((*position, field.name))
        if taken == asked or (taken is None and not field.arguments.text):
            return field.name
        return self._internal.setdefault(asked, free_name(f"__req_{len(self._internal)}", self._everywhere))

    def variable(self, argument: ContextArgument) -> str:
        """Name the variable that carries an argument from a context."""
        return free_name(argument.variable, self._variables)

    def _collect(self, position: tuple[str, ...], selections: SelectionSet) -> None:
        for one in selections:
            if isinstance(one, Field):
                self._taken[*position, one.response_name] = _asked(one)
                self._collect((*position, one.response_name), one.selections)
            else:
                self._collect(position, one.selections)


def _asked(field: Field) -> Asked:
    arguments: Arguments = field.arguments
    return field.name, arguments.text
