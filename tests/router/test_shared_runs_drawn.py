"""Generated: whether queries at once are shared or not, each client gets the same answer.

Federations and operations are those of `tests/drawn`, with demands on fields; callers differ in what they meet.
"""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass, field

from graphql import OperationType, get_operation_ast, parse

from router.fetch.in_process import InProcessSource
from router.headers.reads import Reads
from router.headers.rules import Rules
from router.json_text import encode_json
from router.pipeline import Router, answer
from router.planned import Planned
from router.request import GraphQLRequest, Identity, RequestContext
from router.settings import Limits
from router.settings.headers import HeaderSettings
from router.shared_runs import SharedRuns
from tests.drawn.campaign import new_seed
from tests.drawn.federation import DoesNotCompose, DrawnFederation, draw_federation
from tests.drawn.operations import draw_operation
from tests.federation import _Run
from tests.router.policies.guarded_sdl import draw_guards
from tests.router.policies.guards import draw_caller

FEDERATIONS = 40
SECONDS = 8.0  # a busy machine runs fewer
WIDE = Limits(max_aliases=100_000, max_height=100_000, max_directives=100_000)  # what is drawn may be large
HEADERS = HeaderSettings.model_validate({"all": {"request": [{"propagate": {"named": "x-a"}}]}})


@dataclass(frozen=True, slots=True)
class Sent:
    """What one client sends."""

    request: GraphQLRequest
    caller: Identity | None
    headers: dict[str, str] = field(default_factory=dict)


async def answered(federation: DrawnFederation, sent: Sequence[Sent], shared_runs: SharedRuns | None) -> list[bytes]:
    """Send all at once; what each answer says, and at the end the number of requests to subgraphs."""
    run = _Run(federation.subgraphs, federation.records(), ())
    source = InProcessSource(dict.fromkeys(federation.subgraphs, run.answer), rules=Rules(HEADERS))
    router = Router(federation.snapshot, source, WIDE, shared_runs=shared_runs)

    async def one(each: Sent) -> bytes:
        context = RequestContext(time.monotonic() + 60, each.caller, each.headers)
        body = (await answer(each.request, context, router)).to_json()
        errors = sorted(map(encode_json, body.pop("errors", ())))  # they come in the order in which subgraphs answer
        return encode_json(body) + b"".join(errors)

    bodies = await asyncio.gather(*map(one, sent))
    return [*bodies, b"%d" % len(run.asked)]


def draw_cases(seed: int) -> Iterator[tuple[DrawnFederation, list[Sent]]]:
    """Draw a federation that is guarded, and queries to it, several of them more than once."""
    rng = random.Random(seed)  # noqa: S311 - nothing is secret here
    plain = draw_federation(rng)
    try:
        plain.supergraph  # noqa: B018 - composes now
    except DoesNotCompose:  # which those who draw without directives are told
        return
    federation = DrawnFederation(draw_guards(rng, plain.sdl).sdl(), plain.data)
    queries = [one for one in (_draw_query(rng, federation) for _ in range(4)) if one is not None]
    callers = [draw_caller(rng) for _ in range(3)]
    headers: list[dict[str, str]] = [{}, {"x-a": "1"}, {"x-b": "1"}]
    if queries:
        yield federation, [Sent(rng.choice(queries), rng.choice(callers), rng.choice(headers)) for _ in range(30)]


def _draw_query(rng: random.Random, federation: DrawnFederation) -> GraphQLRequest | None:
    drawn = draw_operation(rng, federation.api_schema)
    operation = get_operation_ast(parse(drawn.text))
    if operation is None or operation.operation is not OperationType.QUERY:
        return None
    return GraphQLRequest(drawn.text, variables=drawn.variables)


def _sharing() -> SharedRuns:
    return SharedRuns(Reads(HEADERS), names_callers=False)


async def test_shared_or_not_each_client_gets_the_same_answer() -> None:
    end, first = time.monotonic() + SECONDS, new_seed()
    apart = together = 0
    for seed in range(first, first + FEDERATIONS):
        for federation, sent in draw_cases(seed):
            *expected, asked_apart = await answered(federation, sent, None)
            *bodies, asked_together = await answered(federation, sent, _sharing())
            assert bodies == expected, f"again by: draw_cases({seed})"
            apart, together = apart + int(asked_apart), together + int(asked_together)
        if time.monotonic() > end:
            break
    assert 0 < together < apart


class Blind(SharedRuns):
    """Takes no notice of values of variables, and of what authorisation leaves of an operation."""

    def _key(self, planned: Planned) -> Hashable:
        return planned.prepared


async def test_a_key_that_leaves_something_out_is_found() -> None:
    """The check itself."""
    for seed in range(20):
        for federation, sent in draw_cases(seed):
            *expected, _ = await answered(federation, sent, None)
            *bodies, _ = await answered(federation, sent, Blind(Reads(HEADERS), names_callers=False))
            if bodies != expected:
                return
    raise AssertionError("every answer was right")
