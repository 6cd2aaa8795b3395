"""What cold planning and reading a large supergraph cost, each beside the bar it has to stay under.

usage: python -m bench.planning [--rounds 20]

Units: CPU time, the best of the rounds; memory is what a process of its own has grown by.
"""

from __future__ import annotations

import argparse
import multiprocessing
import resource
import time
from collections.abc import Callable, Mapping
from pathlib import Path

from graphql import get_operation_ast, parse

from bench import planning_workload as workload
from router.operation.normalize import normalize
from router.planner.plan import plan
from schema.query_graph.build import build
from schema.supergraph import Supergraph


def main() -> None:
    """Measure and print one line each."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=20)
    rounds = parser.parse_args().rounds
    _report("the gateways benchmark", 15, workload.SHOP, workload.SHOP_QUERY, rounds)
    _report("100 fields over 20 subgraphs", 50, *workload.wide(subgraphs=20, fields=100), rounds)
    _report("3,000 fields over 20 subgraphs", 250, *workload.wide(subgraphs=20, fields=3_000), rounds)
    _report("an interface of 400 types, apart", 250, *workload.apart(types=400), rounds)
    _report("100 types apart on two levels", 250, *workload.split(types=100, levels=2), rounds)
    sdl = workload.supergraph(workload.large(subgraphs=20, types=2_000))
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        seconds, megabytes = pool.apply(_load, (sdl,))
    print(f"{'a supergraph of 2,000 types':34}{seconds:8.2f} s   of 3 s, {megabytes:.0f} MB of 200 MB")


def _report(name: str, bar_ms: int, subgraphs: Mapping[str, str], query: str, rounds: int) -> None:
    supergraph = Supergraph.parse(workload.supergraph(subgraphs))
    graph = build(supergraph)
    document = parse(query)
    definition = get_operation_ast(document)
    if definition is None:
        raise ValueError(query)
    operation = normalize(document, definition, supergraph.api_schema)
    fetches = len(plan(operation, supergraph, graph).fetches)
    best = min(_cpu_ms(lambda: plan(operation, supergraph, graph)) for _ in range(rounds))
    print(f"{name:34}{best:8.2f} ms  of {bar_ms} ms, {fetches} fetches")


def _cpu_ms(run: Callable[[], object]) -> float:
    began = time.process_time()
    run()
    return (time.process_time() - began) * 1000


def _load(sdl: str) -> tuple[float, float]:
    before, began = _megabytes(), time.process_time()
    kept = build(Supergraph.parse(sdl))
    seconds = time.process_time() - began
    return seconds, (_megabytes() - before) if kept else 0.0


def _megabytes() -> float:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize() / 1_000_000


if __name__ == "__main__":
    main()
