"""One figure: a router under the load of a workload, for some seconds."""

from __future__ import annotations

import itertools
import json
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from bench.load import Job, Outcome
from bench.processes import program, said, tell, usage
from bench.workloads import Workload

TOKENS = 10_000_000  # of one job


@dataclass(frozen=True, slots=True, eq=False)
class Running:
    """A router at work."""

    peer: str
    mode: str
    process: subprocess.Popen[bytes]
    port: int


@dataclass(frozen=True, slots=True)
class Sample:
    """One router in one round; round 0 is the warm-up. Latencies in milliseconds."""

    workload: str
    peer: str
    mode: str
    round: int
    requests: int
    requests_per_second: float
    p50: float
    p99: float
    cpu_us: float
    """CPU time of the router's process tree, user and system, for each request. Units: microseconds."""
    fetches: float
    """Requests to subgraphs for each request of a client."""
    memory_mb: float
    """Resident, without `planner_mb`."""
    planner_mb: float
    """Of Fedra's planner process; 0 for a router that has none."""
    wrong: str | None


@dataclass(frozen=True, slots=True)
class Sampler:
    """Takes samples. `subgraphs` is the program that serves them, `token` what clients prove themselves by."""

    subgraphs: subprocess.Popen[str]
    token: str
    firsts: Iterator[int] = field(default_factory=lambda: itertools.count(0, TOKENS))

    def take(self, workload: Workload, one: Running, expected: Mapping[str, Any], seconds: float) -> Sample:
        """Load the router; the CPU time and the fetches of every answer count, the last ones included."""
        first = next(self.firsts) & 0xFFFFFFFF
        address = ("127.0.0.1", one.port, "/graphql")
        job = Job(*address, self.token, workload.body, expected, workload.connections, seconds, first)
        with program("bench.load") as load:
            tell(load, json.dumps(asdict(job)))
            said(load)
            before, fetched = usage(one.process.pid), self._fetched()
            tell(load, "go")
            outcome = Outcome(**json.loads(said(load)))
            after, fetches = usage(one.process.pid), self._fetched() - fetched
        requests = max(outcome.requests, 1)
        return Sample(
            workload.name,
            one.peer,
            one.mode,
            0,
            outcome.requests,
            outcome.requests / outcome.seconds,
            outcome.p50,
            outcome.p99,
            (after.cpu_seconds - before.cpu_seconds) / requests * 1_000_000,
            fetches / requests,
            after.memory_mb,
            after.planner_mb,
            outcome.wrong,
        )

    def _fetched(self) -> int:
        tell(self.subgraphs, "")
        return int(said(self.subgraphs))
