"""A mutation that is refused: nothing is changed, and the payload says why."""

from __future__ import annotations

from subgraphs.kernel.graphql_types import ConflictError, NotFoundError, UserError, ValidationError


class Refusal(Exception):
    """Ends a mutation, and the transaction it is in, with the errors of its payload."""

    def __init__(self, *errors: UserError) -> None:
        super().__init__(" ".join(error.message for error in errors))
        self.errors = errors


def invalid(message: str, *path: str) -> Refusal:
    """Refuse a value of the input."""
    return Refusal(ValidationError(message=message, path=list(path)))


def not_found(what: str, *path: str) -> Refusal:
    """Refuse an id that names nothing the caller may use."""
    return Refusal(NotFoundError(message=f"There is no such {what}.", path=list(path)))


def conflict(message: str, *path: str, current: int | None = None) -> Refusal:
    """Refuse what something else has overtaken."""
    return Refusal(ConflictError(message=message, path=list(path), current_version=current))
