"""The reference pages say what the code says."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from router.configuration.load import load_settings
from router.configuration.reference import reference
from router.hooks import Hooks
from router.planning_process.process import ADDRESS
from router.request import RequestContext
from router.settings import Settings
from router.settings.keys import keys_of

ROOT = Path(__file__).parents[2]
CONFIGURATION = (ROOT / "docs/configuration.md").read_text(encoding="utf-8")
ERRORS = (ROOT / "docs/errors.md").read_text(encoding="utf-8")
CODE = re.compile(r'"([A-Z]+(?:_[A-Z]+)+|UNAUTHENTICATED)"')


PIECES = ROOT / "docs/configuration"
EXAMPLE = re.compile(r"```yaml\n(.*?)```", re.DOTALL)
FILE = re.compile(r"\$\{file\.([^}]+)\}")


def test_the_reference_of_the_settings_says_what_the_tree_says() -> None:
    assert reference(PIECES) == CONFIGURATION, "stale: run `make docs`"


def test_every_branch_has_its_piece_of_prose_and_no_piece_is_without_branch() -> None:
    assert {path.stem for path in PIECES.iterdir()} == {*Settings.model_fields, "introduction"}


def test_every_key_is_described() -> None:
    assert [key.path for key in keys_of(Settings) if not key.description] == []


@pytest.mark.parametrize("name", Settings.model_fields)
def test_the_examples_of_a_branch_are_valid_and_set_it(name: str, tmp_path: Path) -> None:
    examples = EXAMPLE.findall((PIECES / f"{name}.md").read_text(encoding="utf-8"))
    assert examples
    for example in examples:
        (tmp_path / "router.yaml").write_text(example)
        for file in FILE.findall(example):
            (tmp_path / file).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / file).write_text("content")
        assert name in load_settings(tmp_path / "router.yaml", {}).model_fields_set


def test_every_code_stands_in_the_reference_and_nothing_else_does() -> None:
    sources = [path.read_text(encoding="utf-8") for path in (ROOT / "router").rglob("*.py") if "dev" not in path.parts]
    codes = {code for source in sources for code in CODE.findall(source)} - {"TIMED_OUT", ADDRESS}
    assert {*re.findall(r"^\| `([A-Z_]+)`", ERRORS, re.MULTILINE)} == codes


async def test_the_hook_of_the_reference_works() -> None:
    (source,) = re.findall(r"```python\n(.*?)```", CONFIGURATION, re.DOTALL)
    names: dict[str, Hooks] = {}
    exec(source, names)  # noqa: S102  # it is our own page
    known = frozenset({"beta"})
    assert await names["hooks"].labels(RequestContext(0, headers={"x-preview": "yes"}), known) == known
    assert not await names["hooks"].labels(RequestContext(0), known)
