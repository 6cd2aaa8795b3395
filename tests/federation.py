"""The test kit: a folder of SDL and data as a federation behind the real router, and as a monolith: docs/testing.md."""

from __future__ import annotations

import asyncio
import itertools
import json
import time
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property
from pathlib import Path

from graphql import GraphQLSchema, OperationDefinitionNode, parse

from router.compiled.programs import Programs
from router.fetch.in_process import InProcessSource
from router.fetch.subgraph_request import SubgraphRequest
from router.operation.normalize import normalize
from router.pipeline import Router
from router.pipeline import answer as answer_federated
from router.planner.model import QueryPlan
from router.planner.plan import plan
from router.planner.render import render
from router.request import GraphQLRequest, Json, RequestContext
from router.snapshot import Snapshot
from schema.api_schema import to_api_schema
from schema.compose.compose import compose
from schema.query_graph.build import build
from schema.query_graph.model import QueryGraph
from schema.subgraph import SubgraphSource
from tests import monolith
from tests.answers import Answer, Asked
from tests.fixture_subgraph import FixtureSubgraph
from tests.records import Records
from tests.subgraph_facts import Coordinate, SubgraphFacts, not_resolved, possible_types

DEADLINE = 600.0  # seconds; long, for a process that a busy machine starves
TURNS = 30  # of the event loop, more than the router needs to start what may run together
FIXTURES = Path(__file__).parent / "fixtures"

Body = Mapping[str, Json]
OnTheWay = Callable[[SubgraphRequest, Body], Body]
"""What becomes of a subgraph's response before the router sees it."""


def unchanged(_request: SubgraphRequest, body: Body) -> Body:
    return body


@dataclass(frozen=True, slots=True)
class FixtureQuery:
    """One operation of a fixture with the values of its variables."""

    name: str
    text: str
    variables: Mapping[str, Json] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True, slots=True)
class Expected:
    """What `fixture.json` says of one query. Shapes: counts by subgraph; one that is not named gets nothing."""

    requests: Mapping[str, int] | None = None
    representations: Mapping[str, int] | None = None
    together: frozenset[str] = frozenset()
    down: frozenset[str] = frozenset()
    labels: frozenset[str] = frozenset()


class Federation:
    """One fixture. `supergraph`, if given, replaces the composed one for the router; the monolith never changes."""

    def __init__(self, folder: Path, supergraph: str | None = None) -> None:
        self.folder = folder
        self.name = folder.relative_to(FIXTURES).as_posix()
        description = json.loads((folder / "fixture.json").read_text())
        self.rule: str = description["rule"]
        self.stated: Mapping[str, Json] = description.get("queries", {})
        self._replaced = supergraph

    def __str__(self) -> str:
        return self.name

    def with_supergraph(self, sdl: str) -> Federation:
        """Make the same federation with another supergraph before the router."""
        return Federation(self.folder, sdl)

    @cached_property
    def queries(self) -> tuple[FixtureQuery, ...]:
        return tuple(_read_query(path) for path in sorted((self.folder / "queries").glob("*.graphql")))

    @cached_property
    def sdl(self) -> dict[str, str]:
        return {path.stem: path.read_text() for path in sorted(self.folder.glob("*.graphql"))}

    @cached_property
    def supergraph(self) -> str:
        return self._replaced or _compose(self.folder)

    @cached_property
    def api_schema(self) -> GraphQLSchema:
        return to_api_schema(parse(_compose(self.folder)))

    @cached_property
    def subgraphs(self) -> dict[str, FixtureSubgraph]:
        return self._subgraphs_with(())

    def _subgraphs_with(self, labels: Collection[str]) -> dict[str, FixtureSubgraph]:
        """Make the subgraphs as they are while some override labels are active."""
        lost = not_resolved({name: SubgraphFacts.of(parse(sdl)) for name, sdl in self.sdl.items()}, labels)
        return {name: FixtureSubgraph(name, sdl, lost[name]) for name, sdl in self.sdl.items()}

    @cached_property
    def snapshot(self) -> Snapshot:
        return Snapshot.load(self.supergraph)

    @cached_property
    def _programs(self) -> Programs:
        return Programs(self.snapshot.supergraph, after=1)

    @cached_property
    def _possible_types(self) -> dict[str, frozenset[str]]:
        return possible_types([parse(sdl) for sdl in self.sdl.values()])

    def records(self) -> Records:
        """Read the data afresh: no run sees the mutations of another."""
        return Records(json.loads((self.folder / "data.json").read_text()), self._possible_types)

    def expected(self, query: FixtureQuery) -> Expected:
        """Read what is recorded of a query besides its answer."""
        stated = self.stated.get(query.name, {})
        return Expected(
            stated.get("requests"),
            stated.get("representations"),
            frozenset(stated.get("together", ())),
            frozenset(stated.get("down", ())),
            frozenset(stated.get("labels", ())),
        )

    def recorded_plan(self, query: FixtureQuery) -> str | None:
        """Read the plan that is the proof of the rule, where one is recorded."""
        path = self.folder / "plans" / f"{query.name}.txt"
        return path.read_text() if path.exists() else None

    def plan(self, query: FixtureQuery | str, labels: Collection[str] = ()) -> str:
        """Render the plan of an operation while some override labels are active."""
        return render(self.query_plan(query, labels))

    def query_plan(self, query: FixtureQuery | str, labels: Collection[str] = ()) -> QueryPlan:
        """Plan an operation while some override labels are active."""
        supergraph = self.snapshot.supergraph
        document = parse(query.text if isinstance(query, FixtureQuery) else query)
        definition = next(one for one in document.definitions if isinstance(one, OperationDefinitionNode))
        operation = normalize(document, definition, supergraph.api_schema)
        return plan(operation, supergraph, self._query_graph, labels=frozenset(labels))

    @cached_property
    def _query_graph(self) -> QueryGraph:
        return build(self.snapshot.supergraph)

    async def federated(  # noqa: PLR0913 - one for each thing that can be otherwise
        self,
        query: FixtureQuery | str,
        variables: Mapping[str, Json] | None = None,
        down: Collection[str] = (),
        labels: Collection[str] = (),
        *,
        compiled: bool = False,
        on_the_way: OnTheWay = unchanged,
        in_turn: bool = False,
    ) -> Answer:
        """Answer through the router; the subgraphs in `down` cannot be reached, override `labels` are active.

        The plan is interpreted, or becomes code before it first runs. Requests are answered sooner if others are under
        way, or all `in_turn`.
        """
        subgraphs = self._subgraphs_with(labels) if labels else self.subgraphs
        run = _Run(subgraphs, self.records(), down, on_the_way, in_turn=in_turn)
        source = InProcessSource(dict.fromkeys(self.subgraphs, run.answer))
        router = Router(snapshot=self.snapshot, source=source, programs=self._programs if compiled else None)
        context = RequestContext(deadline=time.monotonic() + DEADLINE, labels=frozenset(labels))
        response = await answer_federated(_request(query, variables), context, router)
        return Answer.of(response.to_json(), run.asked)

    async def monolith(
        self, query: FixtureQuery | str, variables: Mapping[str, Json] | None = None, down: Collection[str] = ()
    ) -> Answer:
        """Answer as one server that owns everything; what only the subgraphs in `down` resolve is null."""
        request = _request(query, variables)
        resolvable = {name: one.resolvable for name, one in self.subgraphs.items()}
        lost = [fields for name, fields in resolvable.items() if name in down]
        kept = [fields for name, fields in resolvable.items() if name not in down]
        without = frozenset[Coordinate]().union(*lost) - frozenset[Coordinate]().union(*kept)
        result = monolith.answer(self.api_schema, request.query or "", request.variables, self.records(), without)
        return Answer.of(result.formatted)


class _Run:
    """One operation's way through the subgraphs: the records they share, and what each was asked."""

    def __init__(
        self,
        subgraphs: Mapping[str, FixtureSubgraph],
        records: Records,
        down: Collection[str],
        on_the_way: OnTheWay = unchanged,
        *,
        in_turn: bool = False,
    ) -> None:
        self._subgraphs = subgraphs
        self._records = records
        self._down = down
        self._on_the_way = on_the_way
        self._in_turn = in_turn
        self._clock = itertools.count()
        self._under_way = 0
        self.asked: list[Asked] = []

    async def answer(self, request: SubgraphRequest) -> Body:
        """Answer one request, some turns of the event loop late, and later ones sooner.

        What may run together is so seen to overlap, and what has to come in order does not by chance.
        """
        start = next(self._clock)
        self._under_way += 1
        for _ in range(TURNS if self._in_turn else TURNS // self._under_way):
            await asyncio.sleep(0)
        name = request.subgraph
        try:
            if name in self._down:
                raise ConnectionError(f"Subgraph '{name}' is switched off.")
            variables = json.loads(json.dumps(request.variables))  # what a wire would carry
            body = self._subgraphs[name].answer(request.query, variables, self._records)
            return self._on_the_way(request, body)
        finally:
            self._under_way -= 1
            self.asked.append(Asked(name, request.query, request.variables, start, next(self._clock)))


@cache
def federation(name: str) -> Federation:
    """Load the fixture in a folder such as `requires/shipping`."""
    return Federation(FIXTURES / name)


@cache
def every_federation() -> tuple[Federation, ...]:
    """Load all fixtures."""
    return tuple(
        federation(path.parent.relative_to(FIXTURES).as_posix()) for path in sorted(FIXTURES.rglob("fixture.json"))
    )


@cache
def _compose(folder: Path) -> str:
    sources = [
        SubgraphSource(path.stem, f"http://{path.stem}", path.read_text(), path.name)
        for path in sorted(folder.glob("*.graphql"))
    ]
    composition = compose(sources)
    assert composition.supergraph_sdl is not None, [error.render() for error in composition.errors]
    return composition.supergraph_sdl


def _read_query(path: Path) -> FixtureQuery:
    values = path.with_suffix(".json")
    return FixtureQuery(path.stem, path.read_text(), json.loads(values.read_text()) if values.exists() else {})


def _request(query: FixtureQuery | str, variables: Mapping[str, Json] | None) -> GraphQLRequest:
    text, own = (query.text, query.variables) if isinstance(query, FixtureQuery) else (query, {})
    return GraphQLRequest(text, variables=own if variables is None else variables)
