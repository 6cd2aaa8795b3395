"""A team's hooks around requests to subgraphs."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from types import MappingProxyType

from router.fetch.source import Answer, Ask, EntitySource
from router.fetch.subgraph_request import request_of
from router.headers.rules import Rules
from router.hooks import SubgraphRequestView, SubgraphResponseView
from router.hooks.calls import HookCalls
from router.request import Exchange, RequestContext


class HookedSource:
    """An `EntitySource` that lets hooks change the headers of a request, and look at what came of it."""

    def __init__(self, source: EntitySource, hooks: HookCalls, rules: Rules) -> None:
        """`rules` give requests their headers in the first place."""
        self._source = source
        self._hooks = hooks
        self._rules = rules

    async def load(self, asks: Sequence[Ask], context: RequestContext) -> Sequence[Answer]:
        """Answer every ask of one fetch."""
        view = self._view(asks, context)
        exchange = Exchange(await self._hooks.subgraph_request(view, context.deadline))
        began = time.perf_counter()
        answers = await self._source.load(asks, replace(context, exchange=exchange))
        took = timedelta(seconds=time.perf_counter() - began)
        codes = tuple(dict.fromkeys(error.code for answer in answers for error in answer.errors))
        headers = MappingProxyType(dict(exchange.headers))
        told = SubgraphResponseView(view.subgraph, exchange.status, headers, codes, took, context.bag)
        await self._hooks.subgraph_response(told, context.deadline)
        return answers

    def _view(self, asks: Sequence[Ask], context: RequestContext) -> SubgraphRequestView:
        fetch = asks[0].fetch
        headers = MappingProxyType(self._rules.to_subgraph(fetch.subgraph, context))
        text = request_of(asks, {}).query
        return SubgraphRequestView(fetch.subgraph, fetch.kind.value, text, headers, context.client, context.bag)
