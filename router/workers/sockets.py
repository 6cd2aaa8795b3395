"""The address of the router: taken once, listened at by one process or by several (docs/adr/0010)."""

from __future__ import annotations

import os
import socket
import sys
from typing import Any

BACKLOG = 2048


def listen(host: str, port: int) -> socket.socket:
    """Take an address and listen. Raises: OSError."""
    taken = reserve(host, port)
    try:
        taken.listen(BACKLOG)
    except OSError as error:
        taken.close()
        raise _refused(host, port, error) from error
    return taken


def reserve(host: str, port: int) -> socket.socket:
    """Take an address and do not listen yet: what comes is refused until a worker does. Raises: OSError."""
    try:
        return _bound(socket.AF_INET6 if ":" in host else socket.AF_INET, (host, port))
    except OSError as error:
        raise _refused(host, port, error) from error


def listener_of_worker(reserved: socket.socket) -> socket.socket:
    """Make what one worker listens with, at an address that its supervisor has reserved.

    Linux spreads connections evenly over sockets at one port, and a worker that dies takes with it only those it had
    not accepted. Elsewhere all workers accept from the one socket.
    """
    if sys.platform != "linux":
        return reserved
    with reserved:
        return _bound(reserved.family, reserved.getsockname(), socket.SO_REUSEPORT)


def url_of(address: tuple[Any, ...], path: str) -> str:
    """Say where a path is asked for. Shapes: address as `getsockname` gives it."""
    host, port = address[:2]
    return f"http://[{host}]:{port}{path}" if ":" in host else f"http://{host}:{port}{path}"


def _bound(family: socket.AddressFamily, address: tuple[str, int], *options: int) -> socket.socket:
    bound = socket.socket(family)
    try:
        for option in (socket.SO_REUSEADDR, *options):
            bound.setsockopt(socket.SOL_SOCKET, option, 1)
        if family == socket.AF_INET6:
            bound.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        bound.bind(address)
    except BaseException:
        bound.close()
        raise
    return bound


def _refused(host: str, port: int, error: OSError) -> OSError:
    reason = os.strerror(error.errno) if error.errno and error.errno > 0 else str(error)
    return OSError(f"cannot listen on {host}:{port}: {reason}. '--port' takes another.")
