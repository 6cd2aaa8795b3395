"""An extractive answerer: it writes nothing of its own, it quotes the sentences that fit a question best."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from subgraphs.models.local.embed import Embedder
from subgraphs.models.local.passages import Sentence, sentences, words

NO_ANSWER: Final = "None of the given passages answers this question."
MAX_QUOTES: Final = 3
MAX_CANDIDATES: Final = 96
MIN_SCORE: Final = 0.3  # unrelated sentences stay under 0.2
OVERLAP_WEIGHT: Final = 0.3
NEAR_BEST: Final = 0.8  # a further quote must come close to the best one
SAME: Final = 0.95
STOP_WORDS: Final = frozenset(
    words("""
    a an and are as at be by can could did do does for from had has have how i if in into is it its long many me
    much my of on or our should so than that the their them there these they this those to was we were what when
    where which who whom whose why will with would you your
    """)
)


@dataclass(frozen=True, slots=True)
class Citation:
    """Where a quote comes from: `answer[start:end]` stands verbatim in the passage of that index."""

    passage: int
    start: int
    end: int
    score: float


@dataclass(frozen=True, slots=True)
class Answer:
    """Quotes joined by spaces with one citation each; no citations means that nothing fits. Units: tokens."""

    text: str
    citations: tuple[Citation, ...]
    input_tokens: int
    output_tokens: int


def answer(embedder: Embedder, question: str, passages: Sequence[str]) -> Answer:
    """Quote the sentences of the passages that fit the question best; the same input gives the same answer."""
    quotes = _choose(embedder, question, passages)
    text, citations = _quote(quotes) if quotes else (NO_ANSWER, ())
    return Answer(text, citations, embedder.count_tokens([question, *passages]), embedder.count_tokens([text]))


def _choose(embedder: Embedder, question: str, passages: Sequence[str]) -> list[tuple[Sentence, float]]:
    """Pick the quotes, best first. The score is likeness by meaning and by words, at most 1."""
    candidates = _candidates(question, passages)
    vectors = embedder.embed([question, *(one.text for one in candidates)])
    likeness = vectors[1:] @ vectors[0]
    scored = [
        (float((1 - OVERLAP_WEIGHT) * alike + OVERLAP_WEIGHT * _overlap(question, one.text)), slot)
        for slot, (one, alike) in enumerate(zip(candidates, likeness, strict=True))
    ]
    chosen: list[tuple[float, int]] = []
    for score, slot in sorted(scored, key=lambda pair: (-pair[0], pair[1])):
        if len(chosen) == MAX_QUOTES or score < max(MIN_SCORE, NEAR_BEST * (chosen or [(0.0, 0)])[0][0]):
            break
        if all(vectors[1 + slot] @ vectors[1 + other] < SAME for _, other in chosen):
            chosen.append((score, slot))
    return [(candidates[slot], round(score, 4)) for score, slot in chosen]


def _candidates(question: str, passages: Sequence[str]) -> list[Sentence]:
    """List the sentences worth embedding: all, or those that share most words with the question, earlier ones first."""
    found = list({one.text: one for index, text in enumerate(passages) for one in sentences(index, text)}.values())
    return sorted(found, key=lambda one: -_overlap(question, one.text))[:MAX_CANDIDATES]


def _overlap(question: str, text: str) -> float:
    """Tell which part of the question's own words the text has. Units: 0 to 1."""
    asked = set(words(question)) - STOP_WORDS
    return len(asked & set(words(text))) / len(asked) if asked else 0.0


def _quote(quotes: Sequence[tuple[Sentence, float]]) -> tuple[str, tuple[Citation, ...]]:
    citations: list[Citation] = []
    start = 0
    for one, score in quotes:
        citations.append(Citation(one.passage, start, start + len(one.text), score))
        start += len(one.text) + 1
    return " ".join(one.text for one, _ in quotes), tuple(citations)
