"""One case: a federation, an operation, and what is switched off; printed as the fixture it should become."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tests.answers import Answer, ErrorPath
from tests.drawn.federation import DoesNotCompose, DrawnFederation
from tests.records import Json

REFUSALS = {"QUERY_PLANNING_FAILED", "GRAPHQL_VALIDATION_FAILED", "QUERY_PLANNING_BUDGET"}


@dataclass(frozen=True, slots=True)
class Failure:
    """What is wrong. `kind` stays the same while a case is made smaller."""

    kind: str
    want: str
    got: str


@dataclass(frozen=True, slots=True)
class Case:
    """What can fail. Shapes: sdl by subgraph, data as in `data.json`."""

    federation: DrawnFederation
    text: str
    variables: Mapping[str, Json]
    down: Sequence[str] = ()

    @property
    def size(self) -> int:
        """How much there is to read. Units: characters; one more for each subgraph that is switched off."""
        federation = self.federation
        return len(f"{self.text}{''.join(federation.sdl.values())}{json.dumps(federation.data)}") + len(self.down)

    async def failure(self) -> Failure | None:
        """Answer by both; None when they agree."""
        try:
            answer = await self.federation.federated(self.text, self.variables, self.down)
        except DoesNotCompose as error:
            return Failure(f"composition: {str(error).split()[0]}", "a supergraph", str(error))
        except Exception as error:  # noqa: BLE001 - whatever it is, it is the failure
            return Failure(type(error).__name__, "an answer", repr(error))
        done = self.federation.log
        oracle = await self.federation.monolith(self.text, self.variables)
        if any(one.subgraph in self.down for one in answer.asked):
            return _partly_unlike(answer, oracle)
        return _unlike(answer, oracle) or _undone(done, self.federation.log)

    def as_fixture(self, failure: Failure) -> str:
        """Print the files of the fixture that would hold this case, and what came instead of the answer."""
        files = {f"{name}.graphql": sdl for name, sdl in self.federation.sdl.items()}
        files["data.json"] = json.dumps(self.federation.data, indent=2)
        files["queries/drawn.graphql"] = self.text
        if self.variables:
            files["queries/drawn.json"] = json.dumps(dict(self.variables), indent=2)
        printed = [f"--- {name}\n{text.rstrip()}\n" for name, text in files.items()]
        down = [f"--- switched off: {', '.join(self.down)}\n"] if self.down else []
        if not failure.kind.startswith("composition") and failure.kind not in REFUSALS:
            printed.append(f"--- plan\n{self.federation.plan(self.text)}\n")
        return "\n".join([*printed, *down, f"--- want\n{failure.want}\n", f"--- got ({failure.kind})\n{failure.got}\n"])


def _unlike(answer: Answer, oracle: Answer) -> Failure | None:
    if answer.text == oracle.text and _places(answer) == _places(oracle):
        return None
    kind = "errors" if answer.text == oracle.text else "data"
    if any("does not resolve" in one or "was not sent" in one for one in answer.messages):
        kind = "asked in the wrong place"
    if refusal := REFUSALS & set(answer.codes):
        kind = min(refusal)
    return Failure(kind, _shown(oracle), _shown(answer))


def _places(answer: Answer) -> frozenset[ErrorPath] | None:
    """Name what the errors explain; None if one is at a place that the answer does not have."""
    try:
        return answer.places()
    except LookupError:
        return None


def _shown(answer: Answer) -> str:
    errors = [f"{path}: {message}" for path, message in zip(answer.errors, answer.messages, strict=True)]
    return "\n".join([answer.text, *errors])


def _undone(done: Json, wanted: Json) -> Failure | None:
    return Failure("mutations", str(wanted), str(done)) if done != wanted else None


def _partly_unlike(answer: Answer, oracle: Answer) -> Failure | None:
    """Hold what came to the monolith's data: only null may stand for what a missing subgraph had, with an error."""
    if not answer.errors:
        return Failure("silence", "an error for the subgraph that is switched off", answer.text)
    if not _within(answer.data, oracle.data):
        return Failure("partial data", _shown(oracle), _shown(answer))
    return None


def _within(part: Json, whole: Json) -> bool:
    if part is None:
        return True
    if isinstance(part, dict) and isinstance(whole, dict):
        return list(part) == list(whole) and all(_within(part[key], whole[key]) for key in part)
    if isinstance(part, list) and isinstance(whole, list):
        return len(part) == len(whole) and all(map(_within, part, whole))
    return bool(part == whole)
