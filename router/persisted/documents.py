"""From what a client sent to the text of its document. Source: GraphQL over HTTP, "Persisted Documents"."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from hashlib import sha256
from typing import NamedTuple

from cachetools import LRUCache

from router.errors import RequestError
from router.persisted.learnt import LearntDocuments
from router.persisted.refusals import (
    DocumentIdRequired,
    DocumentNotRegistered,
    PersistedQueryMismatch,
    PersistedQueryNotFound,
    PersistedQueryNotSupported,
    UnregisteredDocument,
)
from router.persisted.registered import RegisteredDocuments, fingerprint
from router.prepared import off_loop
from router.request import GraphQLRequest
from router.settings import PersistedMode
from router.telemetry.instruments import DOCUMENTS
from router.telemetry.watch import count

log = logging.getLogger(__name__)

_REMEMBERED = 10_000
"""Texts of which it is remembered what they say."""


class Source(NamedTuple):
    """The text of a request's document; `learn_as`: the hash under which it is to be learnt once it proves valid."""

    text: str
    learn_as: str | None = None


class Documents:
    """Finds the document that a request means, and refuses what the mode does not let in."""

    def __init__(
        self,
        mode: PersistedMode = PersistedMode.OFF,
        registered: RegisteredDocuments | None = None,
        learnt: LearntDocuments | None = None,
        max_tokens: int | None = None,
    ) -> None:
        self._mode = mode
        self._registered = registered or RegisteredDocuments()
        self._learnt = learnt if mode is not PersistedMode.REQUIRE_ID else None
        self._max_tokens = max_tokens
        self._fingerprints: LRUCache[bytes, str] = LRUCache(_REMEMBERED)
        self._told: LRUCache[tuple[str | None, str], None] = LRUCache(_REMEMBERED)

    @property
    def registered(self) -> Sequence[str]:
        """The texts that are registered, for anybody."""
        return self._registered.texts

    async def resolve(self, request: GraphQLRequest, client: str | None) -> Source:
        """Find the text. Raises: RequestError and the errors of persisted documents."""
        try:
            source, found = await self._resolve(request, client)
        except (DocumentNotRegistered, PersistedQueryNotFound):
            count(DOCUMENTS, "unknown")
            raise
        count(DOCUMENTS, found)
        return source

    async def _resolve(self, request: GraphQLRequest, client: str | None) -> tuple[Source, str]:
        """Find the text, and say where."""
        registered = self._find(request, client)
        if registered is not None:
            return Source(registered), "registered"
        source = self._sent(request) if request.query is not None else await self._recalled(request)
        if self._mode in {PersistedMode.AUDIT, PersistedMode.SAFELIST}:
            await self._admit(source.text, client)
        return source, "sent" if request.query is not None else "learnt"

    async def learn(self, source: Source) -> None:
        """Remember a text that proved to be a valid document."""
        if self._learnt is not None and source.learn_as is not None:
            await self._learnt.learn(source.learn_as, source.text)

    def _find(self, request: GraphQLRequest, client: str | None) -> str | None:
        """Give the registered text that the request names by id."""
        text = self._registered.find(client, request.document_id) if request.document_id is not None else None
        if text is None and self._mode is PersistedMode.REQUIRE_ID:
            raise DocumentNotRegistered(request.document_id) if request.document_id else DocumentIdRequired()
        if text is not None and request.query not in {None, text}:
            raise RequestError("The request has an id and a 'query' that is not the document of that id: send one.")
        return text

    def _sent(self, request: GraphQLRequest) -> Source:
        """Take the text as it came; its hash has to be true."""
        text, digest = request.query or "", request.sha256_hash
        if digest is None or self._learnt is None:
            return Source(text)
        if sha256(text.encode("utf-8", "surrogatepass")).hexdigest() != digest.lower():
            raise PersistedQueryMismatch
        return Source(text, digest.lower())

    async def _recalled(self, request: GraphQLRequest) -> Source:
        """Find the text that was learnt under the request's hash."""
        digest = request.sha256_hash
        if digest is None:
            if request.document_id is not None:
                raise DocumentNotRegistered(request.document_id)
            raise RequestError("The request has no 'query'.")
        if self._learnt is None:
            raise DocumentNotRegistered(digest) if len(self._registered) else PersistedQueryNotSupported()
        text = await self._learnt.find(digest.lower())
        if text is None:
            raise PersistedQueryNotFound
        return Source(text)

    async def _admit(self, text: str, client: str | None) -> None:
        """Let registered texts in; tell of the others, or refuse them."""
        if self._registered.holds_as_written(client, text):
            return
        digest = sha256(text.encode("utf-8", "surrogatepass")).digest()  # texts may be long, and there are many
        known = self._fingerprints.get(digest)
        if known is None:
            known = self._fingerprints[digest] = await off_loop(fingerprint, text, self._max_tokens)
        if self._registered.holds(client, known):
            return
        if self._mode is PersistedMode.SAFELIST:
            raise UnregisteredDocument
        if (client, known) not in self._told:
            self._told[client, known] = None
            log.warning("a document is not registered", extra={"client": client, "fingerprint": known})
