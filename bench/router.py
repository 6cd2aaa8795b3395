"""The router's own work per request, as a ratio to graphql-core executing the same query on one plain schema.

usage: python -m bench.router [--products 200] [--rounds 30]

Both run in this process, in turn, so that a machine whose speed drifts slows both alike. Units: CPU time. The router's
side is a warm one: prepared document and plan are found, and subgraphs answer from memory; three fetches, layers and
completion remain.
"""

from __future__ import annotations

import argparse
import asyncio
import statistics
import time
from collections.abc import Awaitable, Callable
from typing import Any

from graphql import GraphQLSchema, parse
from graphql import execute as execute_plain

from bench import workload
from router.pipeline import Router, answer
from router.request import GraphQLRequest, RequestContext
from router.snapshot import Snapshot

Run = Callable[[], Awaitable[Any]]


async def main() -> None:
    """Measure and print one line for each side, and the ratio."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--products", type=int, default=200)
    parser.add_argument("--rounds", type=int, default=30)
    options = parser.parse_args()
    products = workload.data(options.products)
    router = Router(Snapshot.load(workload.supergraph()), workload.source(products))
    federated, plain = _federated(router), _plain(workload.monolith(), {"products": products})
    if (await federated()).data != (await plain()).data:
        raise SystemExit("The two sides answer differently: nothing was measured.")
    times = [(await _cpu_ms(federated), await _cpu_ms(plain)) for _ in range(options.rounds)]
    router_ms, plain_ms = (statistics.median(side) for side in zip(*times, strict=True))
    ratio = statistics.median(one / other for one, other in times)
    print(f"products {options.products}, rounds {options.rounds}, medians of CPU time")
    print(f"router        {router_ms:8.2f} ms\ngraphql-core  {plain_ms:8.2f} ms\nratio         {ratio:8.2f}")


def _federated(router: Router) -> Run:
    async def run() -> Any:  # noqa: ANN401 (a response of either kind)
        return await answer(GraphQLRequest(workload.QUERY), RequestContext(time.monotonic() + 30), router)

    return run


def _plain(schema: GraphQLSchema, root: dict[str, Any]) -> Run:
    document = parse(workload.QUERY)

    async def run() -> Any:  # noqa: ANN401
        return execute_plain(schema, document, root)

    return run


async def _cpu_ms(run: Run) -> float:
    began = time.process_time()
    await run()
    return (time.process_time() - began) * 1000


if __name__ == "__main__":
    asyncio.run(main())
