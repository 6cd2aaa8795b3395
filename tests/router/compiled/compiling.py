"""Plans of fixtures as code."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from dataclasses import dataclass

import pytest
from graphql import OperationDefinitionNode, parse

from router.compiled import program
from router.compiled.names import Names
from router.compiled.program import Program, compile_plan
from router.execution.shapes import Shape, shape_of
from router.operation.normalize import normalize
from router.operation.variables import coerce_variables
from router.planner.model import QueryPlan
from schema.supergraph import Supergraph
from tests.federation import Federation, FixtureQuery


@dataclass(frozen=True, slots=True)
class Compilable:
    """What code is made of."""

    plan: QueryPlan
    shape: Shape
    supergraph: Supergraph

    @classmethod
    def of(cls, federation: Federation, query: FixtureQuery | str) -> Compilable:
        """Prepare and plan an operation as the router does."""
        supergraph = federation.snapshot.supergraph
        text, values = (query, {}) if isinstance(query, str) else (query.text, query.variables)
        document = parse(text)
        definition = next(one for one in document.definitions if isinstance(one, OperationDefinitionNode))
        operation = normalize(document, definition, supergraph.api_schema)
        variables = coerce_variables(operation, values, supergraph.api_schema)
        labels = () if isinstance(query, str) else federation.expected(query).labels
        shape = shape_of(operation, variables, supergraph.api_schema)
        return cls(federation.query_plan(query, labels), shape, supergraph)

    def compile(self) -> Program:
        """Make code of it. Raises: Uncompilable."""
        return compile_plan(self.plan, self.shape, self.supergraph)

    def written(self, monkeypatch: pytest.MonkeyPatch) -> ast.Module:
        """Give the code itself."""
        written: list[ast.stmt] = []
        load = program._load

        def keep(functions: Sequence[ast.stmt], names: Names) -> dict[str, object]:
            written.extend(functions)
            return load(functions, names)

        with monkeypatch.context() as patch:
            patch.setattr(program, "_load", keep)
            self.compile()
        return ast.fix_missing_locations(ast.Module(written, []))
