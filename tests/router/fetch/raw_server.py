"""A server that says exactly what a test wants, byte by byte, on a real socket."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from ssl import SSLContext

Talk = Callable[["Talker"], Awaitable[None]]


@dataclass(slots=True)
class Talker:
    """One connection as the server sees it. `number` counts connections from 1."""

    number: int
    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter

    async def hear(self) -> bytes:
        """Read one request, body included."""
        head = await self.reader.readuntil(b"\r\n\r\n")
        length = next(int(line[15:]) for line in head.split(b"\r\n") if line.startswith(b"content-length:"))
        return head + await self.reader.readexactly(length)

    async def say(self, *parts: bytes) -> None:
        for part in parts:
            self.writer.write(part)
            await self.writer.drain()
            await asyncio.sleep(0)


@dataclass(slots=True)
class RawServer:
    port: int = 0
    scheme: str = "http"
    connections: int = 0
    open: set[asyncio.StreamWriter] = field(default_factory=set)

    @property
    def url(self) -> str:
        return f"{self.scheme}://127.0.0.1:{self.port}/graphql"


@asynccontextmanager
async def serve(talk: Talk, tls: SSLContext | None = None) -> AsyncIterator[RawServer]:
    """Serve every connection with one conversation, then close it."""
    server = RawServer(scheme="https" if tls else "http")

    async def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        server.connections += 1
        server.open.add(writer)
        try:
            await talk(Talker(server.connections, reader, writer))
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            server.open.discard(writer)
            writer.close()

    listening = await asyncio.start_server(accept, "127.0.0.1", 0, ssl=tls)
    server.port = listening.sockets[0].getsockname()[1]
    try:
        yield server
    finally:
        listening.close()
        for writer in list(server.open):
            writer.transport.abort()
        await listening.wait_closed()
        await asyncio.sleep(0.01)
