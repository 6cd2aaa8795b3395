"""Where the supergraph comes from: a file."""

from __future__ import annotations

from pathlib import Path

from schema.supergraph import InvalidSupergraph


def read_supergraph(path: Path | None) -> str:
    """Read the SDL. Raises: InvalidSupergraph."""
    if path is None:
        raise InvalidSupergraph("No supergraph is named: give '--supergraph FILE', or 'supergraph.file'.")
    try:
        return path.read_text(encoding="utf-8")
    except OSError as error:
        raise InvalidSupergraph(f"The supergraph '{path}' cannot be read: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise InvalidSupergraph(f"The supergraph '{path}' is not UTF-8.") from error
