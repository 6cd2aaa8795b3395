"""The data folder of `fedra dev`."""

from __future__ import annotations

from pathlib import Path

import pytest

from router.dev.folder import FolderError, claimed


def test_a_reset_clears_what_an_earlier_run_left(tmp_path: Path) -> None:
    with claimed(tmp_path / "data", reset=False) as folder:
        folder.keys.mkdir()
        folder.demo.write_text("{}")
    with claimed(tmp_path / "data", reset=True) as folder:
        assert not folder.keys.exists()
        assert not folder.demo.exists()


def test_a_folder_with_other_files_is_never_taken_over(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("ten years of work")
    with pytest.raises(FolderError, match="not Fedra's"), claimed(tmp_path, reset=True):
        pass
    assert (tmp_path / "thesis.txt").read_text() == "ten years of work"


def test_two_supervisors_cannot_hold_one_folder(tmp_path: Path) -> None:
    path = tmp_path / "data"
    with claimed(path, reset=False), pytest.raises(FolderError, match="running on"), claimed(path, reset=False):
        pass
