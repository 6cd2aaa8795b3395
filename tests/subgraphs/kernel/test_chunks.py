"""How a document is cut into chunks."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from subgraphs.kernel.chunks import MAX_CHARACTERS, chunks


def texts(document: str, max_words: int = 200) -> list[str]:
    return [chunk.text for chunk in chunks(document, max_words)]


def test_a_heading_stays_with_what_it_heads() -> None:
    assert texts("# A\n\none two\n\n## B\n\nthree\n") == ["# A\n\none two", "## B\n\nthree"]


def test_headings_without_a_body_go_with_the_next() -> None:
    assert texts("# A\n## B\n\nthree\n") == ["# A\n## B\n\nthree"]


def test_paragraphs_of_one_section_are_joined_while_they_fit() -> None:
    assert texts("one two\n\nthree four\n\nfive six", max_words=4) == ["one two\n\nthree four", "five six"]


def test_a_long_paragraph_is_cut_at_lines_then_sentences_then_words() -> None:
    assert texts("a b c\nd e f", max_words=3) == ["a b c", "d e f"]
    assert texts("A b c. D e f.", max_words=3) == ["A b c.", "D e f."]
    assert texts("a b c d e", max_words=2) == ["a b", "c d", "e"]


def test_an_unbroken_run_is_cut_too() -> None:
    assert [len(text) for text in texts("x" * 1000, max_words=10)] == [400, 400, 200]


def test_a_code_block_is_not_cut_at_its_blank_lines_nor_at_what_looks_like_a_heading() -> None:
    code = "```python\n# not a heading\n\nx = 1\n```"
    assert texts(f"# A\n\n{code}\n\nafter words here\n", max_words=12) == [f"# A\n\n{code}", "after words here"]


def test_nothing_is_cut_from_nothing() -> None:
    assert chunks("") == ()
    assert chunks(" \n\n ") == ()


MARKDOWN = st.lists(
    st.sampled_from(
        [
            "# H",
            "## H two",
            "word",
            "a longer line of words.",
            "",
            "```",
            "~~~",
            "x" * 90,
            "\t",
            " " * 3000,
            "\n" * 3000,
            "Ünï. Cødé!",
        ]
    )
).map("\n".join)


@settings(max_examples=200)
@given(MARKDOWN | st.text(), st.integers(1, 12))
def test_chunks_are_spans_of_the_document_in_order_and_lose_no_word(document: str, max_words: int) -> None:
    cut = chunks(document, max_words)
    assert [chunk.index for chunk in cut] == list(range(len(cut)))
    assert all(chunk.text == document[chunk.start : chunk.end] for chunk in cut)
    assert all(before.end <= after.start for before, after in pairwise(cut))
    assert "".join("".join(chunk.text.split()) for chunk in cut) == "".join(document.split())
    assert all(0 < len(chunk.text) <= MAX_CHARACTERS for chunk in cut)
    assert all(sum(-(-len(word) // 40) for word in chunk.text.split()) <= max_words for chunk in cut)
