from __future__ import annotations

import asyncio
import logging
from datetime import timedelta
from threading import Event

import pytest

from router.telemetry import periodic
from router.telemetry.periodic import Complaints, Periodic, within_farewell


async def test_the_work_is_done_once_more_at_the_end() -> None:
    done: list[int] = []
    work = Periodic(lambda: done.append(1), timedelta(hours=1), "test")
    assert done == []
    await work.close()
    assert done == [1]


async def test_work_that_fails_is_done_again(caplog: pytest.LogCaptureFixture) -> None:
    tried: list[int] = []
    twice = Event()

    def fail() -> None:
        tried.append(1)
        if len(tried) > 1:
            twice.set()
        raise LookupError

    work = Periodic(fail, timedelta(milliseconds=1), "test")
    await asyncio.to_thread(twice.wait, 30)
    await work.close()
    assert len(tried) > 1
    assert {one.message for one in caplog.records} == {"work in the background failed"}


async def test_the_end_does_not_wait_for_what_hangs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(periodic, "FAREWELL", 0.01)
    forever = Event()
    await within_farewell(forever.wait, "test")
    work = Periodic(forever.wait, timedelta(hours=1), "test")
    await work.close()
    assert not forever.is_set()
    forever.set()


def test_the_same_trouble_is_told_once_a_minute(caplog: pytest.LogCaptureFixture) -> None:
    times = iter([100.0, 101.0, 159.0, 160.0, 161.0])
    complaints = Complaints(logging.getLogger("test"), "it hurts", clock=lambda: next(times))
    for _ in range(5):
        complaints.add()
    assert [one.message for one in caplog.records] == ["it hurts", "it hurts"]
