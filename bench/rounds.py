"""Measuring: routers are asked in turn, round by round, so that a machine whose speed drifts slows all alike."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path

from bench.graphs.graph import Graph
from bench.identity import issue
from bench.peer import Order, Peer, free_port
from bench.processes import program, said, started, wait_for
from bench.sample import Running, Sample, Sampler
from bench.workloads import COLLECTOR, Workload


@dataclass(frozen=True, slots=True)
class Plan:
    """How much is measured."""

    rounds: int
    seconds: float
    warm_up: float


@dataclass(frozen=True, slots=True)
class Stand:
    """What routers are started over: subgraphs that are served at a URL, and a folder."""

    graph: Graph
    url: str
    supergraph: str
    folder: Path

    @property
    def jwks(self) -> Path:
        """Where the keys of the clients' token are."""
        return self.folder / "jwks.json"

    def start(self, stack: ExitStack, peer: Peer, mode: str) -> Running:
        """Start a router, which may need a while until it answers."""
        own, port = self.folder / f"{peer.name}-{mode}", free_port()
        own.mkdir(exist_ok=True)
        supergraph = own / "supergraph.graphql"
        supergraph.write_text(self.supergraph)
        collector = f"{self.url.partition(self.graph.name)[0]}{COLLECTOR}"
        order = Order(self.graph, self.url, supergraph, self.jwks, collector, own, port, mode)
        command = peer.command(order)
        return Running(peer.name, mode, stack.enter_context(started(command, own / "log")), port)

    def await_all(self, running: Sequence[Running]) -> None:
        """Wait until each answers. Raises: RuntimeError if one does not."""
        for one in running:
            url = f"http://127.0.0.1:{one.port}/graphql"
            wait_for(one.process, url, self.folder / f"{one.peer}-{one.mode}" / "log")


def measure(
    workloads: Sequence[Workload], routers: Sequence[tuple[Peer, str]], plan: Plan, folder: Path
) -> Iterator[Sample]:
    """Measure the workloads, which share their subgraphs, on each router in each mode."""
    with ExitStack() as stack:
        subgraphs = stack.enter_context(program("bench.subgraphs"))
        url = f"http://127.0.0.1:{int(said(subgraphs))}/{workloads[0].served_at}"
        stand = Stand(workloads[0].graph, url, workloads[0].graph.supergraph(url), folder)
        sampler, warm = Sampler(subgraphs, issue(stand.jwks)), set[tuple[str, Running]]()
        wanted = {mode for workload in workloads for mode in workload.modes}
        running = [stand.start(stack, peer, mode) for peer, mode in routers if mode in wanted]
        stand.await_all(running)
        for workload in workloads:
            some = [one for one in running if one.mode in workload.modes]
            cold = [one for one in some if (workload.body, one) not in warm]
            warm |= {(workload.body, one) for one in some}
            yield from _rounds(workload, some, cold, plan, sampler)


def _rounds(
    workload: Workload, running: Sequence[Running], cold: Sequence[Running], plan: Plan, sampler: Sampler
) -> Iterator[Sample]:
    """Warm those up that are cold; one that answers wrongly is measured no further."""
    expected = workload.graph.expected(workload.query, workload.variables)
    warmed = {one: sampler.take(workload, one, expected, plan.warm_up) for one in cold}
    wrong = {one: sample for one, sample in warmed.items() if sample.wrong}
    yield from wrong.values()
    for number in range(1, plan.rounds + 1):
        for one in running:
            if one not in wrong:
                yield replace(sampler.take(workload, one, expected, plan.seconds), round=number)
