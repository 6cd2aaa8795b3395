"""What a shared field of an abstract type returns: the subgraphs that resolve it should not differ."""

from __future__ import annotations

from schema.compose.satisfiability.api_path import witness
from schema.compose.satisfiability.model import Question
from schema.compose.satisfiability.walk import SharedReturn
from schema.errors import Location


class RuntimeTypes:
    """Checks each shared return; one field is told of once."""

    def __init__(self, question: Question) -> None:
        self._question = question
        self._hinted: set[str] = set()

    def check(self, found: SharedReturn) -> None:
        """Report subgraphs that return nothing in common; hint when they return not quite the same."""
        name = str(found.path.field_name)
        if not self._is_shared(found.state.type_name, name):
            return
        returned = _by_subgraph(found)
        if len(set(returned.values())) <= 1:
            return
        coordinate = f"{found.state.type_name}.{name}"
        if not frozenset.intersection(*returned.values()):
            self._report(found, coordinate, returned)
        elif coordinate not in self._hinted:
            self._hinted.add(coordinate)
            self._hint(found, coordinate, returned)

    def _is_shared(self, type_name: str, name: str) -> bool:
        declared = (self._question.declared(subgraph, type_name, name) for subgraph in self._question.views)
        return sum(one is not None and one.is_resolvable for one in declared) > 1

    def _report(self, found: SharedReturn, coordinate: str, returned: dict[str, frozenset[str]]) -> None:
        message = (
            "For the following supergraph API query:\n"
            f"{witness(found.path)}\n"
            f'Shared field "{coordinate}" return type "{found.path.type_name}" has a non-intersecting set of possible '
            f"runtime types across subgraphs. Runtime types in subgraphs are:\n{_list(returned)}\n"
            "This is not allowed as shared fields must resolve the same way in all subgraphs, and that implies at "
            "least some common runtime types between the subgraphs."
        )
        where = self._where(found)
        self._question.merge.report.error("SHAREABLE_HAS_MISMATCHED_RUNTIME_TYPES", message, where)

    def _hint(self, found: SharedReturn, coordinate: str, returned: dict[str, frozenset[str]]) -> None:
        message = (
            "For the following supergraph API query:\n"
            f"{witness(found.path)}\n"
            f'Shared field "{coordinate}" return type "{found.path.type_name}" has different sets of possible runtime '
            f"types across subgraphs. Runtime types in subgraphs are:\n{_list(returned)}\n"
            f'Make sure that "{coordinate}" only resolves to objects of the types that all of them know.'
        )
        self._question.merge.report.hint("INCONSISTENT_RUNTIME_TYPES_FOR_SHAREABLE_RETURN", message, self._where(found))

    def _where(self, found: SharedReturn) -> list[Location]:
        merge, name = self._question.merge, str(found.path.field_name)
        declared = merge.declarations(found.state.type_name)
        return merge.locate({subgraph: one.fields[name] for subgraph, one in declared.items() if name in one.fields})


def _by_subgraph(found: SharedReturn) -> dict[str, frozenset[str]]:
    """Shapes: subgraph → runtime types; an interface object stands for whatever there is, so it says nothing."""
    nodes = sorted(found.nodes, key=lambda one: one.subgraph)
    return {one.subgraph: one.possible_types for one in nodes if not one.is_interface_object}


def _list(returned: dict[str, frozenset[str]]) -> str:
    lines = []
    for subgraph, types in returned.items():
        names = ", ".join(f'"{name}"' for name in sorted(types))
        lines.append(f'- in subgraph "{subgraph}", {"types" if len(types) > 1 else "type"} {names};')
    return "\n".join([*lines[:-1], lines[-1][:-1] + "."])
