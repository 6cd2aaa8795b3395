"""What an input of sessions may hold. Each check raises Refusal with the path of the value that breaks a rule."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeVar
from uuid import UUID

import orjson
import strawberry

from subgraphs.kernel.global_id import decode
from subgraphs.kernel.refusal import invalid, not_found
from subgraphs.sessions.inputs import CitationInput, ContentPartInput, RecordedPartInput
from subgraphs.sessions.records import Json, text_part

MAX_KEY = 200
MAX_TITLE = 200
MAX_TEXT = 100_000
MAX_PARTS = 20
MAX_METADATA_BYTES = 16_384
MAX_PASSAGES = 50
MAX_COLLECTIONS = 20

Text = TypeVar("Text", str, str | None)


def request_of(input: Any) -> Json:  # noqa: ANN401 - any input type
    """Say what an input asks for: all of it but what names the request."""
    named = {"idempotency_key", "client_mutation_id"}
    return {name: value for name, value in strawberry.asdict(input).items() if name not in named}


def check_key(key: str) -> str:
    """Check an idempotency key."""
    return check_words(key, MAX_KEY, "idempotencyKey")


def check_text(text: Text, limit: int, *path: str) -> Text:
    """Check length and characters of a text."""
    if text is not None and len(text) > limit:
        raise invalid(f"This is longer than {limit} characters.", *path)
    if text is not None and "\0" in text:
        raise invalid("This holds the character U+0000, which cannot be stored.", *path)
    return text


def check_words(text: str, limit: int, *path: str) -> str:
    """Check a text that must not be blank."""
    if not text.strip():
        raise invalid("This must not be empty.", *path)
    return check_text(text, limit, *path)


def check_metadata(metadata: Json, *path: str) -> Json:
    """Check that metadata, if any, is an object of a decent size."""
    if metadata is None:
        return None
    if not isinstance(metadata, dict):
        raise invalid("This must be a JSON object.", *path)
    text = orjson.dumps(metadata)
    if len(text) > MAX_METADATA_BYTES:
        raise invalid(f"This is larger than {MAX_METADATA_BYTES} bytes.", *path)
    if b"\\u0000" in text:
        raise invalid("This holds the character U+0000, which cannot be stored.", *path)
    return metadata


def check_id(type_name: str, id: str, *path: str) -> UUID:
    """Read a global id."""
    uuid = decode(type_name, id)
    if uuid is None:
        raise not_found(type_name.lower(), *path)
    return uuid


def optional_id(type_name: str, id: str | None, *path: str) -> UUID | None:
    """Read a global id, if there is one."""
    return None if id is None else check_id(type_name, id, *path)


def check_said(parts: Sequence[ContentPartInput]) -> list[Json]:
    """Check what a user says; the parts as they are stored."""
    if not 1 <= len(parts) <= MAX_PARTS:
        raise invalid(f"A message has from 1 to {MAX_PARTS} parts.", "parts")
    return [
        text_part(check_words(part.text or "", MAX_TEXT, "parts", str(index), "text"))
        for index, part in enumerate(parts)
    ]


def check_recorded(parts: Sequence[RecordedPartInput]) -> list[Json]:
    """Check what a task says; the parts as they are stored."""
    return [_recorded(part, "parts", str(index)) for index, part in enumerate(parts)]


def _recorded(part: RecordedPartInput, *path: str) -> Json:
    text = check_text(part.text, MAX_TEXT, *path, "text")
    annotations = [
        _annotation(citation, len(text), *path, "citations", str(index))
        for index, citation in enumerate(part.citations)
    ]
    return text_part(text, annotations)


def _annotation(citation: CitationInput, length: int, *path: str) -> Json:
    if not 0 <= citation.start <= citation.end <= length:
        raise invalid("This is no span of the text.", *path)
    document_id = check_id("Document", citation.document_id, *path, "documentId")
    return {
        "start": citation.start,
        "end": citation.end,
        "score": citation.score,
        "documentId": str(document_id),
    }
