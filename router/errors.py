"""The error tree: what went wrong, for whom, and under which stable code (listed in docs/errors.md)."""

from __future__ import annotations

from router.request import GraphQLError, Json


class RouterError(Exception):
    """Anything that ends a request before execution."""

    code = "INTERNAL_SERVER_ERROR"
    status = 500

    def to_errors(self) -> tuple[GraphQLError, ...]:
        """Say what the client may know."""
        return (GraphQLError(str(self), self.code),)


class ClientError(RouterError):
    """The caller's fault; its text is safe to show."""

    code = "BAD_REQUEST"
    status = 400

    def __init__(self, message: str, **extensions: Json) -> None:
        super().__init__(message)
        self.extensions = extensions

    def to_errors(self) -> tuple[GraphQLError, ...]:
        return (GraphQLError(str(self), self.code, extensions=self.extensions),)


class InternalError(RouterError):
    """Ours; logged in full, shown without detail."""

    def to_errors(self) -> tuple[GraphQLError, ...]:
        return (GraphQLError("Internal server error.", self.code),)
