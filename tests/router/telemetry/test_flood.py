from __future__ import annotations

import logging

import pytest

from router.telemetry.flood import MESSAGES, PER_SECOND, FloodGate


def record(message: str, second: float, level: int = logging.WARNING) -> logging.LogRecord:
    made = logging.LogRecord("router.test", level, "", 0, message, None, None)
    made.created = second
    return made


def test_the_first_of_a_second_are_told_and_the_next_one_says_how_many_were_not() -> None:
    gate = FloodGate()
    assert [gate.filter(record("too much", 7.5)) for _ in range(100)] == [True] * PER_SECOND + [False] * 90
    later = record("too much", 8.0)
    assert gate.filter(later)
    assert vars(later)["dropped"] == 90


def test_one_message_never_hides_another() -> None:
    gate = FloodGate()
    for _ in range(100):
        gate.filter(record("too much", 7))
    assert gate.filter(record("something else", 7))


@pytest.mark.parametrize("level", [logging.INFO, logging.DEBUG])
def test_what_was_asked_for_is_told_in_full(level: int) -> None:
    gate = FloodGate()
    assert all(gate.filter(record("access", 7, level)) for _ in range(100))


def test_messages_that_are_all_different_take_no_memory() -> None:
    gate = FloodGate()
    for at in range(10 * MESSAGES):
        gate.filter(record(f"message {at}", 7))
    assert len(gate._counts) <= MESSAGES
