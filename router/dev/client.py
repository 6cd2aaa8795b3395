"""A GraphQL client of the router, as the demo's principal."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import httpx


class DemoFailed(Exception):
    """The demo could not be set up; the text says at which step."""


@dataclass(frozen=True, slots=True)
class Client:
    """Sends operations to one endpoint. Units: seconds to wait for an answer."""

    endpoint: str
    token: str
    seconds: float = 60.0

    async def ask(self, query: str, variables: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """Give `data` of an answer without errors. Raises: DemoFailed with the first error."""
        body = await self.answer(query, variables)
        if body.get("errors"):
            raise DemoFailed(f"The router answered: {body['errors'][0]['message']}")
        data: dict[str, Any] = body["data"]
        return data

    async def answer(self, query: str, variables: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """Give a whole answer, errors included. Raises: DemoFailed if there is none."""
        headers = {"authorization": f"Bearer {self.token}"}
        async with httpx.AsyncClient(timeout=self.seconds, trust_env=False, headers=headers) as http:
            try:
                reply = await http.post(self.endpoint, json={"query": query, "variables": dict(variables or {})})
                body: dict[str, Any] = reply.json()
            except (httpx.HTTPError, ValueError) as error:
                raise DemoFailed(f"'{self.endpoint}' gave no answer: {type(error).__name__}.") from None
        return body
