"""The set-up before there is an environment: what it refuses, and how it says so."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).parents[1]


@pytest.fixture
def old_python(tmp_path: Path) -> Path:
    """This Python, saying that it is 3.9."""
    script = tmp_path / "python3"
    pretend = "import runpy, sys; sys.version_info = (3, 9, 2, 'final', 0); sys.argv = sys.argv[1:]; "
    pretend += "runpy.run_path(sys.argv[0], run_name='__main__')"
    script.write_text(f'#!/bin/sh\nexec {sys.executable} -c "{pretend}" "$@"\n')
    script.chmod(0o755)
    return script


def test_an_old_python_is_refused_in_one_sentence_with_the_way_out(old_python: Path) -> None:
    command = [str(old_python), str(CHECKOUT / "bootstrap.py"), "run"]
    refused = subprocess.run(command, capture_output=True, text=True, check=False)
    assert refused.returncode == 1
    assert refused.stdout == ""
    assert refused.stderr.startswith("fedra: Python 3.11 or newer is needed, and ")
    assert "is 3.9.2. Install one, or name it: make dev PYTHON=" in refused.stderr
    assert len(refused.stderr.splitlines()) == 1


def test_the_locks_hold_hashes_and_no_addresses() -> None:
    for lock in (CHECKOUT / "requirements").glob("*.txt"):
        text = lock.read_text()
        assert "://" not in text, lock
        packages = [line for line in text.splitlines() if line[:1].isalnum()]
        assert packages, lock
        assert all(line.rstrip("\\ ").split(" ;")[0].count("==") == 1 for line in packages), lock
        assert text.count("--hash=sha256:") >= len(packages), lock
