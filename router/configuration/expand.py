"""Values from outside: `${env.NAME}`, `${env.NAME:-default}` and `${file.PATH}` anywhere in a value."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from router.configuration.document import Tree
from router.configuration.mistakes import KeyPath, Mistake
from router.followed_files import Stamps, stamps_of

_EXPANSION = re.compile(r"\$\{(?:env\.(?P<name>\w+)(?::-(?P<default>[^}]*))?|file\.(?P<file>[^}]+)|[^}]*\}?)\}?")


@dataclass(slots=True)
class Expansion:
    """Puts values in; remembers which files it read, which values are theirs, and what was wrong."""

    environment: Mapping[str, str]
    folder: Path
    files: Stamps = field(default_factory=dict)
    secret: set[KeyPath] = field(default_factory=set)
    mistakes: list[Mistake] = field(default_factory=list)

    def of(self, node: Tree, path: KeyPath = ()) -> Tree:
        """Give the same tree with all values put in."""
        if isinstance(node, dict):
            return {key: self.of(value, (*path, key)) for key, value in node.items()}
        if isinstance(node, list):
            return [self.of(item, (*path, at)) for at, item in enumerate(node)]
        return _EXPANSION.sub(lambda match: self._value(match, path), node) if isinstance(node, str) else node

    def _value(self, match: re.Match[str], path: KeyPath) -> str:
        if match["file"] is not None and match[0].endswith("}"):
            return self._content(self.folder / match["file"], path)
        if match["name"] is not None and match[0].endswith("}"):
            return self._variable(match["name"], match["default"], path)
        known = "expected '${env.NAME}', '${env.NAME:-default}' or '${file.PATH}'."
        self.mistakes.append(Mistake(path, f"'{match[0]}' cannot be expanded: {known}"))
        return ""

    def _variable(self, name: str, default: str | None, path: KeyPath) -> str:
        value = self.environment.get(name, default)
        if value is None:
            self.mistakes.append(Mistake(path, f"environment variable '{name}' is not set, and has no default."))
            return ""
        return value

    def _content(self, file: Path, path: KeyPath) -> str:
        self.files |= stamps_of([file])
        self.secret.add(path)
        try:
            return file.read_text(encoding="utf-8").rstrip("\r\n")
        except OSError as error:
            self.mistakes.append(Mistake(path, f"'{file}' cannot be read: {error.strerror}."))
        except UnicodeDecodeError:
            self.mistakes.append(Mistake(path, f"'{file}' is not UTF-8."))
        return ""
