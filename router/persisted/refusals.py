"""Why a document that was named, or sent, is not served."""

from __future__ import annotations

from router.errors import OperationError


class PersistedQueryNotFound(OperationError):
    """No text was learnt under the hash; the client sends it. Source: Apollo, "APQ" protocol."""

    code = "PERSISTED_QUERY_NOT_FOUND"
    status = 200

    def __init__(self) -> None:
        super().__init__("PersistedQueryNotFound")


class PersistedQueryNotSupported(OperationError):
    """Nothing is learnt here; the client goes on without hashes. Source: Apollo, "APQ" protocol."""

    code = "PERSISTED_QUERY_NOT_SUPPORTED"
    status = 200

    def __init__(self) -> None:
        super().__init__("PersistedQueryNotSupported")


class PersistedQueryMismatch(OperationError):
    """The text has another hash than the request says."""

    code = "PERSISTED_QUERY_HASH_MISMATCH"

    def __init__(self) -> None:
        super().__init__("'extensions.persistedQuery.sha256Hash' is not the SHA-256 of the 'query', in hexadecimal.")


class DocumentNotRegistered(OperationError):
    """No document is registered under the id, for this client or for everybody."""

    code = "PERSISTED_QUERY_NOT_IN_LIST"

    def __init__(self, id: str) -> None:
        super().__init__(f"No document is registered under the id '{id[:100]}' for this client.")


class DocumentIdRequired(OperationError):
    """Only registered documents are served, by id."""

    code = "PERSISTED_QUERY_ID_REQUIRED"

    def __init__(self) -> None:
        super().__init__("This router serves registered documents only: send the id of one as 'documentId'.")


class UnregisteredDocument(OperationError):
    """The text is none of those registered."""

    code = "QUERY_NOT_IN_SAFELIST"

    def __init__(self) -> None:
        super().__init__("This router serves registered documents only, and this one is not registered.")
