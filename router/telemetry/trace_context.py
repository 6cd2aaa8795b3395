"""The trace of a client's request, read and written. Source: Trace Context."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

_TRACEPARENT = re.compile(rb"(?!ff)([0-9a-f]{2})-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-([0-9a-f]{2})(-.*)?")


NO_STATE: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Parent:
    """The span of the client that a request comes from."""

    trace_id: str
    span_id: str
    is_sampled: bool
    state: Mapping[str, str]
    """`tracestate`, if it was sent."""


def read_parent(headers: Iterable[tuple[bytes, bytes]]) -> Parent | None:
    """Find whose trace a request belongs to. What says it twice, or wrongly, says nothing, nor does its state."""
    parents, states = [], []
    for name, value in headers:
        if name == b"traceparent":
            parents.append(value)
        elif name == b"tracestate":
            states.append(value)
    match = _TRACEPARENT.fullmatch(parents[0]) if len(parents) == 1 else None
    if match is None or (match[1] == b"00" and match[5]):
        return None
    state = {"tracestate": b",".join(states).decode("latin-1")} if states else NO_STATE
    return Parent(match[2].decode(), match[3].decode(), bool(int(match[4], 16) & 1), state)


def write_parent(trace_id: str, span_id: str, *, is_sampled: bool) -> str:
    """Write `traceparent`."""
    return f"00-{trace_id}-{span_id}-{'01' if is_sampled else '00'}"
