"""Subgraphs that live in the router's process: no network, the same requests, errors and deadline as over HTTP."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence

from router.fetch.headers import TokenMinter, headers_for
from router.fetch.source import Answer, Ask
from router.fetch.subgraph_request import SubgraphRequest, request_of
from router.fetch.subgraph_response import answers_of, timed_out, unanswered, unreachable
from router.headers.rules import NO_RULES, Rules
from router.request import Json, RequestContext

LOGGER = logging.getLogger(__name__)

Subgraph = Callable[[SubgraphRequest], Awaitable[Mapping[str, Json]]]


class InProcessSource:
    """An `EntitySource` over callables, by the name of the subgraph. They have to be cooperative: async all through."""

    def __init__(
        self, subgraphs: Mapping[str, Subgraph], mint: TokenMinter | None = None, rules: Rules = NO_RULES
    ) -> None:
        self._subgraphs = subgraphs
        self._mint = mint
        self._rules = rules

    async def load(self, asks: Sequence[Ask], context: RequestContext) -> Sequence[Answer]:
        """Answer every ask of one fetch; what a subgraph raises is logged here and shown as a failed request."""
        name = asks[0].fetch.subgraph
        subgraph = self._subgraphs.get(name)
        if subgraph is None:
            return unanswered(asks, unreachable())
        self._rules.collect(name, (), context)  # there is no response of HTTP, and what it does not say counts
        if context.deadline <= time.monotonic():
            return unanswered(asks, timed_out())
        request = request_of(asks, headers_for(name, context, self._mint, self._rules))
        try:
            async with asyncio.timeout(context.deadline - time.monotonic()):
                body = await subgraph(request)
        except TimeoutError:
            return unanswered(asks, timed_out())
        except Exception:  # the border to a program that is not ours
            LOGGER.exception("a subgraph in this process failed", extra={"subgraph": name})
            return unanswered(asks, unreachable())
        return answers_of(asks, body)
