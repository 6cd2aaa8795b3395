"""The address of several workers."""

from __future__ import annotations

import socket
import sys
from collections.abc import Callable

import pytest

from router.workers.sockets import BACKLOG, listen, listener_of_worker, reserve, url_of


def connects(address: tuple[str, int]) -> bool:
    """Whether anybody listens."""
    with socket.socket() as client:
        return client.connect_ex(address) == 0


def listening(reserved: socket.socket) -> socket.socket:
    """Do what a worker does."""
    listener = listener_of_worker(reserved.dup())
    listener.listen(BACKLOG)
    return listener


def test_a_reserved_address_refuses_until_a_worker_listens_and_when_none_does_any_more() -> None:
    with reserve("127.0.0.1", 0) as reserved:
        address = reserved.getsockname()
        assert not connects(address)
        with listening(reserved), listening(reserved):
            assert connects(address)
        assert not connects(address)


@pytest.mark.parametrize("take", [listen, reserve])
def test_an_address_at_which_workers_listen_is_taken(take: Callable[[str, int], socket.socket]) -> None:
    with reserve("127.0.0.1", 0) as reserved, listening(reserved):
        port = reserved.getsockname()[1]
        with pytest.raises(OSError, match=f"cannot listen on 127.0.0.1:{port}: Address already in use"):
            take("127.0.0.1", port)


def test_elsewhere_than_on_linux_workers_accept_from_the_one_socket(monkeypatch: pytest.MonkeyPatch) -> None:
    with reserve("127.0.0.1", 0) as reserved:
        monkeypatch.setattr(sys, "platform", "darwin")
        assert listener_of_worker(reserved) is reserved


@pytest.mark.parametrize(
    ("address", "url"),
    [(("127.0.0.1", 4000), "http://127.0.0.1:4000/graphql"), (("::1", 4000, 0, 0), "http://[::1]:4000/graphql")],
)
def test_the_url_of_an_address(address: tuple[object, ...], url: str) -> None:
    assert url_of(address, "/graphql") == url
