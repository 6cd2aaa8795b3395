"""Global ids: what is written is read; anything else is not there."""

from __future__ import annotations

from base64 import urlsafe_b64encode
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from subgraphs.kernel.global_id import decode, encode, split

ID = UUID("01890000-0000-7000-8000-00000000abcd")


@given(st.sampled_from(["Session", "Message", "A"]), st.uuids())
def test_what_is_written_is_read(name: str, id: UUID) -> None:
    text = encode(name, id)
    assert "=" not in text
    assert decode(name, text) == id
    assert decode({"Other", name}, text) == id
    assert decode("Other", text) is None


@given(st.one_of(st.text(), st.none(), st.integers(), st.binary(), st.lists(st.text())))
def test_anything_else_is_not_there(text: object) -> None:
    assert split(text) is None


@pytest.mark.parametrize("change", [str.lower, str.upper, lambda text: text + "=", lambda text: " " + text])
def test_an_object_has_one_id(change: object) -> None:
    assert callable(change)
    assert decode("Session", change(encode("Session", ID))) is None


def test_another_spelling_of_the_uuid_is_no_id() -> None:
    for text in (f"Session:{ID.hex}", f"Session:{{{ID}}}", f"Session:{str(ID).upper()}", f"Session: {ID}"):
        assert decode("Session", urlsafe_b64encode(text.encode()).rstrip(b"=").decode()) is None
