"""Lock files pin packages by hash; where a machine downloads them from is its own affair."""

from __future__ import annotations

from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
LOCKS = sorted(
    path
    for pattern in ("requirements/*.txt", "bench/npm/package-lock.json", "tests/*/package-lock.json")
    for path in ROOT.glob(pattern)
)


def test_every_kind_of_lock_file_is_read() -> None:
    assert {path.suffix for path in LOCKS} == {".txt", ".json"}


@pytest.mark.parametrize("lock", LOCKS, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_lock_file_holds_no_address(lock: Path) -> None:
    found = [line.strip() for line in lock.read_text().splitlines() if "://" in line]
    assert found == [], "remove `resolved` and `funding` from npm locks; write Python's with `make lock`"
