"""A mutation that is refused: nothing is changed, and the payload says why."""

from __future__ import annotations

from subgraphs.kernel.graphql_types import ConflictError, IdempotencyError, NotFoundError, UserError, ValidationError
from subgraphs.sessions.records import Json


class Refusal(Exception):
    """Ends a mutation, and the transaction it is in, with an error of its payload."""

    def __init__(self, error: UserError) -> None:
        super().__init__(error.message)
        self.error = error


def invalid(message: str, *path: str) -> Refusal:
    """Refuse a value of the input."""
    return Refusal(ValidationError(message=message, path=list(path)))


def not_found(what: str, *path: str) -> Refusal:
    """Refuse an id that names nothing the caller may see."""
    return Refusal(NotFoundError(message=f"There is no such {what}.", path=list(path)))


def conflict(message: str, *path: str, current: int | None = None) -> Refusal:
    """Refuse what something else has overtaken."""
    return Refusal(ConflictError(message=message, path=list(path), current_version=current))


def accepted(answer: Json | IdempotencyError) -> Json:
    """Answer the result of a keyed operation. Raises: Refusal if the key was used for another request."""
    if isinstance(answer, IdempotencyError):
        raise Refusal(answer)
    return answer
