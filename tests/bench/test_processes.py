"""What the processes of a router use."""

from __future__ import annotations

import os

from bench.processes import usage
from router.planning_process.process import PlannerProcess


def test_a_planner_process_is_counted_apart_from_the_router_that_started_it() -> None:
    planner = PlannerProcess()
    together = usage(os.getpid())
    planner.close()
    alone = usage(os.getpid())
    assert together.planner_mb > 0 == alone.planner_mb
    assert alone.memory_mb > 0
