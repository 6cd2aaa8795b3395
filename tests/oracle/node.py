"""The programs of others: installed by npm into `.cache/`, asked line by line."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
INSTALLED = HERE.parents[1] / ".cache" / "oracle"
FILES = (".npmrc", "package.json", "package-lock.json")
SECONDS = 1500


def install() -> None:
    """Install what the lock names, once for each lock. Raises: OSError, CalledProcessError."""
    lock = INSTALLED / "node_modules" / ".installed"
    INSTALLED.mkdir(parents=True, exist_ok=True)
    current = "".join((HERE / name).read_text(encoding="utf-8") for name in FILES)
    if not lock.exists() or lock.read_text(encoding="utf-8") != current:
        for name in FILES:
            shutil.copy(HERE / name, INSTALLED)
        subprocess.run(["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"], cwd=INSTALLED, check=True)  # noqa: S607
        lock.write_text(current, encoding="utf-8")
    for program in HERE.glob("*.mjs"):
        shutil.copy(program, INSTALLED)  # a module is looked for beside the one that imports it


class Program:
    """One of the `.mjs` files at work: an answer for each line, in order."""

    def __init__(self, name: str, asked: Iterable[Mapping[str, Any]]) -> None:
        self._process = subprocess.Popen(
            ["node", f"{name}.mjs"],  # noqa: S607
            cwd=INSTALLED,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self._asked = [json.dumps(one) for one in asked]

    def answers(self) -> list[dict[str, Any]]:
        """Wait for all answers."""
        told, _ = self._process.communicate("\n".join(self._asked), timeout=SECONDS)
        answers = [json.loads(line) for line in told.splitlines()]
        assert len(answers) == len(self._asked), f"{len(answers)} answers to {len(self._asked)} questions"
        return answers
