"""The error tree: what went wrong, for whom, and under which stable code (listed in docs/errors.md)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from graphql.error import GraphQLError as SourceError
from graphql.pyutils import did_you_mean, suggestion_list

from router.request import GraphQLError, Json, Response

MAX_MESSAGE = 500
"""Characters of a text that quotes the client, who may have sent megabytes, and have them quoted again and again."""


def shortened(message: str) -> str:
    """Cut a text that quotes the client."""
    return message if len(message) <= MAX_MESSAGE else f"{message[:MAX_MESSAGE]}…"


class RouterError(Exception):
    """Anything that ends a request before execution.

    `status` is the HTTP status; `json_status` the one for a client that speaks `application/json` only; `headers` are
    those that such a status asks for.
    Source: GraphQL over HTTP, "Status Codes".
    """

    code = "INTERNAL_SERVER_ERROR"
    status = 500
    json_status = 500
    headers: Sequence[tuple[str, str]] = ()

    def to_errors(self) -> tuple[GraphQLError, ...]:
        """Say what the client may know."""
        return (GraphQLError(str(self), self.code),)

    def to_response(self) -> Response:
        """Answer with the errors and no data."""
        return Response(
            errors=self.to_errors(),
            executed=False,
            status=self.status,
            json_status=self.json_status,
            headers=self.headers,
        )


class InternalError(RouterError):
    """Ours; logged in full, shown without detail."""

    def to_errors(self) -> tuple[GraphQLError, ...]:
        return (GraphQLError("Internal server error.", self.code),)


class ClientError(RouterError):
    """The caller's fault; its text is safe to show."""

    code = "BAD_REQUEST"
    status = 400
    json_status = 400

    def __init__(self, message: str, **extensions: Json) -> None:
        super().__init__(message)
        self.extensions: Mapping[str, Json] = extensions

    def to_errors(self) -> tuple[GraphQLError, ...]:
        return (GraphQLError(str(self), self.code, extensions=self.extensions),)


class RequestError(ClientError):
    """No GraphQL request can be read from the HTTP request. Source: GraphQL over HTTP, "Request"."""

    def __init__(self, message: str, code: str = "BAD_REQUEST", status: int = 400, **headers: str) -> None:
        super().__init__(message)
        self.code = code
        self.status = self.json_status = status
        self.headers = tuple((name.replace("_", "-"), value) for name, value in headers.items())


class AuthError(ClientError):
    """Who asks could not be proved, and has to be. Source: RFC 6750, "The WWW-Authenticate Response Header Field"."""

    code = "UNAUTHENTICATED"
    status = json_status = 401
    headers = (("www-authenticate", 'Bearer realm="graphql"'),)


class InvalidToken(AuthError):
    """There is a token, and it proves nothing. Source: RFC 6750, "Error Codes"."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        challenge = f'Bearer realm="graphql", error="invalid_token", error_description="{message}"'
        self.headers = (("www-authenticate", challenge),)


class OperationError(ClientError):
    """The request was read, and what it asks cannot run: 200 for a client that speaks `application/json` only."""

    json_status = 200


class DocumentError(OperationError):
    """The document is not GraphQL, or not valid against the API schema; each mistake is one error."""

    def __init__(self, code: str, mistakes: Sequence[SourceError]) -> None:
        super().__init__("; ".join(shortened(mistake.message) for mistake in mistakes))
        self.code = code
        self._errors = tuple(
            GraphQLError(
                shortened(mistake.message),
                code,
                locations=tuple((place.line, place.column) for place in mistake.locations or ()),
            )
            for mistake in mistakes
        )

    def to_errors(self) -> tuple[GraphQLError, ...]:
        return self._errors


class UnknownOperation(OperationError):
    """The document has no operation of that name. Source: GraphQL, "Executing Requests"."""

    code = "OPERATION_RESOLUTION_FAILURE"

    def __init__(self, name: str | None, known: Sequence[str]) -> None:
        super().__init__(_which_operation(name, known))


def _which_operation(name: str | None, known: Sequence[str]) -> str:
    if name is not None:
        return shortened(f"Unknown operation '{name}'.{did_you_mean(suggestion_list(name, known))}")
    if not known:
        return "The document contains no operation."
    return "The document contains several operations: 'operationName' must name one of them."


class OperationTooLarge(OperationError):
    """With its fragments inlined the operation is beyond what the router is ready to plan."""

    code = "OPERATION_TOO_LARGE"


class VariableError(OperationError):
    """Variables do not fit what the operation declares. Source: GraphQL, "Coercing Variable Values".

    Shapes: mistakes as pairs of variable name and message; each is one error.
    """

    code = "BAD_USER_INPUT"

    def __init__(self, mistakes: Sequence[tuple[str, str]]) -> None:
        super().__init__(" ".join(shortened(message) for _, message in mistakes))
        self.mistakes = mistakes

    def to_errors(self) -> tuple[GraphQLError, ...]:
        return tuple(
            GraphQLError(shortened(message), self.code, extensions={"variable": shortened(name)})
            for name, message in self.mistakes
        )


class RateLimited(ClientError):
    """The caller has used up what it may use for now. Source: RFC 6585, "429 Too Many Requests"."""

    code = "REQUEST_RATE_LIMITED"
    status = json_status = 429


class CostExceeded(OperationError):
    """The operation costs more than demand control allows; `code` says whether it was estimated or counted."""

    def __init__(self, code: str, message: str, **extensions: Json) -> None:
        super().__init__(message, **extensions)
        self.code = code


class Unauthorized(OperationError):
    """Something in the operation is refused to its caller, and so all of it is; `refused` is what the client may read.

    Source: Apollo Federation, "@authenticated", "@requiresScopes", "@policy".
    """

    code = "UNAUTHORIZED_FIELD_OR_TYPE"
    status = 403

    def __init__(self, refused: Sequence[GraphQLError] = ()) -> None:
        super().__init__("Unauthorized field or type")
        self._refused = tuple(refused)

    def to_errors(self) -> tuple[GraphQLError, ...]:
        return self._refused or super().to_errors()


class RefusedByHook(ClientError):
    """The team's own Python refused the request, under a code and with a status of its own."""

    def __init__(self, message: str, code: str, status: int) -> None:
        super().__init__(message)
        self.code = code
        self.status = self.json_status = status


class NotPreparedInTime(ClientError):
    """Too many operations that are new wait to be prepared. Source: RFC 9110, "503 Service Unavailable"."""

    code = "PREPARATION_TIMEOUT"
    status = json_status = 503
    headers = (("retry-after", "1"),)

    def __init__(self) -> None:
        super().__init__("The router is busy with operations that are new to it: ask again in 1 s.")


class MutationForbidden(ClientError):
    """A mutation came by GET, which has to be safe. Source: GraphQL over HTTP, "GET"."""

    code = "MUTATION_FORBIDDEN"
    status = json_status = 405
    headers = (("allow", "POST"),)

    def __init__(self) -> None:
        super().__init__("Mutations can only be sent over HTTP POST.")


class SubscriptionNotSupported(OperationError):
    """The operation is a subscription, which this transport does not carry."""

    code = "SUBSCRIPTION_NOT_SUPPORTED"

    def __init__(self) -> None:
        super().__init__("Subscriptions are not supported by this router.")


class IntrospectionDisabled(OperationError):
    """The operation asks for the schema, and the settings forbid that."""

    code = "INTROSPECTION_DISABLED"

    def __init__(self) -> None:
        super().__init__(
            "Introspection is disabled: '__schema' and '__type' cannot be asked. "
            "'supergraph.introspection: true' in the router's configuration enables it."
        )


class LimitError(OperationError):
    """The operation is larger than the settings allow; `code` names the limit."""

    def __init__(self, code: str, what: str, limit: int) -> None:
        super().__init__(f"Maximum {what} limit exceeded in this operation: {limit} is allowed.")
        self.code = code
        self.limit = limit
