"""Texts cut into chunks: whole paragraphs up to a number of words, each with its span in the text."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from subgraphs.search.records import Chunk

MAX_WORDS: Final = 200

_PARAGRAPH: Final = re.compile(r"\S(?:.|\n(?!\s*\n))*")
_WORD: Final = re.compile(r"\S+")


def cut(text: str) -> Sequence[Chunk]:
    """Cut a text into chunks of at most `MAX_WORDS` words; a longer paragraph is cut between words."""
    chunks: list[Chunk] = []
    start, end, words = 0, 0, 0
    for first, last, count in _pieces(text):
        if words and words + count > MAX_WORDS:
            chunks.append(Chunk(len(chunks), text[start:end], start, end))
            words = 0
        start, end, words = (start if words else first), last, words + count
    if words:
        chunks.append(Chunk(len(chunks), text[start:end], start, end))
    return chunks


def _pieces(text: str) -> Iterator[tuple[int, int, int]]:
    """Yield paragraphs, the long ones in parts. Shapes: each item, start, end and number of words."""
    for paragraph in _PARAGRAPH.finditer(text):
        words = [match.span() for match in _WORD.finditer(text, paragraph.start(), paragraph.end())]
        for index in range(0, len(words), MAX_WORDS):
            part = words[index : index + MAX_WORDS]
            yield part[0][0], part[-1][1], len(part)
