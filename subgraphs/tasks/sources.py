"""Documents named by `file:` URIs, read only from the folders that the operator opened."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit

from subgraphs.tasks.work import WorkFailed

MAX_BYTES = 1_000_000
MEDIA_TYPES = {".md": "text/markdown", ".markdown": "text/markdown", ".txt": "text/plain"}

_TITLE = re.compile(r"^ {0,3}#\s+(.+?)\s*#*\s*$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Source:
    """A document as it was read."""

    uri: str
    title: str
    media_type: str
    text: str


def read_source(uri: str, roots: Sequence[str]) -> Source:
    """Read one document. Raises: WorkFailed, with the same answer for what is not there and what is not open."""
    path = _inside(uri, roots)
    media_type = MEDIA_TYPES.get(path.suffix.lower())
    if media_type is None:
        raise WorkFailed("SOURCE_UNSUPPORTED", f"'{uri}' is neither Markdown nor plain text.")
    try:
        text = _read(path, uri).decode("utf-8")
    except UnicodeDecodeError:
        raise WorkFailed("SOURCE_UNSUPPORTED", f"'{uri}' is not UTF-8.") from None
    if "\0" in text:
        raise WorkFailed("SOURCE_UNSUPPORTED", f"'{uri}' is not a text.")
    heading = _TITLE.search(text) if media_type == "text/markdown" else None
    return Source(uri, heading.group(1) if heading else path.name, media_type, text)


def _inside(uri: str, roots: Sequence[str]) -> Path:
    """Follow all links, then see where it led."""
    try:
        path = Path(unquote(urlsplit(uri).path)).resolve(strict=True)
    except (OSError, ValueError, RuntimeError):
        raise _not_found(uri) from None
    if not any(path.is_relative_to(Path(root).resolve()) for root in roots):
        raise _not_found(uri)
    return path


def _read(path: Path, uri: str) -> bytes:
    try:
        # Neither a link put there since, nor a pipe that never answers.
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError:
        raise _not_found(uri) from None
    with os.fdopen(descriptor, "rb") as file:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise _not_found(uri)
        content = file.read(MAX_BYTES + 1)
    if len(content) > MAX_BYTES:
        raise WorkFailed("SOURCE_TOO_LARGE", f"'{uri}' has more than {MAX_BYTES} bytes.")
    return content


def _not_found(uri: str) -> WorkFailed:
    return WorkFailed("SOURCE_NOT_FOUND", f"'{uri}' is not a file in a folder that may be ingested.")
