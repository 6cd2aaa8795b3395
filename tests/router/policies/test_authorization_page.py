"""What docs/authorization.md shows works as it stands."""

from __future__ import annotations

import re
import time
from pathlib import Path

import pytest

from router.configuration.load import load_settings
from router.policies.grants import Grants
from router.request import RequestContext
from router.settings import Settings

PAGE = (Path(__file__).parents[3] / "docs/authorization.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("example", re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL))
def test_the_examples_are_valid(example: str, tmp_path: Path) -> None:
    (tmp_path / "router.yaml").write_text(example)
    assert load_settings(tmp_path / "router.yaml", {}) != Settings()


async def test_the_policies_decide() -> None:
    (source,) = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
    names: dict[str, object] = {}
    exec(source, names)  # noqa: S102  # it is our own page
    grants, asked = Grants(names["hooks"]), frozenset({"pii.read", "other"})  # type: ignore[arg-type]  # of that source
    for purpose, granted in (("support", {"pii.read"}), ("sales", set())):
        context = RequestContext(time.monotonic() + 5, headers={"x-purpose": purpose})
        assert await grants.granted(asked, context) == granted
