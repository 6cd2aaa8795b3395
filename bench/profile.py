"""Where the CPU time of a request goes in Fedra, by part, by line and by function.

usage: python -m bench.profile [--workload gateways] [--peer fedra-door] [--mode none] [--seconds 5] [--top 30]

Shares are of samples, microseconds those shares of the CPU time per request, which sampling makes a few percent longer.
What is spent in C stands at the line that runs next; what the garbage collector takes, at `note_collection` of the
planner's budget and at lines that happen to allocate.
"""

from __future__ import annotations

import argparse
import json
import signal
import sys
import tempfile
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

from bench.identity import issue
from bench.parts import by_part
from bench.peer import Command, Order, Peer
from bench.peers import PEERS
from bench.processes import program, said
from bench.rounds import Stand
from bench.sample import Sample, Sampler
from bench.workloads import MODES, WORKLOADS, Workload

WARM_UP = 1.0


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--workload", choices=[one.name for one in WORKLOADS], default="gateways")
    parser.add_argument("--peer", choices=["fedra", "fedra-door"], default="fedra")
    parser.add_argument("--mode", choices=MODES, default="none", help="what is shared")
    parser.add_argument("--seconds", type=float, default=5.0)
    parser.add_argument("--top", type=int, default=30)
    given = parser.parse_args()
    workload = next(one for one in WORKLOADS if one.name == given.workload)
    peer = next(one for one in PEERS if one.name == given.peer)
    with tempfile.TemporaryDirectory() as folder:
        sample = _run(workload, peer, given.mode, given.seconds, Path(folder))
        samples = json.loads((Path(folder) / "samples").read_text())
    if sample.wrong:
        raise SystemExit(sample.wrong)
    print(f"{workload.name}: {sample.cpu_us:,.0f} µs of CPU for a request, {sample.fetches:.1f} fetches")
    total = sum(samples["lines"].values())
    print("\nparts, by themselves")
    _print(by_part(samples["lines"]), total, sample.cpu_us, given.top)
    for title, counts in (("lines, by themselves", "lines"), ("functions, with all they call", "functions")):
        print(f"\n{title}")
        _print(samples[counts], total, sample.cpu_us, given.top)


def _run(workload: Workload, peer: Peer, mode: str, seconds: float, folder: Path) -> Sample:
    with ExitStack() as stack:
        subgraphs = stack.enter_context(program("bench.subgraphs"))
        url = f"http://127.0.0.1:{int(said(subgraphs))}/{workload.served_at}"
        stand = Stand(workload.graph, url, workload.graph.supergraph(url), folder)
        sampler, expected = (
            Sampler(subgraphs, issue(stand.jwks)),
            workload.graph.expected(workload.query, workload.variables),
        )
        one = stand.start(stack, _sampled(peer, folder / "samples"), mode)
        stand.await_all([one])
        sampler.take(workload, one, expected, WARM_UP)
        sample = sampler.take(workload, one, expected, seconds)
        one.process.send_signal(signal.SIGTERM)
        one.process.wait()
    return sample


def _sampled(peer: Peer, samples: Path) -> Peer:
    def command(order: Order) -> Command:
        plain = peer.command(order)
        arguments = (sys.executable, "-m", "bench.sampled", *plain.arguments[3:])
        return replace(plain, arguments=arguments, environment={**plain.environment, "BENCH_SAMPLES": str(samples)})

    return replace(peer, command=command)


def _print(counts: Mapping[str, int], total: int, cpu_us: float, top: int) -> None:
    for name, count in sorted(counts.items(), key=lambda one: -one[1])[:top]:
        print(f"{count / total:7.1%}{count / total * cpu_us:9,.0f} µs  {name}")


if __name__ == "__main__":
    main()
