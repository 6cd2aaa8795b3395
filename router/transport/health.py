"""Whether the router can serve: for supervisors and load balancers."""

from __future__ import annotations

from starlette.types import Receive, Scope, Send

from router.transport.write import write_json


async def health(_scope: Scope, _receive: Receive, send: Send) -> None:
    """Answer that the router is up; it listens only once a supergraph is loaded."""
    await write_json(send, 200, {"status": "UP"})
