"""Asks running subgraphs for their SDL. Source: Federation subgraph specification, "Query._service"."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

import httpx

from schema.config import Running
from schema.sources import MAX_SDL_BYTES, TOO_LARGE, UnreachableSubgraph

TIMEOUT_SECONDS = 10.0


def ask_all(subgraphs: Mapping[str, Running]) -> dict[str, str]:
    """Ask every subgraph at once, by name. Raises: UnreachableSubgraph, which tells all that failed."""
    return asyncio.run(_ask_all(subgraphs))


async def _ask_all(subgraphs: Mapping[str, Running]) -> dict[str, str]:
    async with httpx.AsyncClient(timeout=TIMEOUT_SECONDS) as client:
        asked = (_ask(name, subgraph, client) for name, subgraph in subgraphs.items())
        told = await asyncio.gather(*asked, return_exceptions=True)
    failures = [one for one in told if isinstance(one, BaseException)]
    for failure in failures:
        if not isinstance(failure, UnreachableSubgraph):
            raise failure
    if failures:
        raise UnreachableSubgraph("\n".join(map(str, failures)))
    return {name: sdl for name, sdl in zip(subgraphs, told, strict=True) if isinstance(sdl, str)}


async def _ask(name: str, subgraph: Running, client: httpx.AsyncClient) -> str:
    try:
        answer = await client.post(subgraph.url, json={"query": "{ _service { sdl } }"}, headers=dict(subgraph.headers))
        answer.raise_for_status()
        if len(answer.content) > MAX_SDL_BYTES:
            raise ValueError(f"its answer is {TOO_LARGE}")
        return _sdl(answer.json())
    except httpx.HTTPStatusError as error:
        why = f"it answers with HTTP status {error.response.status_code}"
    except httpx.TimeoutException:
        why = f"no answer within {TIMEOUT_SECONDS:g} s"
    except (httpx.HTTPError, httpx.InvalidURL, ValueError) as error:
        why = str(error) or type(error).__name__
    raise UnreachableSubgraph(f'Cannot get the schema of subgraph "{name}" from {subgraph.url}: {why}.')


def _sdl(body: object) -> str:
    """Read the answer. Raises: ValueError, which says what it is instead."""
    match body:
        case {"data": {"_service": {"sdl": str(sdl)}}}:
            return sdl
        case {"errors": [{"message": str(message)}, *_]}:
            raise ValueError(f"it answers: {message.rstrip('.')}")
        case _:
            raise ValueError("it does not answer with an SDL")
