"""What a message consists of."""

from __future__ import annotations

from typing import Annotated, Self
from uuid import UUID

import strawberry

from subgraphs.kernel.federation import assumed_size
from subgraphs.sessions.foreign import Document
from subgraphs.sessions.records import Json


@strawberry.type
class Citation:
    """A span of the text and the document that stands behind it. Units: characters of the text."""

    start: int
    end: int
    score: float | None
    document: Document

    @classmethod
    def of(cls, annotation: Json) -> Self:
        return cls(
            start=annotation["start"],
            end=annotation["end"],
            score=annotation["score"],
            document=Document.by_key(UUID(annotation["documentId"])),
        )


@strawberry.type
class TextPart:
    """Words."""

    text: str
    annotations: list[Citation] = strawberry.field(directives=[assumed_size(5)])

    @classmethod
    def of(cls, part: Json) -> Self:
        return cls(text=part["text"], annotations=[Citation.of(one) for one in part["annotations"]])


ContentPart = Annotated[TextPart, strawberry.union("ContentPart")]


@strawberry.federation.type(shareable=True)
class TokenUsage:
    """How many tokens a model call took."""

    input_tokens: int
    output_tokens: int
    cached_input_tokens: int
    reasoning_tokens: int

    @classmethod
    def of(cls, usage: Json) -> Self:
        return cls(
            input_tokens=usage["inputTokens"],
            output_tokens=usage["outputTokens"],
            cached_input_tokens=usage.get("cachedInputTokens", 0),
            reasoning_tokens=usage.get("reasoningTokens", 0),
        )
