"""Reports what cannot be resolved, and what subgraphs would answer differently."""

from __future__ import annotations

from collections.abc import Iterable

from schema.compose.merge.context import Merge
from schema.compose.satisfiability.api_path import root_path, witness
from schema.compose.satisfiability.model import Question
from schema.compose.satisfiability.reasons import reasons
from schema.compose.satisfiability.runtime_types import RuntimeTypes
from schema.compose.satisfiability.walk import DeadEnd, Finding, State, TooManyPaths, Walk
from schema.errors import Location
from schema.query_graph.model import Node
from schema.supergraph import Supergraph

_TOO_MANY = (
    "Maximum number of validation subgraph paths exceeded: there are too many ways through these subgraphs to say "
    "whether each query can be resolved."
)
_MUTATION = (
    'Supergraph API queries using the mutation field "Mutation.{}" at top-level must be satisfiable without needing to '
    "call that field from multiple subgraphs, but every subgraph with that field encounters satisfiability errors. "
    "Please fix these satisfiability errors for (at least) one of the following subgraphs with the mutation field:"
)
_FIX = "Give the types a @key that can be resolved wherever they are returned, or resolve the field there too."


def check_satisfiability(merge: Merge, supergraph: Supergraph) -> None:
    """Report each step of a query that no subgraph can follow."""
    question = Question.of(merge, supergraph)
    runtime_types = RuntimeTypes(question)
    try:
        for name in question.graph.roots:
            if name == "Mutation":
                _check_mutation(question, runtime_types)
            elif name in question.api.type_map:
                _report(question, runtime_types, Walk(question).from_state(_start(question, name)))
    except TooManyPaths:
        merge.report.error("MAX_VALIDATION_SUBGRAPH_PATHS_EXCEEDED", _TOO_MANY)


def _start(question: Question, root: str, nodes: Iterable[Node] | None = None) -> State:
    return State(root_path(root), root, frozenset(nodes or question.graph.roots[root]), {}, frozenset())


def _report(question: Question, runtime_types: RuntimeTypes, findings: Iterable[Finding]) -> None:
    for finding in findings:
        match finding:
            case DeadEnd():
                message, where = _message(question, finding), _where(question, finding)
                question.merge.report.error("SATISFIABILITY_ERROR", message, where, _FIX)
            case _:
                runtime_types.check(finding)


def _message(question: Question, end: DeadEnd) -> str:
    lines = [
        "The following supergraph API query:",
        witness(end.path),
        "cannot be satisfied by the subgraphs because:",
        *reasons(question, end),
    ]
    return "\n".join(lines)


def _where(question: Question, end: DeadEnd) -> list[Location]:
    """Where the field is declared, and the type it was asked of."""
    name = end.path.field_name
    merge = question.merge
    declared = merge.declarations(end.state.type_name)
    fields = {subgraph: one.fields[name] for subgraph, one in declared.items() if name in one.fields} if name else {}
    return merge.locate(fields or declared)


def _check_mutation(question: Question, runtime_types: RuntimeTypes) -> None:
    """Each field is called in one subgraph; it is enough that one of those that have it can give all that is asked."""
    definition = question.api.mutation_type
    if definition is None:
        return
    for name in definition.fields:
        holders = [node for node in question.graph.roots["Mutation"] if name in question.graph.fields[node]]
        starts = [_start(question, "Mutation", [one]) for one in holders] or [_start(question, "Mutation")]
        attempts = [list(Walk(question).from_fields(one, [name])) for one in starts]
        if len(attempts) == 1:
            _report(question, runtime_types, attempts[0])
        elif all(any(isinstance(one, DeadEnd) for one in found) for found in attempts):
            subgraphs = [node.subgraph for node in holders]
            _report_mutation(question, name, dict(zip(subgraphs, map(_dead_ends, attempts), strict=True)))


def _dead_ends(findings: Iterable[Finding]) -> list[DeadEnd]:
    return [one for one in findings if isinstance(one, DeadEnd)]


def _report_mutation(question: Question, name: str, failed: dict[str, list[DeadEnd]]) -> None:
    coordinate = f"Mutation.{name}"
    lines = [_MUTATION.format(name)]
    for subgraph, ends in failed.items():
        lines.append(f'- When calling "{coordinate}" at top-level from subgraph "{subgraph}":')
        lines += (f"  {line}" for end in ends for line in _message(question, end).split("\n"))
    ends = [end for found in failed.values() for end in found]
    question.merge.report.error("SATISFIABILITY_ERROR", "\n".join(lines), _where(question, ends[0]), _FIX)
