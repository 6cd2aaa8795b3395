"""A mutation that is refused: nothing is changed, and the payload says why."""

from __future__ import annotations

from typing import Any

from subgraphs.kernel.graphql_types import ConflictError, IdempotencyError, NotFoundError, ValidationError

Json = Any
Failure = ValidationError | NotFoundError | ConflictError | IdempotencyError


class Refusal(Exception):
    """Ends a mutation, and the transaction it is in, with an error of its payload."""

    def __init__(self, error: Failure) -> None:
        super().__init__(error.message)
        self.error = error


def invalid(message: str, *path: str) -> Refusal:
    """Refuse a value of the input."""
    return Refusal(ValidationError(message=message, path=list(path)))


def not_found(what: str, *path: str) -> Refusal:
    """Refuse an id that names nothing the caller may use."""
    return Refusal(NotFoundError(message=f"There is no such {what}.", path=list(path)))


def conflict(message: str, *path: str, current: int | None = None) -> Refusal:
    """Refuse what someone else was faster with."""
    return Refusal(ConflictError(message=message, path=list(path), current_version=current))


def accepted(answer: Json | IdempotencyError) -> Json:
    """Answer what a keyed operation answered. Raises: Refusal if its key is another request's."""
    if isinstance(answer, IdempotencyError):
        raise Refusal(answer)
    return answer
