"""The expected failures of a subgraph: what ends an operation or a field under a stable code."""

from __future__ import annotations


class SubgraphError(Exception):
    """Expected: its text is shown to the caller, with `code` in the error's extensions."""

    code = "INTERNAL_SERVER_ERROR"
    status = 200


class Unauthenticated(SubgraphError):
    """A store was asked for without a token."""

    code = "UNAUTHENTICATED"

    def __init__(self, message: str = "This needs a token.") -> None:
        super().__init__(message)


class Forbidden(SubgraphError):
    """The token is genuine, but not for this."""

    code = "FORBIDDEN"


class BadUserInput(SubgraphError):
    """An argument that no payload can answer for, such as a foreign cursor."""

    code = "BAD_USER_INPUT"
