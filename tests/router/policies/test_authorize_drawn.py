"""Generated: nothing that its caller may not have is asked of a subgraph, and the answer is the monolith's without it.

Federations are those of `tests/drawn`, with directives on fields, objects, enums and scalars, each stated in one of
the subgraphs. What is refused is found by a reading of the supergraph of its own; what may reach a subgraph by what
was drawn, before anything was composed.
"""

from __future__ import annotations

import json
import random
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from graphql import FieldNode, GraphQLSchema, TypeInfo, TypeInfoVisitor, Visitor, is_abstract_type, parse, visit

from router.compiled.programs import Programs
from router.fetch.in_process import InProcessSource
from router.operation.model import Operation
from router.operation.normalize import normalize
from router.pipeline import Router, answer
from router.prepared import choose_operation
from router.request import GraphQLRequest, Identity, Json, RequestContext, Response
from router.settings import Limits
from tests.answers import Answer, Asked
from tests.checks import differences
from tests.drawn.campaign import new_seed
from tests.drawn.federation import DoesNotCompose, DrawnFederation, draw_federation
from tests.drawn.operations import draw_operation
from tests.federation import _Run
from tests.router.policies.guarded_sdl import GuardedSdl, draw_guards
from tests.router.policies.guards import draw_caller
from tests.router.policies.reading import Refused, oracle, refused

FEDERATIONS = 60
OPERATIONS = 6  # of each federation
SECONDS = 20.0  # a busy machine runs fewer
WIDE = Limits(max_aliases=100_000, max_height=100_000, max_directives=100_000)  # what is drawn may be large


@dataclass(slots=True)
class Case:
    """A guarded federation, an operation and its caller."""

    guarded: GuardedSdl
    federation: DrawnFederation
    text: str
    variables: Mapping[str, Json]
    caller: Identity | None

    async def check(self) -> int:
        """Ask; the number of fields that were refused."""
        response, requests = await self._ask()
        by_code, also = await self._ask(Programs(self.federation.snapshot.supergraph, after=1))
        assert differences(_told(response, requests), _told(by_code, also)) == [], self._shown("code differs")
        for asked in requests:
            schema = self.federation.subgraphs[asked.subgraph].schema
            assert list(leaks(asked, self.guarded, schema, self.caller)) == [], self._shown(asked.query)
        without = self._refused()
        wanted = oracle(self.federation.api_schema, self.text, self.variables, self.federation.records(), without)
        messages = "\n".join(f"{one.path} {one.message}" for one in response.errors)
        assert Answer.of(response.to_json()).text == wanted.text, self._shown(messages)
        told = {one.path for one in response.errors if one.code == "UNAUTHORIZED_FIELD_OR_TYPE"}
        assert told == {one.path for one in without}, self._shown(messages)
        return len(without)

    async def _ask(self, programs: Programs | None = None) -> tuple[Response, list[Asked]]:
        run = _Run(self.federation.subgraphs, self.federation.records(), ())
        source = InProcessSource(dict.fromkeys(self.federation.subgraphs, run.answer))
        router = Router(self.federation.snapshot, source, WIDE, programs=programs)
        context = RequestContext(time.monotonic() + 60, self.caller)
        return await answer(GraphQLRequest(self.text, variables=self.variables), context, router), run.asked

    def _refused(self) -> list[Refused]:
        operation = self._operation()
        given = {one.name: json.loads(one.default) for one in operation.variables if one.default in ("true", "false")}
        schema = self.federation.snapshot.supergraph.schema
        return refused(operation, schema, self.caller, {**given, **self.variables})

    def _operation(self) -> Operation:
        document = parse(self.text)
        return normalize(document, choose_operation(document, None), self.federation.api_schema)

    def _shown(self, more: str) -> str:
        sdl = "\n".join(f"--- {name}\n{text}" for name, text in self.federation.sdl.items())
        return f"{sdl}\n--- {self.caller}\n{self.text}\n{json.dumps(dict(self.variables))}\n{more}"


def _told(response: Response, requests: Sequence[Asked]) -> Answer:
    return Answer.of(response.to_json(), requests)


def leaks(asked: Asked, guarded: GuardedSdl, schema: GraphQLSchema, caller: Identity | None) -> Iterator[str]:
    """Name the fields in a subgraph's request that the caller may not have, but for those that find entities."""
    info = TypeInfo(schema)
    found: list[str] = []

    class Reader(Visitor):
        def enter_field(self, node: FieldNode, *_: object) -> None:
            parent = info.get_parent_type()
            if parent is None or node.name.value.startswith("_"):
                return
            objects = schema.get_possible_types(parent) if is_abstract_type(parent) else [parent]
            asked_for = [(one.name, node.name.value) for one in objects]
            unmet = [at for at in asked_for if at not in guarded.keys and not guarded.demand(*at).opens_to(caller)]
            found.extend(map(".".join, unmet))

    visit(parse(asked.query), TypeInfoVisitor(info, Reader()))
    yield from found


def draw_cases(seed: int) -> Iterator[Case]:
    """Draw a federation, guard it, and draw operations and callers."""
    rng = random.Random(seed)  # noqa: S311 - nothing is secret here
    plain = draw_federation(rng)
    try:
        plain.supergraph  # noqa: B018 - composes now
    except DoesNotCompose:  # which those who draw without directives are told
        return
    guarded = draw_guards(rng, plain.sdl)
    federation = DrawnFederation(guarded.sdl(), plain.data)
    for _ in range(OPERATIONS):
        operation = draw_operation(rng, federation.api_schema)
        yield Case(guarded, federation, operation.text, operation.variables, draw_caller(rng))


async def test_nothing_refused_reaches_a_subgraph_and_the_rest_is_as_ever() -> None:
    seed, end, count = new_seed(), time.monotonic() + SECONDS, 0
    for each in range(seed, seed + FEDERATIONS):
        try:
            for case in draw_cases(each):
                count += await case.check()
        except BaseException as error:
            error.add_note(f"again by: draw_cases({each})")
            raise
        if time.monotonic() > end:
            break
    assert count > 0


async def test_what_is_not_cut_is_found() -> None:
    """The check itself: without the router's own cut, some case fails."""
    failures = 0
    for seed in range(20):
        for case in draw_cases(seed):
            bold = Case(case.guarded, case.federation, case.text, case.variables, Identity("t", "root", ALL, (), ALL))
            _, requests = await bold._ask()
            failures += any(
                list(leaks(asked, case.guarded, case.federation.subgraphs[asked.subgraph].schema, case.caller))
                for asked in requests
            )
        if failures:
            break
    assert failures


ALL = frozenset({"a", "b", "c", "p", "q"})
