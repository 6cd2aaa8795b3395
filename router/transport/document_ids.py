"""How clients name a document that they do not send."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from router.errors import RequestError
from router.request import Json


class DocumentIds(NamedTuple):
    """The id of a request's document, from whichever place held one, and the hash by which it may be learnt."""

    document_id: str | None = None
    sha256_hash: str | None = None


def read_document_ids(given: Mapping[str, Json], parameters: Sequence[str], path_id: str | None = None) -> DocumentIds:
    """Take the id from `documentId`, the hash of `extensions.persistedQuery`, one of the parameters, or the path.

    The first place that has one decides. Raises: RequestError. Source: GraphQL over HTTP, "Persisted Documents";
    Apollo, "APQ" protocol.
    """
    sha256_hash = _sha256_hash(given.get("extensions"))
    found = _string(given, "documentId") or sha256_hash
    for name in parameters:
        value = _string(given, name)
        found = found or value
    return DocumentIds(found or path_id or None, sha256_hash)


def _string(given: Mapping[str, Json], name: str) -> str | None:
    value = given.get(name)
    if value is None or isinstance(value, str):
        return value
    raise RequestError(f"The parameter '{name}' must be a string.")


def _sha256_hash(extensions: Json) -> str | None:
    """Read the hash of an automatic persisted query."""
    persisted = extensions.get("persistedQuery") if isinstance(extensions, dict) else None
    if persisted is None:
        return None
    if not isinstance(persisted, dict) or persisted.get("version") != 1:
        raise RequestError("'extensions.persistedQuery' must be an object of version 1.")
    found = persisted.get("sha256Hash")
    if not isinstance(found, str) or not found:
        raise RequestError("'extensions.persistedQuery' must have a 'sha256Hash', a string.")
    return found
