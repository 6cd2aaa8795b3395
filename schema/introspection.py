"""Asks running subgraphs for their SDL. Source: Federation subgraph specification, "Query._service"."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

import httpx

from schema.config import UnreachableSubgraph

TIMEOUT_SECONDS = 10.0


def ask_all(urls: Mapping[str, str]) -> dict[str, str]:
    """Ask every subgraph at once, by name. Raises: UnreachableSubgraph."""
    return asyncio.run(_ask_all(urls))


async def _ask_all(urls: Mapping[str, str]) -> dict[str, str]:
    async with httpx.AsyncClient(timeout=TIMEOUT_SECONDS) as client:
        told = await asyncio.gather(*(_ask(name, url, client) for name, url in urls.items()))
    return dict(zip(urls, told, strict=True))


async def _ask(name: str, url: str, client: httpx.AsyncClient) -> str:
    try:
        response = await client.post(url, json={"query": "{ _service { sdl } }"})
        response.raise_for_status()
        return str(response.json()["data"]["_service"]["sdl"])
    except (httpx.HTTPError, httpx.InvalidURL, ValueError, KeyError, TypeError) as error:
        raise UnreachableSubgraph(f'Cannot get the schema of subgraph "{name}" from {url}: {error!r}') from error
