"""One request of a client and its response, from ASGI messages to bytes."""

from __future__ import annotations

from collections.abc import Iterable
from http import HTTPStatus

from starlette.types import Message
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, RequestResponseCycle

_CONTROLS = bytes({*range(0x20), 0x7F} - {ord("\t")})
_BODILESS = frozenset({HTTPStatus.NO_CONTENT, HTTPStatus.NOT_MODIFIED})


class Exchange(RequestResponseCycle):
    """As uvicorn has it; what an app sends goes out in as few pieces as it comes in: a head with the first of its body.

    Source: ASGI, "HTTP Connection Scope"; RFC 9112, "Message Body".
    """

    _head: bytes = b""
    """Is sent with what comes next."""

    async def send(self, message: Message) -> None:  # type: ignore[override]  # the same, as starlette calls it
        """Take a message of the app."""
        if self.flow.write_paused and not self.disconnected:
            await self.flow.drain()
        if self.disconnected:
            return
        kind = message["type"]
        if kind == "http.response.start" and not self.response_started:
            self._begin(message["status"], message.get("headers", ()))
        elif kind == "http.response.body" and self.response_started and not self.response_complete:
            self._go_on(message.get("body", b""), more=message.get("more_body", False))
        else:
            raise RuntimeError(f"'{kind}' cannot be sent now.")

    def _begin(self, status: int, headers: Iterable[tuple[bytes, bytes]]) -> None:
        self.response_started = True
        self.waiting_for_100_continue = False
        self.chunked_encoding = self.scope["method"] != "HEAD" and status not in _BODILESS
        lines = [STATUS_LINE[status].removesuffix(b"\r\n")]
        for name, value in (*self.default_headers, *headers):
            if name == b"content-length":
                self.chunked_encoding, self.expected_content_length = False, int(value)
            elif name == b"connection" and b"close" in value.lower():
                self.keep_alive = False
                continue
            lines.append(name + b": " + value)
        if not self.keep_alive:
            lines.append(b"connection: close")
        if self.chunked_encoding:
            lines.append(b"transfer-encoding: chunked")
        head = b"\r\n".join(lines)
        if head.translate(None, _CONTROLS) != b"".join(lines):
            raise RuntimeError("A header of a response holds a control character.")
        self._head = head + b"\r\n\r\n"

    def _go_on(self, body: bytes, *, more: bool) -> None:
        pieces = [self._head]
        self._head = b""
        if self.scope["method"] == "HEAD":
            self.expected_content_length = 0
        elif self.chunked_encoding:
            pieces += _chunk(body, more=more)
        else:
            self.expected_content_length -= len(body)
            pieces.append(body)
        if self.expected_content_length < 0 or (self.expected_content_length and not more):
            raise RuntimeError("The body of a response is not as long as its 'content-length' says.")
        self.transport.writelines([one for one in pieces if one])
        if not more:
            self._end()

    def _end(self) -> None:
        self.response_complete = True
        self.message_event.set()
        if not self.keep_alive:
            self.transport.close()
        self.on_response()


def _chunk(body: bytes, *, more: bool) -> list[bytes]:
    """Write a part of a body whose length is not known. Source: RFC 9112, "Chunked Transfer Coding"."""
    return [b"%x\r\n%b\r\n" % (len(body), body) if body else b"", b"" if more else b"0\r\n\r\n"]
