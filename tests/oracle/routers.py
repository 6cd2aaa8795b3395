"""Our supergraphs on other routers: the fixtures' operations have the answers that come of Apollo's supergraph.

What a router answers wrongly on both says nothing of the supergraph; it is counted by the monolith's answers.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

from tests.answers import Answer
from tests.federation import Federation, FixtureQuery, every_federation
from tests.oracle.node import Program


@dataclass(frozen=True, slots=True)
class Run:
    """One operation on one supergraph."""

    federation: Federation
    query: FixtureQuery
    supergraph: str


def compare_answers(router: str, theirs: Mapping[str, str], say: Callable[[str], None]) -> bool:
    """Have a router run every operation on both supergraphs; tell what differs, and whether nothing does.

    Shapes: theirs by the name of the fixture.
    """
    asked = [
        (one, query)
        for one in every_federation()
        for query in one.queries
        if one.name in theirs and _is_plain(one, query)
    ]
    own = [Run(one, query, one.supergraph) for one, query in asked]
    other = [Run(one, query, theirs[one.name]) for one, query in asked]
    answers = _answers(router, [*own, *other])
    pairs = list(zip(own, answers[: len(own)], answers[len(own) :], strict=True))
    unlike = [(run, a, b) for run, a, b in pairs if (a.data, a.errors) != (b.data, b.errors)]
    right = sum(_is_right(run, answer) for run, answer, _ in pairs)
    say(f"\n{router}: on our supergraphs it answers {len(pairs) - len(unlike)}/{len(pairs)} operations as on Apollo's")
    say(f"  {right} of them as the monolith does")
    for run, a, b in unlike:
        say(f"  {run.federation} {run.query}\n    ours   {_shown(a)}\n    theirs {_shown(b)}")
    return not unlike


def _is_plain(one: Federation, query: FixtureQuery) -> bool:
    """No subgraph is switched off, and no override has a label, which routers answer by chance."""
    return not one.expected(query).down and not any('label: "' in sdl for sdl in one.sdl.values())


def _answers(router: str, runs: Sequence[Run]) -> list[Answer]:
    """Ask the router. The number of a run is in the URL of its subgraphs: each has records of its own."""
    with _served(runs) as url:
        asked = [
            {
                "id": number,
                "supergraph": run.supergraph,
                "runs": [{"query": run.query.text, "variables": run.query.variables, "url": f"{url}/{number}"}],
            }
            for number, run in enumerate(runs)
        ]
        told = Program(router, asked).answers()
    return [Answer.of(one["answers"][0]) if "answers" in one else _refusal(one["refused"]) for one in told]


def _refusal(message: str) -> Answer:
    return Answer.of({"data": None, "errors": [{"message": message}]})


def _is_right(run: Run, answer: Answer) -> bool:
    oracle = asyncio.run(run.federation.monolith(run.query))
    return bool(answer.data == oracle.data and bool(answer.errors) == bool(oracle.errors))


def _shown(answer: Answer) -> str:
    return " ".join([json.dumps(answer.data), *(" ".join(one.split()) for one in answer.messages)])[:400]


@contextmanager
def _served(runs: Sequence[Run]) -> Iterator[str]:
    """Serve the subgraphs of all runs at `/run/subgraph`."""
    with ThreadingHTTPServer(("127.0.0.1", 0), _handler(runs)) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def _handler(runs: Sequence[Run]) -> type[BaseHTTPRequestHandler]:
    records = [run.federation.records() for run in runs]

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            _, number, subgraph = self.path.split("/")
            body = json.dumps(self._answer(int(number), subgraph)).encode()
            self.send_response(200)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def _answer(self, number: int, subgraph: str) -> Mapping[str, Any]:
            asked = json.loads(self.rfile.read(int(self.headers["content-length"])))
            server = runs[number].federation.subgraphs[subgraph]
            return server.answer(asked["query"], asked.get("variables") or {}, records[number])

        def log_message(self, *_: object) -> None:
            pass

    return Handler
