"""Which plans are worth code: those that are used again and again."""

from __future__ import annotations

import asyncio
import logging
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

from cache.bounded import BoundedCache
from router.compiled.program import Program, compile_plan
from router.compiled.uncompilable import Uncompilable
from router.execution.shapes import Shape
from router.operation.size import CACHED_BYTES
from router.planner.model import QueryPlan
from schema.supergraph import Supergraph

log = logging.getLogger(__name__)

_thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="compile")

MAX_MAKING = 4
"""Programs that wait to be made; meanwhile no use of another plan counts."""

PATIENCE = 0.25
"""Seconds that a request waits for a program."""

NEVER_COMPILED = 1_000
"""Bytes that it takes to count the uses of a plan."""


@dataclass(slots=True)
class _Entry:
    """A plan with one shape of its answer: holding both keeps their ids their own."""

    plan: QueryPlan
    shape: Shape
    uses: int = 0
    making: asyncio.Future[Program | None] | None = None
    program: Program | None = None


class Programs:
    """Programs for the most recently used plans, each made on the use that is told, so that a flood compiles nothing.

    They are bounded in number and in bytes.
    """

    def __init__(self, supergraph: Supergraph, after: int = 3, capacity: int = 2_000) -> None:
        """`after` so many uses of a plan; one means before it first runs."""
        self._supergraph = supergraph
        self._after = after
        self._making = 0
        self._entries: BoundedCache[tuple[int, int], _Entry] = BoundedCache(capacity, CACHED_BYTES, _size)

    async def find(self, plan: QueryPlan, shape: Shape) -> Program | None:
        """Find the program of a plan for one shape of the answer; None: the interpreter runs it.

        While it is made requests wait for it, but not for long: interpreting them all would take longer, and more room.
        """
        key = (id(plan), id(shape))
        entry = self._entries.get(key)
        if entry is None:
            entry = self._entries[key] = _Entry(plan, shape)
        if entry.program is None:
            entry.uses += self._making < MAX_MAKING
            if entry.uses == self._after:
                entry.making = self._make(entry)
            if entry.making is not None:
                return await _soon(entry.making)
        return entry.program

    def _make(self, entry: _Entry) -> asyncio.Future[Program | None]:
        self._making += 1
        making = asyncio.get_running_loop().run_in_executor(_thread, _compiled, entry, self._supergraph)
        making.add_done_callback(lambda made: self._made(entry, made.result()))
        return making

    def _made(self, entry: _Entry, program: Program | None) -> None:
        """Replace the entry: what it takes is looked at when it comes."""
        self._making -= 1
        if program is not None:
            self._entries[id(entry.plan), id(entry.shape)] = replace(entry, making=None, program=program)


async def _soon(making: asyncio.Future[Program | None]) -> Program | None:
    if not making.done():
        await asyncio.wait([making], timeout=PATIENCE)
    return making.result() if making.done() else None


def _compiled(entry: _Entry, supergraph: Supergraph) -> Program | None:
    """Write code; whatever goes wrong, the plan is run without."""
    try:
        return compile_plan(entry.plan, entry.shape, supergraph)
    except Uncompilable:
        return None
    except Exception:
        log.exception("a plan could not be compiled")
        return None


def _size(entry: _Entry) -> int:
    """Units: bytes."""
    return NEVER_COMPILED if entry.program is None else entry.program.size
