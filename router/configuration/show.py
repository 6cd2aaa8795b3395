"""Settings as they are in force, and where each value comes from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import yaml
from pydantic import BaseModel

from router.configuration.mistakes import KeyPath, Origins
from router.settings import Settings

MASK = "**********"


def show(settings: Settings, origins: Origins) -> str:
    """Write the whole tree as YAML, with the origin of each value; secrets are masked."""
    return "\n".join(_branch(settings, (), origins)) + "\n"


def _branch(branch: BaseModel, path: KeyPath, origins: Origins) -> Iterator[str]:
    plain = branch.model_dump(mode="json", by_alias=True)
    for name, field in type(branch).model_fields.items():
        key = field.alias or name
        is_set = name in branch.model_fields_set
        yield from _entry(f"{key}:", getattr(branch, name), plain[key], (*path, key), origins if is_set else {})


def _entry(head: str, value: object, plain: Any, path: KeyPath, origins: Origins) -> Iterator[str]:  # noqa: ANN401 (JSON)
    """Write one key or item; branches below it each on their own lines, all else on one."""
    if isinstance(value, BaseModel):
        yield head
        yield from _indented(_branch(value, path, origins))
    elif isinstance(value, Mapping) and any(isinstance(one, BaseModel) for one in value.values()):
        yield head
        for name, one in value.items():
            yield from _indented(_entry(f"{_flow(name)}:", one, plain[name], (*path, name), origins))
    elif isinstance(value, tuple) and any(isinstance(one, BaseModel) for one in value):
        yield head
        for at, one in enumerate(value):
            first, *rest = _branch(one, (*path, at), origins)
            yield from _indented([f"- {first}", *(f"  {line}" for line in rest)])
    else:
        is_secret = any(one[: len(path)] == path[: len(one)] and origin.is_secret for one, origin in origins.items())
        yield f"{head} {_flow(MASK if is_secret else _ordered(value, plain))}  # {_origin(path, origins)}"


def _origin(path: KeyPath, origins: Origins) -> str:
    known = (path[:length] for length in range(len(path), 0, -1))
    return next((origins[one].place for one in known if one in origins), "default")


def _ordered(value: object, plain: Any) -> Any:  # noqa: ANN401 (JSON)
    return sorted(plain) if isinstance(value, frozenset) else plain


def _flow(plain: object) -> str:
    text: str = yaml.safe_dump(plain, default_flow_style=True, width=float("inf"), allow_unicode=True)
    return text.removesuffix("...\n").strip()


def _indented(lines: Iterator[str] | list[str]) -> Iterator[str]:
    return (f"  {line}" for line in lines)
