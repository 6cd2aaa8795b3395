"""What a task is asked to do, read and checked once for the mutation that makes it and the worker that runs it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

import orjson

from subgraphs.kernel.global_id import decode

Json = Any

DEFAULT_TOP_K = 8
MAX_TOP_K = 100
MAX_QUESTION_CHARACTERS = 20_000
MAX_INPUT_BYTES = 200_000
MAX_COLLECTIONS = 100
MAX_SOURCES = 1_000


@dataclass(frozen=True, slots=True)
class Mistake:
    """A rule that a spec breaks. `path` begins inside the spec's own input."""

    path: tuple[str, ...]
    message: str


@dataclass(frozen=True, slots=True)
class Turn:
    """The place in a conversation that an answer is written to. Global ids."""

    session_id: str
    message_id: str
    user_message_id: str | None


@dataclass(frozen=True, slots=True)
class InferenceSpec:
    """A question, the collections whose passages answer it, and where the answer goes. Global ids."""

    model_id: UUID
    question: str
    collection_ids: tuple[str, ...]
    top_k: int
    turn: Turn | None

    @classmethod
    def of(cls, model_id: UUID, input: Mapping[str, Json]) -> InferenceSpec:
        """Read an input in which `inference_mistakes` finds none."""
        turn = None
        if "messageId" in input:
            turn = Turn(input["sessionId"], input["messageId"], input.get("userMessageId"))
        top_k = input.get("topK")
        collections = tuple(input.get("collectionIds") or ())
        return cls(model_id, input["question"], collections, DEFAULT_TOP_K if top_k is None else top_k, turn)


def inference_mistakes(input: Json) -> list[Mistake]:
    """Check the input of a model call."""
    if not isinstance(input, dict):
        return [Mistake((), "The input of an inference must be an object with a 'question'.")]
    if not is_storable(input):
        return [Mistake((), f"The input must be plain JSON of at most {MAX_INPUT_BYTES} bytes, without NUL.")]
    checks = (
        ("question", _is_question, f"must be a text of 1 to {MAX_QUESTION_CHARACTERS} characters"),
        ("collectionIds", _are_collections, f"must be at most {MAX_COLLECTIONS} ids of collections"),
        ("topK", _is_top_k, f"must be a whole number from 1 to {MAX_TOP_K}"),
        ("sessionId", lambda value: _is_id("Session", value, "messageId" in input), "must be the id of a session"),
        ("messageId", lambda value: _is_id("Message", value, required=False), "must be the id of a message"),
        ("userMessageId", lambda value: _is_id("Message", value, required=False), "must be the id of a message"),
    )
    return [Mistake((name,), f"'{name}' {rule}.") for name, holds, rule in checks if not holds(input.get(name))]


def ingest_mistakes(source_uris: Sequence[str]) -> list[Mistake]:
    """Check what is to be ingested; whether a source may be read is the worker's to say."""
    if not 1 <= len(source_uris) <= MAX_SOURCES:
        return [Mistake(("sourceUris",), f"There must be from 1 to {MAX_SOURCES} sources.")]
    if len(set(source_uris)) != len(source_uris):
        return [Mistake(("sourceUris",), "A source is named twice.")]
    return [
        Mistake(("sourceUris", str(index)), "A source must be a 'file:' URI with an absolute path.")
        for index, uri in enumerate(source_uris)
        if not _is_file_uri(uri)
    ]


def is_storable(value: Json) -> bool:
    """Tell whether PostgreSQL keeps a JSON value as it is: no NUL, no number that is too large, not too deep."""
    try:
        return len(orjson.dumps(value)) <= MAX_INPUT_BYTES and not _has_nul(value)
    except TypeError:
        return False


def is_word(text: str, max_characters: int) -> bool:
    """Tell whether a text is there, not too long, and without NUL, which PostgreSQL does not keep."""
    return 1 <= len(text) <= max_characters and "\0" not in text


def _has_nul(value: Json) -> bool:
    if isinstance(value, dict):
        return any(_has_nul(one) for pair in value.items() for one in pair)
    if isinstance(value, list):
        return any(_has_nul(one) for one in value)
    return isinstance(value, str) and "\0" in value


def _is_question(value: Json) -> bool:
    return isinstance(value, str) and bool(value.strip()) and len(value) <= MAX_QUESTION_CHARACTERS


def _are_collections(value: Json) -> bool:
    if value is None:
        return True
    fits = isinstance(value, list) and len(value) <= MAX_COLLECTIONS
    return fits and all(decode("Collection", one) is not None for one in value)


def _is_top_k(value: Json) -> bool:
    return value is None or (isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= MAX_TOP_K)


def _is_id(type_name: str, value: Json, required: bool) -> bool:
    return not required if value is None else decode(type_name, value) is not None


def _is_file_uri(uri: str) -> bool:
    try:
        parts = urlsplit(uri)
    except ValueError:
        return False
    return (
        "\0" not in uri and parts.scheme == "file" and parts.netloc in {"", "localhost"} and parts.path.startswith("/")
    )
