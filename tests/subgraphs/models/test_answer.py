"""The extractive answerer quotes, cites, and knows when it has nothing."""

import pytest

from subgraphs.models.local.answer import NO_ANSWER, answer
from subgraphs.models.local.embed import Embedder
from subgraphs.models.local.passages import sentences

CACHES = """# Caches

The first level lives in process memory. It holds one conversation.

- The third is Redis, shared
  by all.
"""
TABLE = """| part | does |
|---|---|
| router | plans and executes operations |

```
fedra dev --port 4000 and more
```
"""
PASSAGES = [CACHES, "The router listens on port 4000. Ctrl-C ends it cleanly.", TABLE]


@pytest.fixture(scope="module")
def embedder() -> Embedder:
    return Embedder.load()


def test_the_best_sentence_is_quoted_and_cited(embedder: Embedder) -> None:
    found = answer(embedder, "Which port does the router listen on?", PASSAGES)
    first = found.citations[0]
    assert found.text[first.start : first.end] == "The router listens on port 4000."
    assert first.passage == 1
    assert 0.5 < first.score <= 1


@pytest.mark.parametrize("question", ["Where is the third cache level?", "What does the router do?", "memory levels"])
def test_every_word_of_an_answer_stands_verbatim_in_the_cited_passage(embedder: Embedder, question: str) -> None:
    found = answer(embedder, question, PASSAGES)
    quotes = [found.text[one.start : one.end] for one in found.citations]
    assert quotes
    assert found.text == " ".join(quotes)
    assert all(quote in PASSAGES[one.passage] for quote, one in zip(quotes, found.citations, strict=True))


def test_it_says_so_when_nothing_fits(embedder: Embedder) -> None:
    found = answer(embedder, "How many blueberries go into a pancake?", PASSAGES)
    assert (found.text, found.citations) == (NO_ANSWER, ())


def test_no_passages_are_no_answer(embedder: Embedder) -> None:
    assert answer(embedder, "Anything?", []).citations == ()


def test_the_same_sentence_in_two_passages_is_quoted_once(embedder: Embedder) -> None:
    assert len(answer(embedder, "Which port?", [PASSAGES[1], PASSAGES[1]]).citations) == 1


def test_the_same_input_gives_the_same_answer(embedder: Embedder) -> None:
    assert answer(embedder, "Which port?", PASSAGES) == answer(embedder, "Which port?", PASSAGES)


def test_usage_counts_what_was_read_and_what_was_said(embedder: Embedder) -> None:
    found = answer(embedder, "Which port does the router listen on?", PASSAGES[1:2])
    assert found.input_tokens == embedder.count_tokens(["Which port does the router listen on?", PASSAGES[1]])
    assert found.output_tokens == embedder.count_tokens([found.text])


def test_sentences_are_without_marks_headings_and_fragments() -> None:
    texts = [[one.text for one in sentences(0, passage)] for passage in PASSAGES]
    assert texts == [
        [
            "The first level lives in process memory.",
            "It holds one conversation.",
            "The third is Redis, shared\n  by all.",
        ],
        ["The router listens on port 4000.", "Ctrl-C ends it cleanly."],
        ["router | plans and executes operations"],
    ]
