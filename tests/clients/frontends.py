"""Frontends as their developers have them: sources of `apps/`, what `docs/clients.md` tells to paste, npm's tools."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

HERE = Path(__file__).parent
PAGE = HERE.parents[1] / "docs/clients.md"
TOOLS = (
    ("codegen", "graphql-codegen"),
    ("codegen", "tsc"),
    ("relay", "relay-compiler"),
    ("apollo", "generate-persisted-query-manifest"),
)
"""Folder and program, in an order in which each finds what it reads."""


def blocks() -> dict[str, str]:
    """Read the page: the text of each block, by the path in its first line."""
    found = re.findall(r"^```\w+ (\S+)\n(.*?)^```$", PAGE.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE)
    return dict(found)


def set_up(folder: Path) -> None:
    """Put sources and blocks in place; the packages are those beside this file."""
    shutil.copytree(HERE / "apps", folder, dirs_exist_ok=True)
    for name, text in blocks().items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    (folder / "package.json").write_text('{"type": "module"}', encoding="utf-8")
    (folder / "node_modules").symlink_to(HERE / "node_modules")


def tool(name: str) -> str:
    """Give the path of a program that npm has installed."""
    return str(HERE / "node_modules/.bin" / name)
