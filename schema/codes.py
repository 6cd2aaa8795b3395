"""What each code of composition means, an example, and the way out: for `fedra explain` and the reference page."""

from __future__ import annotations

import argparse
import sys
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from graphql.pyutils import did_you_mean, suggestion_list

from schema.errors import HINTS

_HEAD = """# Errors and hints of composition

Made from `schema/codes.toml` by `python -m schema.codes > docs/errors-composition.md`. `fedra explain CODE` tells one.
Errors leave no supergraph; hints do. Examples show one SDL for each subgraph, named a, b and so on, with federation
v2.9 linked where nothing else is said.
"""


@dataclass(frozen=True, slots=True)
class Code:
    """A code. Shapes: example, one SDL for each subgraph; level ERROR, WARN, INFO or DEBUG.

    With `by` where the example says `replace`, nothing is wrong with it any more.
    """

    name: str
    level: str
    meaning: str
    fix: str
    example: tuple[str, ...] = ()
    federation: int = 2
    replace: str = ""
    by: str = ""

    @property
    def near_miss(self) -> tuple[str, ...]:
        """The example, mended."""
        return tuple(sdl.replace(self.replace, self.by) for sdl in self.example)

    def render(self) -> str:
        """Markdown, which reads well as plain text too."""
        parts = [f"### {self.name}", f"{self.level}. {self.meaning}", self.fix]
        if self.example:
            lines = [f"# {name}\n{sdl}" for name, sdl in zip("abcdef", self.example, strict=False)]
            parts.append("\n".join(["```graphql", *lines, "```"]))
            parts.append(
                f"Right: `{self.by}` for `{self.replace}`." if self.by else f"Right: without `{self.replace.strip()}`."
            )
        return "\n\n".join(parts) + "\n"


@cache
def codes() -> Mapping[str, Code]:
    """Every code by name, errors first. A code that is both stands among the errors."""
    tree = tomllib.loads(files("schema").joinpath("codes.toml").read_text(encoding="utf-8"))
    return {
        name: Code(
            name,
            "ERROR" if kind == "error" else HINTS[name],
            entry["meaning"],
            entry["fix"],
            tuple(entry.get("example", ())),
            entry.get("federation", 2),
            entry.get("replace", ""),
            entry.get("by", ""),
        )
        for kind in ("error", "hint")
        for name, entry in tree[kind].items()
    }


def page() -> str:
    """Write the reference page."""
    return "\n".join([_HEAD, *_section("Errors", is_error=True), *_section("Hints", is_error=False)])


def _section(title: str, *, is_error: bool) -> Iterator[str]:
    yield f"## {title}\n"
    yield from (one.render() for one in codes().values() if (one.level == "ERROR") is is_error)


def explain(arguments: Sequence[str]) -> int:
    """Tell what a code means; 2 when there is no such code."""
    parser = argparse.ArgumentParser(prog="fedra explain", description="Tell what a code of composition means.")
    parser.add_argument("code", help="for example SATISFIABILITY_ERROR")
    name = parser.parse_args(arguments).code.upper()
    found = codes().get(name)
    if found is None:
        near = did_you_mean(suggestion_list(name, list(codes())))
        sys.stderr.write(f'fedra explain: Unknown code "{name}".{near}\n')
        return 2
    sys.stdout.write(found.render())
    return 0


if __name__ == "__main__":
    sys.stdout.write(page())
