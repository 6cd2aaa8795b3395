"""The registered documents of all manifests, found by id or recognised by their text."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256

from graphql import GraphQLError, parse, print_ast

from router.persisted.manifest import RegisteredDocument


class RegisteredDocuments:
    """What is registered, per client and for everybody. Immutable: a changed manifest makes a new one."""

    def __init__(self, documents: Sequence[RegisteredDocument] = ()) -> None:
        self._texts = {(one.client, one.id): one.text for one in documents}
        self._as_written = {(one.client, one.text) for one in documents}
        self._known = {(one.client, fingerprint(one.text)) for one in documents}

    def __len__(self) -> int:
        return len(self._texts)

    @property
    def texts(self) -> Sequence[str]:
        """All documents, as they were registered, each once."""
        return tuple(dict.fromkeys(self._texts.values()))

    def find(self, client: str | None, id: str) -> str | None:
        """Give the text of a document of this client, or of everybody's."""
        own = self._texts.get((client, id))
        return own if own is not None else self._texts.get((None, id))

    def holds_as_written(self, client: str | None, text: str) -> bool:
        """Whether this very text is registered for this client, or for everybody."""
        return (client, text) in self._as_written or (None, text) in self._as_written

    def holds(self, client: str | None, print_of_text: str) -> bool:
        """Whether a text with this fingerprint is registered for this client, or for everybody."""
        return (client, print_of_text) in self._known or (None, print_of_text) in self._known


def fingerprint(text: str, max_tokens: int | None = None) -> str:
    """Name a document by what it says: alike whatever its layout, its comments and the order of its definitions.

    A text that is not GraphQL, or has too many tokens, is named by its letters.
    """
    try:
        definitions = parse(text, no_location=True, max_lexical_tokens=max_tokens).definitions
    except (GraphQLError, RecursionError):
        return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
    return sha256("\n".join(sorted(map(print_ast, definitions))).encode()).hexdigest()
