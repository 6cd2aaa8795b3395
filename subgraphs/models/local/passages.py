"""The sentences of a passage, as spans of its own text."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

MIN_WORDS: Final = 4
MAX_CHARACTERS: Final = 600

# A block ends at a blank line, and before a line that opens a list item, a table row, a quotation, a heading or code.
BLOCK_END: Final = re.compile(r"\n\s*\n|\n(?=\s*(?:[-*+>|#]|\d+[.)]\s|```))")
SENTENCE_END: Final = re.compile(r"(?<=[.!?])[\"')\]]*\s+(?=[\"'(\[`*]*[A-Z0-9])")
LEADING_MARK: Final = re.compile(r"\s*(?:(?:[-*+>|]|\d+[.)])\s+)*")
NOT_PROSE: Final = re.compile(r"\s*(?:#|```|\|?[\s:|-]*$)")
WORD: Final = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Sentence:
    """One quotable span: `passage` is the index of the passage that holds `text`."""

    passage: int
    text: str


def words(text: str) -> list[str]:
    """List the words of a text in lower case."""
    return [match.lower() for match in WORD.findall(text)]


def sentences(passage: int, text: str) -> Iterator[Sentence]:
    """Yield the sentences that can be quoted: verbatim, without list marks, no headings, no fragments."""
    for block in _split(BLOCK_END, text):
        if NOT_PROSE.match(block):
            continue
        for piece in _split(SENTENCE_END, block):
            quote = piece[_mark_length(piece) :].rstrip().removesuffix("|").rstrip()
            if len(quote) <= MAX_CHARACTERS and len(words(quote)) >= MIN_WORDS:
                yield Sentence(passage, quote)


def _mark_length(piece: str) -> int:
    mark = LEADING_MARK.match(piece)
    return mark.end() if mark else 0


def _split(border: re.Pattern[str], text: str) -> Iterator[str]:
    start = 0
    for match in border.finditer(text):
        # What stands before the white space, a closing quotation mark say, belongs to the piece that ends here.
        end = match.start() + len(match.group().rstrip())
        yield text[start:end]
        start = match.end()
    yield text[start:]
