"""The reference page of the settings: `python -m router.configuration.reference docs` writes docs/configuration.md.

Types, defaults and descriptions are those of the tree; prose and an example of each branch stand in
docs/configuration/BRANCH.md.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from router.settings import Settings
from router.settings.keys import Key, branches_in, key_of

INTRODUCTION = "introduction"


def reference(folder: Path) -> str:
    """Write the page; `folder` holds the pieces of prose."""
    sections = [_read(folder, INTRODUCTION), _contents()]
    for name, field in Settings.model_fields.items():
        key, *below = key_of(field, name)
        sections += [f"## {name}", *_about(key), _read(folder, name), _table(below or [key])]
    return "\n\n".join(sections) + "\n"


def _about(key: Key) -> Iterator[str]:
    """Say what a branch is; a key without any below says it in its table."""
    if any(branches_in(Settings.model_fields[key.path].annotation)):
        yield key.description + (" Not there unless it is set." if key.default else "")


def _contents() -> str:
    return " · ".join(f"[`{name}`](#{name})" for name in Settings.model_fields)


def _read(folder: Path, name: str) -> str:
    return (folder / f"{name}.md").read_text(encoding="utf-8").strip()


def _table(keys: Sequence[Key]) -> str:
    head = ["| key | type | default | what it does |", "|---|---|---|---|"]
    return "\n".join(head + [_row(f"`{one.path}`", one.type, one.default, one.description) for one in keys])


def _row(*cells: str) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


if __name__ == "__main__":
    docs = Path(sys.argv[1])
    (docs / "configuration.md").write_text(reference(docs / "configuration"), encoding="utf-8")
