"""Writes a file whole or not at all."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterable
from pathlib import Path


class Unwritable(Exception):
    """The output cannot be written."""


def write(texts: Iterable[str], output: Path | None) -> None:
    """Write to standard output, or to a file: whoever reads it sees the last whole one. Raises: Unwritable."""
    if output is None:
        _print(texts)
        return
    try:
        if output.exists() and not output.is_file():
            _write_into(texts, output)
        else:
            _replace(texts, output.resolve())
    except OSError as error:
        raise Unwritable(f"Cannot write {output}: {error.strerror}.") from error


def _print(texts: Iterable[str]) -> None:
    try:
        sys.stdout.writelines(texts)
        sys.stdout.flush()
    except BrokenPipeError:  # who reads has seen enough; what is still buffered must not fail at exit
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _write_into(texts: Iterable[str], device: Path) -> None:
    with device.open("w", encoding="utf-8") as file:
        file.writelines(texts)


def _replace(texts: Iterable[str], output: Path) -> None:
    output.parent.mkdir(parents=True, exist_ok=True)
    unfinished = output.with_name(f".{output.name}.{os.getpid()}")
    try:
        _write_into(texts, unfinished)
        if output.exists():
            shutil.copymode(output, unfinished)
        unfinished.replace(output)
    finally:
        unfinished.unlink(missing_ok=True)
