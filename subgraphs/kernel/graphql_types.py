"""Types that several subgraphs define alike: nodes, pages, payload errors."""

from __future__ import annotations

import strawberry


@strawberry.interface
class Node:
    """An object that can be found again by its global id."""

    id: strawberry.ID


@strawberry.federation.type(shareable=True)
class PageInfo:
    """Where a page stands in its list. Source: GraphQL Cursor Connections Specification, "PageInfo"."""

    has_next_page: bool
    has_previous_page: bool
    start_cursor: str | None = None
    end_cursor: str | None = None


@strawberry.interface
class UserError:
    """What a mutation's payload says went wrong, for the caller to handle. `path` leads to the input field."""

    code: str
    message: str
    path: list[str] | None = None


@strawberry.federation.type(shareable=True)
class ValidationError(UserError):
    """A value of the input breaks a rule."""

    code: str = "VALIDATION_FAILED"


@strawberry.federation.type(shareable=True)
class NotFoundError(UserError):
    """The input names something that is not there, or not the caller's."""

    code: str = "NOT_FOUND"


@strawberry.federation.type(shareable=True)
class ConflictError(UserError):
    """Someone else was first."""

    code: str = "CONFLICT"
    current_version: int | None = None


@strawberry.federation.type(shareable=True)
class IdempotencyError(UserError):
    """The idempotency key was used for another request, or its first use is still running."""

    code: str = "IDEMPOTENCY_KEY_REUSED"
    in_progress: bool = False


@strawberry.federation.type(shareable=True)
class QuotaExceededError(UserError):
    """A limit of the project is reached."""

    code: str = "QUOTA_EXCEEDED"
    retry_after_seconds: int | None = None
