"""What a flood of new documents does to those that are known: with a planner process, and with a thread in its place.

usage: python -m bench.flood [--rounds 3] [--seconds 4]

One client asks for a known document, one request after the other; beside it others send documents of which no two are
alike: those of the workload `documents`, then such as are costly to validate. Both routers take turns, so that a
machine whose speed drifts slows both alike.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

from bench.fedra_peers import fedra_with
from bench.identity import issue
from bench.peer import Peer
from bench.processes import program, said
from bench.rounds import Stand
from bench.sample import Running, Sample, Sampler
from bench.workloads import TOKEN, WORKLOADS, Workload

LEAD_SECONDS = 0.5
"""The flood is there so long before and after what is measured."""

BY_NAME = {one.name: one for one in WORKLOADS}
KNOWN = replace(BY_NAME["one-fetch"], connections=1)
CHEAP = BY_NAME["documents"]
COSTLY = replace(CHEAP, query=f"{{ users {{ id {TOKEN}: name {'reviews { id product { upc } } ' * 40} }} }}")
FLOODS: Mapping[str, Workload | None] = {"none": None, "cheap": CHEAP, "costly": COSTLY}


def _peer(name: str, process: bool) -> Peer:
    settings = {"supergraph": {"query_planning": {"process": process}}}
    return Peer(name, ("subgraph",), partial(fedra_with, settings=settings), lambda: "")


PEERS = (_peer("process", True), _peer("thread", False))


@dataclass(frozen=True, slots=True)
class Figure:
    """One router under one flood: how the known document fared, and the flood."""

    peer: str
    flood: str
    known: Sample
    new: Sample | None


@dataclass(frozen=True, slots=True)
class Measuring:
    """Takes figures; a thread `beside` has the clients of the flood."""

    sampler: Sampler
    seconds: float
    beside: ThreadPoolExecutor

    def figure(self, one: Running, name: str) -> Figure:
        """Ask for what is known, beside a flood."""
        flood = FLOODS[name]
        if flood is None:
            return Figure(one.peer, name, self._take(KNOWN, one, self.seconds), None)
        flooding = self.beside.submit(self._take, flood, one, self.seconds + 2 * LEAD_SECONDS)
        time.sleep(LEAD_SECONDS)
        return Figure(one.peer, name, self._take(KNOWN, one, self.seconds), flooding.result())

    def _take(self, workload: Workload, one: Running, seconds: float) -> Sample:
        expected: Mapping[str, Any] = workload.graph.expected(workload.query, workload.variables)
        return self.sampler.take(workload, one, expected, seconds)


def main() -> None:
    """Measure, and print a line for each router and flood."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=4.0)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        figures = list(_measure(given.rounds, given.seconds, Path(folder)))
    wrong = [sample.wrong for one in figures for sample in (one.known, one.new) if sample and sample.wrong]
    if wrong:
        raise SystemExit(wrong[0])
    print("known documents: p50 and p99 in ms; new documents per second; memory in MB; medians of the rounds")
    for flood in FLOODS:
        for peer in PEERS:
            _print(peer.name, flood, [one for one in figures if (one.peer, one.flood) == (peer.name, flood)])


def _measure(rounds: int, seconds: float, folder: Path) -> Iterator[Figure]:
    with ExitStack() as stack:
        subgraphs = stack.enter_context(program("bench.subgraphs"))
        url = f"http://127.0.0.1:{int(said(subgraphs))}/{KNOWN.served_at}"
        stand = Stand(KNOWN.graph, url, KNOWN.graph.supergraph(url), folder)
        sampler = Sampler(subgraphs, issue(stand.jwks))
        running = [stand.start(stack, peer, "subgraph") for peer in PEERS]
        stand.await_all(running)
        measuring = Measuring(sampler, seconds, stack.enter_context(ThreadPoolExecutor(1)))
        for _ in range(rounds):
            for name in FLOODS:
                for one in running:
                    yield measuring.figure(one, name)


def _print(peer: str, flood: str, figures: Sequence[Figure]) -> None:
    known, new = [one.known for one in figures], [one.new for one in figures if one.new]
    p50, p99 = (statistics.median(values) for values in zip(*((one.p50, one.p99) for one in known), strict=True))
    rate = statistics.median([one.requests_per_second for one in new]) if new else 0
    memory = f"{known[-1].memory_mb:.0f} + {known[-1].planner_mb:.0f} planner"
    print(f"flood {flood:7} {peer:8} p50 {p50:7.1f}  p99 {p99:7.1f}  new {rate:5.0f}/s  memory {memory}")


if __name__ == "__main__":
    main()
