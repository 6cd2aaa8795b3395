"""What a supervisor does when the system gives it no processes."""

from __future__ import annotations

import sys

import pytest

from router.settings.health import Drain
from router.workers.sockets import reserve
from router.workers.supervisor import Supervisor


async def test_when_the_system_starts_no_process_it_says_so_and_gives_up(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(sys, "executable", "/absent")
    supervisor = Supervisor((), 2, Drain(), reserve("127.0.0.1", 0), "http://127.0.0.1/graphql", planner=None)
    assert await supervisor.run() == 1
    (told,) = caplog.records
    assert told.message == "no worker serves, and none can be started"
    assert vars(told)["reason"] == "[Errno 2] No such file or directory: '/absent'"
