"""What browsers may send and read."""

from __future__ import annotations

from router.settings.values import Branch


class Csrf(Branch):
    """Protection from requests that a browser sends to us from a foreign page without asking first."""

    unsafe_disabled: bool = False
    """Whether simple requests are served too."""
    required_headers: tuple[str, ...] = ("apollo-require-preflight", "x-apollo-operation-name")
    """Any of these headers, or a `content-type` that is not a form's, proves that the browser asked first."""


class Cors(Branch):
    """Foreign pages whose scripts may read our answers; by default none."""

    origins: tuple[str, ...] = ()
    """Whose pages: origins such as `https://app.example.com`."""
    allow_any_origin: bool = False
    """Whether everybody's pages may, instead of those of `origins`."""
    allow_credentials: bool = False
    """Whether the browser may send cookies along."""
    allow_headers: tuple[str, ...] = ("authorization", "content-type", "apollo-require-preflight")
    """Headers that scripts may set."""
