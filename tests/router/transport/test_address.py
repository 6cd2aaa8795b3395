"""An address is believed as far as proxies of ours have seen it."""

from __future__ import annotations

import pytest

from router.transport.address import address_of

SEEN = {"x-forwarded-for": "6.6.6.6, 2.2.2.2,3.3.3.3"}


@pytest.mark.parametrize(
    ("trusted_proxies", "headers", "address"),
    [
        (0, SEEN, "1.1.1.1"),
        (1, SEEN, "3.3.3.3"),
        (2, SEEN, "2.2.2.2"),
        (4, SEEN, "1.1.1.1"),
        (1, {}, "1.1.1.1"),
        (1, {"x-forwarded-for": " , "}, "1.1.1.1"),
    ],
)
def test_the_address_is_what_the_outermost_trusted_proxy_saw(
    trusted_proxies: int, headers: dict[str, str], address: str
) -> None:
    assert address_of({"client": ("1.1.1.1", 5)}, headers, trusted_proxies) == address


def test_a_connection_without_an_address_has_none() -> None:
    assert address_of({"client": None}, {}, 0) is None
