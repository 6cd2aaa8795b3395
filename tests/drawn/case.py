"""One case: a federation, an operation, and what is switched off; printed as the fixture it should become."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from tests.answers import Answer
from tests.checks import differences, differences_of
from tests.drawn.corruption import Corruption
from tests.drawn.federation import DoesNotCompose, DrawnFederation
from tests.drawn.verdict import Failure, partly_unlike, unlike
from tests.records import Json


@dataclass(frozen=True, slots=True)
class Case:
    """What can fail. Shapes: sdl by subgraph, data as in `data.json`."""

    federation: DrawnFederation
    text: str
    variables: Mapping[str, Json]
    down: Sequence[str] = ()
    labels: Sequence[str] = ()
    corruption: int | None = None
    """The seed of what subgraphs answer wrongly, if both engines are to be held together there, too."""

    @property
    def size(self) -> int:
        """How much there is to read. Units: characters; one more for each subgraph that is switched off."""
        federation = self.federation
        return (
            len(f"{self.text}{''.join(federation.sdl.values())}{json.dumps(federation.data)}")
            + len(self.down)
            + len(self.labels)
        )

    async def failure(self) -> Failure | None:
        """Answer as a federation, by the interpreter and by code, and as the monolith; None when all agree."""
        try:
            return await self._failure()
        except DoesNotCompose as error:
            return Failure(f"composition: {str(error).split()[0]}", "a supergraph", str(error))
        except Exception as error:  # noqa: BLE001 - whatever it is, it is the failure
            return Failure(type(error).__name__, "an answer", repr(error))

    async def _failure(self) -> Failure | None:
        answer, done = await self._answer(compiled=False), self.federation.log
        by_code, also_done = await self._answer(compiled=True), self.federation.log
        found = (
            _of_engines(differences(answer, by_code))
            or _undone(also_done, done)
            or await self._failure_of(answer, done)
        )
        if found is not None or self.corruption is None:
            return found
        corruption = Corruption.draw(self.corruption, self.federation.snapshot.supergraph.schema)
        return _of_engines(await differences_of(partial(self._answer, on_the_way=corruption)), " of what is corrupted")

    async def _answer(self, **circumstances: Any) -> Answer:  # noqa: ANN401 - handed on
        return await self.federation.federated(self.text, self.variables, self.down, self.labels, **circumstances)

    async def _failure_of(self, answer: Answer, done: Json) -> Failure | None:
        """Hold an answer, and what mutations did, to the monolith's."""
        oracle = await self.federation.monolith(self.text, self.variables)
        wanted = self.federation.log
        if any(one.subgraph in self.down for one in answer.asked):
            return partly_unlike(answer, oracle)
        failing = self.federation.failing(self.text, self.variables) if answer.errors else frozenset()
        return unlike(answer, oracle, failing) or _undone(done, wanted)

    def as_fixture(self, failure: Failure) -> str:
        """Print the files of the fixture that would hold this case, and what came instead of the answer."""
        files = {f"{name}.graphql": sdl for name, sdl in self.federation.sdl.items()}
        files["data.json"] = json.dumps(self.federation.data, indent=2)
        files["queries/drawn.graphql"] = self.text
        if self.variables:
            files["queries/drawn.json"] = json.dumps(dict(self.variables), indent=2)
        printed = [f"--- {name}\n{text.rstrip()}\n" for name, text in files.items()]
        down = [f"--- switched off: {', '.join(self.down)}\n"] if self.down else []
        printed.append(f"--- plan\n{self._plan()}\n")
        labels = [f"--- active labels: {', '.join(self.labels)}\n"] if self.labels else []
        wrong = [] if self.corruption is None else [f"--- answers corrupted by seed {self.corruption}\n"]
        return "\n".join(
            [
                *printed,
                *down,
                *labels,
                *wrong,
                f"--- want\n{failure.want}\n",
                f"--- got ({failure.kind})\n{failure.got}\n",
            ]
        )

    def _plan(self) -> str:
        try:
            return self.federation.plan(self.text, self.labels)
        except Exception as error:  # noqa: BLE001 - what fails may be the planner
            return f"none: {error!r}"


def _of_engines(found: Sequence[str], where: str = "") -> Failure | None:
    return Failure(f"engines{where}", "what the interpreter answers and asks", "\n".join(found)) if found else None


def _undone(done: Json, wanted: Json) -> Failure | None:
    return Failure("mutations", str(wanted), str(done)) if done != wanted else None
