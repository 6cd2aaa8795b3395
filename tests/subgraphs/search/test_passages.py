"""Texts cut into chunks with their spans."""

from hypothesis import given
from hypothesis import strategies as st

from subgraphs.search.passages import MAX_WORDS, cut


def test_short_paragraphs_share_a_chunk_and_keep_what_stands_between() -> None:
    (chunk,) = cut("\n First.\nStill first.\n\n\n Second. \n")
    assert (chunk.index, chunk.text, chunk.start, chunk.end) == (0, "First.\nStill first.\n\n\n Second.", 2, 32)


def test_a_paragraph_that_does_not_fit_begins_a_chunk() -> None:
    first, second = "one " * 150, "two " * 100
    assert [chunk.text for chunk in cut(f"{first}\n\n{second}")] == [first.strip(), second.strip()]


def test_a_paragraph_that_is_too_long_is_cut_between_words() -> None:
    assert [len(chunk.text.split()) for chunk in cut("word " * 450)] == [200, 200, 50]


def test_a_blank_text_has_no_chunk() -> None:
    assert cut(" \n\n\t") == []


@given(st.text(alphabet="ab \n\t.é", max_size=3000))
def test_chunks_are_numbered_verbatim_bounded_and_lose_no_word(text: str) -> None:
    chunks = cut(text)
    assert [chunk.index for chunk in chunks] == list(range(len(chunks)))
    assert all(text[chunk.start : chunk.end] == chunk.text for chunk in chunks)
    assert all(0 < len(chunk.text.split()) <= MAX_WORDS for chunk in chunks)
    assert [word for chunk in chunks for word in chunk.text.split()] == text.split()
