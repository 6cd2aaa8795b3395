"""Under which conditions figures were taken."""

from __future__ import annotations

import os
import platform
import subprocess
from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bench.peer import ROOT, Peer
from bench.rounds import Plan


def conditions(peers: Sequence[Peer], plan: Plan, arguments: Sequence[str]) -> dict[str, Any]:
    """Say what measures what: machine, load, versions, revision, plan."""
    return {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "command": " ".join(("python -m bench", *arguments)),
        "processor": _processor(),
        "cores": os.cpu_count(),
        "load": " ".join(f"{one:.1f}" for one in os.getloadavg()),
        "system": f"{platform.system()} {platform.release()}",
        "python": platform.python_version(),
        "node": _asked("node", "--version"),
        "revision": _asked("git", "describe", "--always", "--dirty"),
        "versions": {one.name: one.version() for one in peers},
        **asdict(plan),
    }


def _processor() -> str:
    lines = Path("/proc/cpuinfo").read_text().splitlines() if Path("/proc/cpuinfo").exists() else []
    return next((one.partition(": ")[2] for one in lines if one.startswith("model name")), platform.processor())


def _asked(*command: str) -> str:
    try:
        return subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=True).stdout.strip()  # noqa: S603
    except (OSError, subprocess.CalledProcessError):
        return "none"
