"""The data folder of `fedra dev`: where everything lies, whose it is, and that only one supervisor uses it."""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

MARK = "fedra-data"


class FolderError(Exception):
    """The data folder cannot be used; the text says why and what to do."""


@dataclass(frozen=True, slots=True)
class DataFolder:
    """Names every file of the folder; makes none."""

    path: Path

    @property
    def postgres(self) -> Path:
        return self.path / "postgres"

    @property
    def milvus(self) -> Path:
        return self.path / "milvus.db"

    @property
    def logs(self) -> Path:
        return self.path / "logs"

    @property
    def keys(self) -> Path:
        return self.path / "keys"

    @property
    def client_key(self) -> Path:
        return self.keys / "client.pem"

    @property
    def client_jwks(self) -> Path:
        return self.keys / "client.jwks.json"

    @property
    def router_key(self) -> Path:
        return self.keys / "router.pem"

    @property
    def service_key(self) -> Path:
        return self.keys / "service.pem"

    @property
    def internal_jwks(self) -> Path:
        return self.keys / "internal.jwks.json"

    @property
    def composition(self) -> Path:
        return self.path / "supergraph.yaml"

    @property
    def supergraph(self) -> Path:
        return self.path / "supergraph.graphql"

    @property
    def router_config(self) -> Path:
        return self.path / "router.yaml"

    @property
    def demo(self) -> Path:
        return self.path / "demo.json"


def default_folder(checkout: Path) -> Path:
    """Choose `.fedra` in the checkout; for root, whose PostgreSQL runs as another account, one that all may enter."""
    if os.geteuid() != 0 or all(parent.stat().st_mode & 0o001 for parent in [checkout, *checkout.parents]):
        return checkout / ".fedra"
    return Path("/var/lib/fedra") / hashlib.sha256(str(checkout).encode()).hexdigest()[:12]


@contextmanager
def claimed(path: Path, *, reset: bool) -> Iterator[DataFolder]:
    """Hold the folder, made if need be and emptied if asked, for this process alone.

    Raises: FolderError if it is in use, cannot be written, or holds what is not ours.
    """
    try:
        path.mkdir(parents=True, exist_ok=True)
        _check_ownership(path)
        (path / MARK).touch()
        lock = (path / "lock").open("a+")
    except OSError as error:
        raise FolderError(
            f"Cannot write to '{path}': {error.strerror}. Choose another folder with --data DIR."
        ) from None
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise FolderError(f"Fedra is running on '{path}' already. Stop it, or choose --data DIR.") from None
        if reset:
            _clear(path)
        yield DataFolder(path)


def _check_ownership(path: Path) -> None:
    """Never take over a folder with other content: `--reset` would delete it."""
    if not (path / MARK).exists() and any(path.iterdir()):
        raise FolderError(f"'{path}' holds files that are not Fedra's. Choose another folder with --data DIR.")


def _clear(path: Path) -> None:
    for entry in path.iterdir():
        if entry.name in {MARK, "lock"}:
            continue
        if entry.is_dir() and not entry.is_symlink():
            shutil.rmtree(entry)
        else:
            entry.unlink()
