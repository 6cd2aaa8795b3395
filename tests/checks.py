"""What a fixture states, checked: the answer is the monolith's, and subgraphs are asked no more than is recorded."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator

from router.planner.plan import PlanError
from router.request import Json
from tests.answers import Answer, Asked, overlap
from tests.federation import Federation, FixtureQuery

Answering = Callable[..., Awaitable[Answer]]
UNREACHABLE = "SUBREQUEST_HTTP_ERROR"


async def violations(federation: Federation, query: FixtureQuery, *, compiled: bool = False) -> list[str]:
    """List what is not as the fixture states it."""
    expected = federation.expected(query)
    answer = await federation.federated(query, down=expected.down, labels=expected.labels, compiled=compiled)
    oracle = await federation.monolith(query, down=expected.down)
    found = list(_unlike(answer, oracle) if not expected.down else _unlike_partial(answer, oracle))
    counts = (
        ("requests", expected.requests, Counter(one.subgraph for one in answer.asked)),
        ("representations", expected.representations, _representations(answer)),
    )
    found += [
        f"{what}: {dict(actual)}, expected {wanted}"
        for what, wanted, actual in counts
        if wanted is not None and wanted != actual
    ]
    together = [one for one in answer.asked if one.subgraph in expected.together]
    if expected.together and (len(together) < len(expected.together) or not overlap(together)):
        found.append(f"not at the same time: {sorted(expected.together)}")
    recorded = federation.recorded_plan(query)
    if recorded is not None and (actual := _plan(federation, query)) != recorded:
        found.append(f"another plan:\n{actual}")
    return found


async def differences_of(answering: Answering) -> list[str]:
    """List what is not the same for both engines, whatever subgraphs answer.

    Where they contradict each other so that it matters to the interpreter itself who answers first, nothing is: it
    sees all that came until then, and code only what a fetch comes after.
    """
    interpreted, compiled = await answering(compiled=False), await answering(compiled=True)
    found = differences(interpreted, compiled)
    if found and differences(interpreted, await answering(compiled=False, in_turn=True)):
        return []
    return found


def differences(interpreted: Answer, compiled: Answer) -> list[str]:
    """List what is not the same where a plan is interpreted and where it is code: what is answered, what is asked."""
    found = []
    if interpreted.body != compiled.body:
        found.append(f"the client gets of code {compiled.body}\nof the interpreter {interpreted.body}")
    asked, other = Counter(map(_request, compiled.asked)), Counter(map(_request, interpreted.asked))
    if asked != other:
        found.append(f"only code asks {sorted(asked - other)}\nonly the interpreter {sorted(other - asked)}")
    return found


def _request(asked: Asked) -> str:
    """Print a request; the order of representations does not matter."""
    variables = {
        name: sorted(map(_json, value)) if name.startswith("representations") else value
        for name, value in asked.variables.items()
    }
    return f"{asked.subgraph} {asked.query} {_json(variables)}"


def _json(value: Json) -> str:
    return json.dumps(value, sort_keys=True)


def _plan(federation: Federation, query: FixtureQuery) -> str:
    try:
        return federation.plan(query).rstrip() + "\n"
    except PlanError as error:
        return f"{error}\n"


def _unlike(answer: Answer, oracle: Answer) -> Iterator[str]:
    if answer.text != oracle.text:
        yield f"answer {answer.text}\nexpected {oracle.text}\n{answer.messages}"
    if answer.errors != oracle.errors:
        yield f"errors at {answer.errors}, expected {oracle.errors}\n{answer.messages}"


def _unlike_partial(answer: Answer, oracle: Answer) -> Iterator[str]:
    if answer.text != oracle.text:
        yield f"answer {answer.text}\nexpected {oracle.text}\n{answer.messages}"
    if UNREACHABLE not in answer.codes:
        yield f"no error says that a subgraph is down: {answer.messages}"


def _representations(answer: Answer) -> Counter[str]:
    counts: Counter[str] = Counter()
    for one in answer.asked:
        if one.representations:
            counts[one.subgraph] += one.representations
    return counts
