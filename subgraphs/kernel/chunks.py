"""A document as chunks: spans of its text that an embedding model can take in whole."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

MAX_WORDS = 200
MAX_CHARACTERS = 4_000

_WORD = re.compile(r"\S{1,40}")  # an unbroken run counts by its length
_FENCE = re.compile(r" {0,3}(```+|~~~+)")
_HEADING = re.compile(r" {0,3}#{1,6}(?:\s|$)")
_CUTS = (re.compile(r"\n"), re.compile(r"[.!?]\s+"), _WORD, re.compile(r".{1,40}", re.DOTALL))
"""After what a block that is too long may be cut, best place first: lines, sentences, words, anything."""


@dataclass(frozen=True, slots=True)
class Chunk:
    """One piece of a document. `text` is the document's own text from `start` to `end`."""

    index: int
    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class _Piece:
    start: int
    end: int
    words: int
    is_heading: bool = False

    def fits(self, max_words: int) -> bool:
        return self.words <= max_words and self.end - self.start <= MAX_CHARACTERS

    def joined(self, following: _Piece) -> _Piece:
        is_heading = self.is_heading and following.is_heading
        return _Piece(self.start, following.end, self.words + following.words, is_heading)


def chunks(text: str, max_words: int = MAX_WORDS) -> tuple[Chunk, ...]:
    """Cut a Markdown or plain text by headings, then paragraphs. A heading stays with what it heads.

    Units: `start` and `end` in characters.
    """
    fitting = (piece for block in _blocks(text) for piece in _split(text, block, max_words))
    spans = (_trim(text, piece.start, piece.end) for piece in _pack(fitting, max_words) if piece.words)
    return tuple(Chunk(index, text[start:end], start, end) for index, (start, end) in enumerate(spans))


def _pack(pieces: Iterator[_Piece], max_words: int) -> Iterator[_Piece]:
    """Join neighbours while they fit; begin anew at a heading, unless only headings came before it."""
    packed: _Piece | None = None
    for piece in pieces:
        if packed is None:
            packed = piece
        elif not packed.joined(piece).fits(max_words) or (piece.is_heading and not packed.is_heading):
            yield packed
            packed = piece
        else:
            packed = packed.joined(piece)
    if packed is not None:
        yield packed


def _split(text: str, piece: _Piece, max_words: int, depth: int = 0) -> Iterator[_Piece]:
    """Cut a piece that is too long at the best places there are."""
    if piece.fits(max_words):
        yield piece
        return
    ends = [match.end() for match in _CUTS[depth].finditer(text, piece.start, piece.end)]
    edges = [piece.start, *(end for end in ends if end < piece.end), piece.end]
    parts = (_piece(text, start, end) for start, end in pairwise(edges))
    for joined in _pack(parts, max_words):
        yield from _split(text, joined, max_words, depth + 1)


def _blocks(text: str) -> Iterator[_Piece]:
    """Cut at blank lines and around headings; a fenced code block is one block whatever it holds."""
    start = offset = 0
    fence = ""
    for line in text.splitlines(keepends=True):
        heads = not fence and _HEADING.match(line) is not None
        if heads or (not fence and not line.strip()):
            yield from _nonempty(_piece(text, start, offset))
            start = offset
        fence = _after(fence, line)
        offset += len(line)
        if heads:
            yield _piece(text, start, offset, is_heading=True)
            start = offset
    yield from _nonempty(_piece(text, start, offset))


def _after(fence: str, line: str) -> str:
    """Give the marker of the code block that is open after this line. Source: CommonMark, "Fenced code blocks"."""
    marker = _FENCE.match(line)
    if marker is None:
        return fence
    if not fence:
        return marker.group(1)
    return "" if marker.group(1).startswith(fence) else fence


def _piece(text: str, start: int, end: int, *, is_heading: bool = False) -> _Piece:
    return _Piece(start, end, sum(1 for _ in _WORD.finditer(text, start, end)), is_heading)


def _nonempty(piece: _Piece) -> Iterator[_Piece]:
    if piece.words:
        yield piece


def _trim(text: str, start: int, end: int) -> tuple[int, int]:
    span = text[start:end]
    return start + len(span) - len(span.lstrip()), start + len(span.rstrip())
