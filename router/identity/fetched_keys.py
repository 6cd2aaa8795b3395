"""A key set that an issuer publishes at a URL. Imported only where there is one."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import httpx

from router.identity.keys import InvalidKeys

FETCH_TIMEOUT = timedelta(seconds=5)
MAX_BYTES = 256 * 1024


async def fetch(url: str) -> bytes:
    """Get a key set, from where the settings say and nowhere else: redirections are not followed.

    Raises: InvalidKeys.
    """
    try:
        async with (
            asyncio.timeout(FETCH_TIMEOUT.total_seconds()),
            httpx.AsyncClient(trust_env=False) as client,
            client.stream("GET", url, headers={"accept": "application/json"}) as response,
        ):
            return await _read_body(response.raise_for_status())
    except TimeoutError as error:
        raise InvalidKeys("the issuer did not answer in time") from error
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise InvalidKeys(str(error) or repr(error)) from error


async def _read_body(response: httpx.Response) -> bytes:
    body = b""
    async for chunk in response.aiter_bytes():
        body += chunk
        if len(body) > MAX_BYTES:
            raise InvalidKeys(f"longer than {MAX_BYTES} bytes")
    return body
