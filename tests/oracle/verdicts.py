"""What a composer says of a case, and how two of them agree."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from graphql import GraphQLSchema, build_schema, lexicographic_sort_schema, parse, print_schema

from schema.api_schema import to_api_schema
from schema.compose import compose
from schema.subgraph import SubgraphSource
from tests.oracle.cases import Case

THROWN = "THROWN"
"""Stands for the verdict of a composer that broke."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """Codes of errors, or an API schema in the order of names; hints either way."""

    codes: frozenset[str]
    hints: frozenset[str]
    api_schema: str | None
    messages: tuple[str, ...]

    @property
    def composes(self) -> bool:
        return not self.codes

    @property
    def thrown(self) -> bool:
        return THROWN in self.codes


def own_verdict(case: Case) -> Verdict:
    """Compose with Fedra."""
    composition = compose([SubgraphSource(name, f"http://{name}", sdl) for name, sdl in case.sdl.items()])
    api = None
    if composition.supergraph_sdl is not None:
        api = _in_order(to_api_schema(parse(composition.supergraph_sdl)))
    return Verdict(
        frozenset(one.code for one in composition.errors),
        frozenset(one.code for one in composition.hints),
        api,
        tuple(one.render() for one in composition.errors),
    )


def verdict_of(answer: Mapping[str, Any]) -> Verdict:
    """Read what a program told of a case."""
    errors = answer["errors"]
    return Verdict(
        frozenset(one["code"] for one in errors),
        frozenset(answer["hints"]),
        None if answer["api"] is None else _read(answer["api"]),
        tuple(f"{one['code']} {one['message']}" for one in errors),
    )


@cache
def _read(api_schema: str) -> str:
    """Print what can be built: a composer may tell a schema that is not valid."""
    try:
        return _in_order(build_schema(api_schema, assume_valid=True))
    except TypeError as error:
        return f"{error}\n{api_schema}"


def _in_order(schema: GraphQLSchema) -> str:
    """Print a schema sorted by names, without what Apollo's composer leaves out: `@oneOf`."""
    return print_schema(lexicographic_sort_schema(schema)).replace(" @oneOf {", " {")


@dataclass(frozen=True, slots=True)
class Difference:
    """Where another composer says something else. `kind` groups what differs alike."""

    case: Case
    kind: str
    own: Verdict
    other: Verdict


@dataclass(frozen=True, slots=True)
class Agreement:
    """How far another composer says the same. Units: counts of cases."""

    cases: int
    verdicts: int
    failing: int  # by both
    codes: int
    composing: int  # by both
    api_schemas: int
    hints: int
    thrown: int  # the other composer broke: no verdict, and none of the other cases
    differences: Sequence[Difference]

    @property
    def shares(self) -> tuple[float, float, float]:
        """Verdicts of all, codes of the failing, API schemas of the composing. Units: percent."""
        return (
            _percent(self.verdicts, self.cases),
            _percent(self.codes, self.failing),
            _percent(self.api_schemas, self.composing),
        )


def _percent(part: int, whole: int) -> float:
    return 100.0 * part / whole if whole else 100.0


def compare(cases: Sequence[Case], own: Sequence[Verdict], other: Sequence[Verdict]) -> Agreement:
    """Hold another composer's verdicts against ours."""
    all_rows = list(zip(cases, own, other, strict=True))
    rows = [row for row in all_rows if not row[2].thrown]
    failing = [(a, b) for _, a, b in rows if not a.composes and not b.composes]
    composing = [(a, b) for _, a, b in rows if a.composes and b.composes]
    differences = [Difference(case, kind, a, b) for case, a, b in rows if (kind := _kind(a, b)) is not None]
    return Agreement(
        cases=len(rows),
        verdicts=len(failing) + len(composing),
        failing=len(failing),
        codes=sum(a.codes == b.codes for a, b in failing),
        composing=len(composing),
        api_schemas=sum(a.api_schema == b.api_schema for a, b in composing),
        hints=sum(a.hints == b.hints for a, b in composing),
        thrown=len(all_rows) - len(rows),
        differences=differences,
    )


def _kind(own: Verdict, other: Verdict) -> str | None:
    if own.codes != other.codes:
        fewer, more = sorted(other.codes - own.codes), sorted(own.codes - other.codes)
        return "; ".join(
            part
            for part in (f"not ours: {', '.join(fewer)}" * bool(fewer), f"ours: {', '.join(more)}" * bool(more))
            if part
        )
    return "API schema" if own.api_schema != other.api_schema else None


def by_kind(differences: Sequence[Difference]) -> list[tuple[str, list[Difference]]]:
    """Group the differences, the most frequent first."""
    counted = Counter(one.kind for one in differences)
    return [(kind, [one for one in differences if one.kind == kind]) for kind, _ in counted.most_common()]
