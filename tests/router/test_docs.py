"""The reference pages say what the code says."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from router.hooks import Hooks
from router.request import RequestContext
from router.settings import Listen, Settings
from router.settings_file import load_settings

ROOT = Path(__file__).parents[2]
CONFIGURATION = (ROOT / "docs/configuration.md").read_text(encoding="utf-8")
ERRORS = (ROOT / "docs/errors.md").read_text(encoding="utf-8")
CODE = re.compile(r'"([A-Z]+(?:_[A-Z]+)+|UNAUTHENTICATED)"')


def keys(branch: type[BaseModel], path: str = "") -> Iterator[str]:
    """List every key as a row of the reference."""
    for name, field in branch.model_fields.items():
        inner = next(_branches(field.annotation), None)
        if inner is None or inner is Listen:
            yield f"| `{path}{name}` | {_default(field)} | {field.description} |"
        else:
            yield from keys(inner, f"{path}{name}{'[]' if 'tuple' in str(field.annotation) else ''}.")


def _branches(annotation: object) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for one in getattr(annotation, "__args__", ()):
        yield from _branches(one)


def _default(field: FieldInfo) -> str:
    if field.is_required():
        return "required"
    default = field.get_default(call_default_factory=True)
    if isinstance(default, timedelta):
        return f"`{default.total_seconds():g}s`"
    if isinstance(default, bool):
        return f"`{str(default).lower()}`"
    if isinstance(default, tuple) and default:
        return ", ".join(f"`{one}`" for one in default)
    return f"`{default}`" if default else "none"


def test_every_key_stands_in_the_reference_with_its_default() -> None:
    rows = [line for line in CONFIGURATION.splitlines() if line.startswith("| `")]
    assert rows == list(keys(Settings))


def test_the_example_of_the_reference_is_valid(tmp_path: Path) -> None:
    (example,) = re.findall(r"```yaml\n(.*?)```", CONFIGURATION, re.DOTALL)
    (tmp_path / "router.yaml").write_text(example)
    assert load_settings(tmp_path / "router.yaml", {}) != Settings()


def test_every_code_stands_in_the_reference_and_nothing_else_does() -> None:
    sources = [path.read_text(encoding="utf-8") for path in (ROOT / "router").rglob("*.py") if "dev" not in path.parts]
    codes = {code for source in sources for code in CODE.findall(source)} - {"TIMED_OUT"}
    assert {*re.findall(r"^\| `([A-Z_]+)`", ERRORS, re.MULTILINE)} == codes


async def test_the_hook_of_the_reference_works() -> None:
    (source,) = re.findall(r"```python\n(.*?)```", CONFIGURATION, re.DOTALL)
    names: dict[str, Hooks] = {}
    exec(source, names)  # noqa: S102  # it is our own page
    known = frozenset({"beta"})
    assert await names["hooks"].labels(RequestContext(0, headers={"x-preview": "yes"}), known) == known
    assert not await names["hooks"].labels(RequestContext(0), known)
