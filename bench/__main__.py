"""`make bench`: Fedra and other routers on the same work, in turn."""

from __future__ import annotations

import argparse
import itertools
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from bench.machine import conditions
from bench.peer import ROOT, Peer
from bench.peers import PEERS, install
from bench.report import memory, write
from bench.rounds import Plan, measure
from bench.sample import Sample
from bench.workloads import MODES, WORKLOADS, Workload

RESULTS = ROOT / ".cache" / "bench" / "results"
QUICK = Plan(rounds=1, seconds=0.8, warm_up=1.0)
MOST_QUICKLY = 100  # connections of a workload that is measured quickly, unless it is named


def main(arguments: argparse.Namespace) -> int:
    """Measure, and report; 1: an answer was wrong."""
    workloads = _chosen(arguments)
    peers = [one for one in PEERS if one.name in (arguments.peers or one.name)]
    there = [one for one in peers if one.is_there and (not one.is_of_npm or shutil.which("npm"))]
    if any(one.is_of_npm for one in there):
        install()
    plan = QUICK if arguments.quick else Plan(arguments.rounds, arguments.seconds, arguments.seconds)
    told = conditions(there, plan, sys.argv[1:])
    samples = list(
        _measured(workloads, [(one, mode) for one in there for mode in one.modes if mode in arguments.modes], plan)
    )
    absent = [one.name for one in peers if one not in there]
    absent += [f"{one.name} ({mode})" for one in there for mode in MODES if mode not in one.modes]
    print(write(RESULTS, samples, told, absent))
    return 1 if any(one.wrong for one in samples) else 0


def _chosen(arguments: argparse.Namespace) -> list[Workload]:
    if arguments.workloads:
        return [one for one in WORKLOADS if one.name in arguments.workloads]
    return [one for one in WORKLOADS if not arguments.quick or one.connections <= MOST_QUICKLY]


def _measured(workloads: Sequence[Workload], routers: Sequence[tuple[Peer, str]], plan: Plan) -> Iterator[Sample]:
    began = time.monotonic()
    for _, some in itertools.groupby(sorted(workloads, key=_served_at), _served_at):
        with tempfile.TemporaryDirectory() as folder:
            for one in measure(list(some), routers, plan, Path(folder)):
                print(f"{time.monotonic() - began:5.0f} s  {_line(one)}", file=sys.stderr, flush=True)
                yield one


def _served_at(workload: Workload) -> str:
    return workload.served_at


def _line(one: Sample) -> str:
    figures = one.wrong or f"{one.requests_per_second:.0f}/s, {one.cpu_us:.0f} µs of CPU, {memory(one)} MB"
    return f"{one.workload} {one.round}: {one.peer} ({one.mode}) {figures}"


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--workloads", nargs="*", choices=[one.name for one in WORKLOADS])
    parser.add_argument("--peers", nargs="*", choices=[one.name for one in PEERS])
    parser.add_argument("--modes", nargs="*", choices=MODES, default=MODES)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=4.0, help="of each router in each round")
    parser.add_argument("--quick", action="store_true", help="one short round: for a look, not for figures")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main(_arguments()))
