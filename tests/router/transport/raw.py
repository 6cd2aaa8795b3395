"""HTTP written by hand, for what no client library would send."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass

from router.request import Json
from tests.router.door import Door


@dataclass(frozen=True, slots=True)
class RawResponse:
    """What came before the connection was closed, or the response was whole."""

    status: int
    headers: list[tuple[str, str]]
    body: bytes

    def json(self) -> Json:
        return json.loads(self.body)


async def connect(door: Door) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    return await asyncio.open_connection(door.client.base_url.host, door.client.base_url.port)


async def exchange(door: Door, request: bytes) -> RawResponse:
    """Send bytes; read one response."""
    reader, writer = await connect(door)
    writer.write(request)
    response = await read_response(reader)
    writer.close()
    return response


async def read_response(reader: asyncio.StreamReader) -> RawResponse:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    first, *lines = head.strip().split("\r\n")
    headers = [(name.lower(), value.strip()) for name, _, value in (line.partition(":") for line in lines)]
    length = next((int(value) for name, value in headers if name == "content-length"), 0)
    return RawResponse(int(first.split()[1]), headers, await reader.readexactly(length))


def post(body: bytes, *headers: str) -> bytes:
    """Write a POST with a body of JSON and more headers."""
    lines = ["POST /graphql HTTP/1.1", "host: router", "content-type: application/json", *headers]
    return "\r\n".join([*lines, f"content-length: {len(body)}", "", ""]).encode("latin-1") + body
