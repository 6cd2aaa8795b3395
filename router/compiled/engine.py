"""A plan run by its code.

Where an answer is not as it should be, the interpreter takes over with all that came so far: nothing is asked twice.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from router.compiled.program import Asked, Program, Table
from router.compiled.realign import realign
from router.compiled.runtime import EMPTY
from router.execution.interpret import Interpreter
from router.execution.renames import rename
from router.fetch.source import Answer, Ask, EntityAsk, RootAsk
from router.planner.model import Fetch
from router.request import Json

NO_VALUES: Mapping[str, Json] = MappingProxyType({})
Slots = Sequence[Mapping[Any, Any]]


@dataclass(slots=True)
class _Sent:
    """What was asked for a fetch, and what came. Shapes: slots by ask; for each of its paths the slot of each key."""

    fetch: Fetch
    asked: list[Asked] = field(default_factory=list)
    asks: list[Ask] = field(default_factory=list)
    slots: list[Slots] = field(default_factory=list)
    answers: Sequence[Answer] | None = None
    exact: Sequence[Ask] = ()
    """What the interpreter would have asked for."""


class CompiledEngine:
    """An `Engine` over tables of what came: entities by the keys of their representations."""

    def __init__(self, program: Program, values: Mapping[str, Json]) -> None:
        self._program = program
        self._values = values
        self._tables: list[Table] = [EMPTY] * program.sources
        self._sent: dict[int, _Sent] = {}
        self._events: list[_Sent] = []  # each when it was sent, and again when it was answered
        self._interpreter: Interpreter | None = None

    def asks(self, fetch: Fetch) -> Sequence[Ask]:
        """Say what a fetch asks for."""
        if self._interpreter is None:
            try:
                return self._collected(fetch)
            except Exception:  # noqa: BLE001  # whatever code stumbles over, the interpreter knows what it means
                self._take_over()
        return self.interpreter.asks(fetch)

    def take(self, fetch: Fetch, answers: Sequence[Answer]) -> None:
        """Take what came for a fetch."""
        sent = self._sent.get(fetch.id)
        if sent is None:  # it was the interpreter that asked
            self.interpreter.take(fetch, answers)
            return
        sent.answers = answers
        self._events.append(sent)
        if self._interpreter is not None:
            self._interpreter.take(fetch, realign(sent.asks, answers, sent.exact))
        elif any(answer.errors for answer in answers):
            self._take_over()
        else:
            self._keep(sent, answers)

    def project(self) -> dict[str, Json] | None:
        """Write the client's answer; None if that is for the interpreter to do."""
        if self._interpreter is None:
            try:
                return self._program.project(self._tables)
            except Exception:  # noqa: BLE001  # see above
                self._take_over()
        return None

    @property
    def interpreter(self) -> Interpreter:
        """Give the interpreter, which has taken over."""
        if self._interpreter is None:
            raise LookupError("The interpreter has not taken over.")
        return self._interpreter

    def _collected(self, fetch: Fetch) -> Sequence[Ask]:
        sent = _Sent(fetch)
        for asked in self._program.asked[fetch.id]:
            variables = _chosen(self._values, asked.variables) if asked.variables else NO_VALUES
            if asked.collect is None:
                sent.asks.append(RootAsk(fetch, asked.select, variables))  # type: ignore[arg-type]  # a root selection
                sent.slots.append(())
            else:
                representations, slots = asked.collect(self._tables)
                if not representations:
                    continue
                sent.asks.append(EntityAsk(fetch, asked.select, representations, variables))  # type: ignore[arg-type]
                sent.slots.append(slots)
            sent.asked.append(asked)
        self._sent[fetch.id] = sent
        self._events.append(sent)
        return sent.asks

    def _keep(self, sent: _Sent, answers: Sequence[Answer]) -> None:
        for asked, slots, answer in zip(sent.asked, sent.slots, answers, strict=True):
            renames = asked.select.renames
            if asked.collect is None:
                self._tables[asked.sources[0]] = rename(answer.data, renames) if renames else answer.data
                continue
            items = [rename(one, renames) for one in answer.data] if renames else answer.data
            if None in items:
                items = [EMPTY if one is None else one for one in items]
            if len(slots) == 1:  # in the order in which they were found
                self._tables[asked.sources[0]] = dict(zip(slots[0], items, strict=True))
                continue
            for source, own in zip(asked.sources, slots, strict=True):
                self._tables[source] = {key: items[slot] for key, slot in own.items()}

    def _take_over(self) -> None:
        """Let the interpreter see all that was asked and answered, in that order."""
        interpreter = self._interpreter = Interpreter(self._values, self._program.types)
        seen: set[int] = set()
        for sent in self._events:
            if sent.fetch.id not in seen:
                seen.add(sent.fetch.id)
                sent.exact = interpreter.asks(sent.fetch)
            elif sent.answers is not None:
                interpreter.take(sent.fetch, realign(sent.asks, sent.answers, sent.exact))


def _chosen(values: Mapping[str, Json], names: Collection[str]) -> Mapping[str, Json]:
    return {name: values[name] for name in names if name in values}
