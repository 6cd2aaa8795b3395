"""Calls of one subgraph, or of the worker, to another: over HTTP, on behalf of an initiator."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any, Self

import httpx
import orjson

from subgraphs.kernel.identity import InternalToken, ServiceSigner
from subgraphs.kernel.settings import Settings
from subgraphs.kernel.telemetry import traceparent

Json = Any

USUAL_SECONDS = 30.0
GRACE_SECONDS = 1.0  # in which the answer that the time is over comes


class ServiceError(Exception):
    """Another subgraph did not answer, or answered with errors, whose codes are `codes`."""

    def __init__(self, subgraph: str, reason: str, codes: tuple[str, ...] = ()) -> None:
        super().__init__(f"'{subgraph}' did not do as asked: {reason}")
        self.codes = codes


class ServiceClient:
    """Sends operations to other subgraphs."""

    def __init__(self, settings: Settings, transport: httpx.AsyncBaseTransport | None = None) -> None:
        self._settings = settings
        self._signer = ServiceSigner(settings.required("service_key"))
        self._http = httpx.AsyncClient(transport=transport, trust_env=False)

    @classmethod
    @asynccontextmanager
    async def connected(cls, settings: Settings) -> AsyncIterator[Self]:
        """Hold a client open for the body."""
        client = cls(settings)
        try:
            yield client
        finally:
            await client.close()

    async def close(self) -> None:
        """Close its connections."""
        await self._http.aclose()

    async def call(  # noqa: PLR0913 - the facts of a call
        self,
        subgraph: str,
        document: str,
        variables: Mapping[str, Json],
        token: InternalToken,
        actor: str,
        *,
        seconds: float = USUAL_SECONDS,
    ) -> dict[str, Json]:
        """Run one operation on behalf of the token's identity; its `data`. Raises: ServiceError, also after `seconds`.

        The subgraph is told of the time, and gives up then, too.
        """
        body = orjson.dumps({"query": document, "variables": variables})
        headers = {"authorization": f"Bearer {self._signer.sign(token, subgraph, actor)}", **_headers(seconds)}
        url = self._settings.required(f"{subgraph}_url")
        try:
            response = await self._http.post(url, content=body, headers=headers, timeout=seconds + GRACE_SECONDS)
            answer = orjson.loads(response.content)
        except (httpx.HTTPError, orjson.JSONDecodeError) as error:
            raise ServiceError(subgraph, f"{type(error).__name__}: {error}") from error
        return _data(subgraph, answer)


def _headers(seconds: float) -> dict[str, str]:
    headers = {"content-type": "application/json", "fedra-deadline": str(int(seconds * 1000))}
    trace = traceparent.get()
    return headers if trace is None else {**headers, "traceparent": trace}


def _data(subgraph: str, answer: Json) -> dict[str, Json]:
    if not isinstance(answer, dict):
        raise ServiceError(subgraph, "its answer is no GraphQL response")
    if errors := answer.get("errors"):
        codes = tuple(str(error.get("extensions", {}).get("code")) for error in errors)
        raise ServiceError(subgraph, "; ".join(str(error.get("message")) for error in errors), codes)
    data: dict[str, Json] = answer["data"]
    return data
