"""The state machine of a task: which status may follow which."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum


class Status(StrEnum):
    """Where a task stands."""

    SCHEDULED = "SCHEDULED"
    QUEUED = "QUEUED"
    RUNNING = "RUNNING"
    RETRYING = "RETRYING"
    CANCELLING = "CANCELLING"
    SUCCEEDED = "SUCCEEDED"
    FAILED = "FAILED"
    CANCELLED = "CANCELLED"
    TIMED_OUT = "TIMED_OUT"
    CRASHED = "CRASHED"


TRANSITIONS: Mapping[Status, frozenset[Status]] = {
    Status.SCHEDULED: frozenset({Status.QUEUED, Status.CANCELLING}),
    Status.QUEUED: frozenset({Status.RUNNING, Status.CANCELLING}),
    Status.RUNNING: frozenset(
        {Status.SUCCEEDED, Status.FAILED, Status.TIMED_OUT, Status.CRASHED, Status.RETRYING, Status.CANCELLING}
    ),
    Status.RETRYING: frozenset({Status.QUEUED, Status.CANCELLING}),
    Status.CANCELLING: frozenset({Status.CANCELLED}),
    Status.SUCCEEDED: frozenset(),
    Status.FAILED: frozenset(),
    Status.CANCELLED: frozenset(),
    Status.TIMED_OUT: frozenset(),
    Status.CRASHED: frozenset(),
}
"""Every legal step. Terminal is final: to try again is a new task."""

TERMINAL = frozenset(status for status, following in TRANSITIONS.items() if not following)
INITIAL = frozenset({Status.SCHEDULED, Status.QUEUED})


class IllegalTransition(ValueError):
    """No task may ever take that step: a mistake of the program, not of its data."""

    def __init__(self, source: Status, target: Status) -> None:
        super().__init__(f"A task cannot go from '{source}' to '{target}'.")


def check(source: Status, target: Status) -> None:
    """Refuse a step that is not in the table. Raises: IllegalTransition."""
    if target not in TRANSITIONS[source]:
        raise IllegalTransition(source, target)
