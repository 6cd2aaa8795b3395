"""Which files may be ingested."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from subgraphs.tasks.sources import MAX_BYTES, read_source
from subgraphs.tasks.work import WorkFailed


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "open").mkdir()
    (tmp_path / "secret.md").write_text("# Secret\n")
    return tmp_path / "open"


def refusal(uri: str, root: Path) -> str:
    with pytest.raises(WorkFailed) as caught:
        read_source(uri, [str(root)])
    assert not caught.value.failure.retryable
    return caught.value.failure.code


def test_a_document_is_titled_by_its_first_heading_or_its_name(root: Path) -> None:
    (root / "a b.md").write_text("Intro\n\n# The title #\n\n# Another\n")
    (root / "plain.txt").write_text("# not Markdown\n")
    read = read_source((root / "a b.md").as_uri(), [str(root)])
    assert (read.title, read.media_type, read.text[:5]) == ("The title", "text/markdown", "Intro")
    read = read_source((root / "plain.txt").as_uri(), [str(root)])
    assert (read.title, read.media_type) == ("plain.txt", "text/plain")


def test_a_link_is_followed_before_the_folder_is_checked(root: Path) -> None:
    (root / "inside.md").write_text("Inside.")
    (root / "to_inside.md").symlink_to(root / "inside.md")
    (root / "to_secret.md").symlink_to(root.parent / "secret.md")
    (root / "folder").symlink_to(root.parent)
    assert read_source((root / "to_inside.md").as_uri(), [str(root)]).text == "Inside."
    for name in ("to_secret.md", "folder/secret.md"):
        assert refusal(f"file://{root}/{name}", root) == "SOURCE_NOT_FOUND"


def test_what_is_outside_and_what_is_not_there_are_refused_alike(root: Path) -> None:
    outside = (root.parent / "secret.md").as_uri()
    uris = [outside, f"file://{root}/../secret.md", f"file://{root}/%2e%2e/secret.md", f"file://{root}/absent.md"]
    for uri in [*uris, f"file://{root}/%00.md"]:
        assert refusal(uri, root) == "SOURCE_NOT_FOUND", uri


def test_a_folder_whose_name_begins_alike_is_outside(root: Path) -> None:
    (root.parent / "open2").mkdir()
    (root.parent / "open2" / "a.md").write_text("Outside.")
    assert refusal((root.parent / "open2" / "a.md").as_uri(), root) == "SOURCE_NOT_FOUND"


def test_without_open_folders_nothing_is_read(root: Path) -> None:
    (root / "a.md").write_text("A.")
    with pytest.raises(WorkFailed):
        read_source((root / "a.md").as_uri(), [])


def test_a_pipe_does_not_hold_the_worker_up(root: Path) -> None:
    os.mkfifo(root / "pipe.md")
    assert refusal((root / "pipe.md").as_uri(), root) == "SOURCE_NOT_FOUND"


def test_only_texts_of_a_bounded_size_are_read(root: Path) -> None:
    (root / "a.pdf").write_bytes(b"%PDF")
    (root / "binary.md").write_bytes(b"a\0b")
    (root / "latin.md").write_bytes(b"\xe9t\xe9")
    (root / "large.md").write_bytes(b"x" * (MAX_BYTES + 1))
    assert refusal((root / "a.pdf").as_uri(), root) == "SOURCE_UNSUPPORTED"
    assert refusal(root.as_uri(), root) == "SOURCE_UNSUPPORTED"
    assert refusal((root / "binary.md").as_uri(), root) == "SOURCE_UNSUPPORTED"
    assert refusal((root / "latin.md").as_uri(), root) == "SOURCE_UNSUPPORTED"
    assert refusal((root / "large.md").as_uri(), root) == "SOURCE_TOO_LARGE"
