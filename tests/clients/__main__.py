"""`make test-clients`: unmodified npm packages do real work through `fedra router`."""

from __future__ import annotations

import asyncio
import os
import shutil
import sys
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import AsyncExitStack
from pathlib import Path

import orjson

from tests.clients import platform
from tests.clients.frontends import HERE, TOOLS, set_up, tool
from tests.clients.routers import DEVELOPMENT, PEOPLE, PRODUCTION, running, tokens
from tests.router.door import Subgraphs, serving, write_supergraph


async def main(names: Sequence[str]) -> int:
    """Run all scripts, or those named; 0 if every test of theirs passes."""
    missing = [program for program in ("node", "npm") if shutil.which(program) is None]
    if missing:
        sys.stderr.write(f"make test-clients: {' and '.join(missing)} missing: install Node.js 20 or newer.\n")
        return 1
    if await _run("npm", "ci", "--no-progress", "--loglevel=error", folder=HERE):
        return 1
    with tempfile.TemporaryDirectory() as folder:
        return await _prove(Path(folder), names)


async def _prove(folder: Path, names: Sequence[str]) -> int:
    """Let the tools of npm write manifests against a router of development, and the clients ask one that has them."""
    set_up(folder)
    known = tokens(folder)
    files = sorted(str(one) for one in HERE.glob("*.test.mjs") if not names or one.name.split(".")[0] in names)
    async with AsyncExitStack() as stack:
        enter = stack.enter_async_context
        people = write_supergraph(folder / "people.graphql", await enter(serving(Subgraphs().app())))
        sessions = await enter(serving(platform.Platform().app()))
        api = platform.write_supergraph(folder, sessions)
        urls = await enter(running(folder, people, PEOPLE)) | await enter(running(folder, api, DEVELOPMENT))
        if await _build(folder, ROUTER_URL=urls["development"], TOKEN=known["ada"]):
            return 1
        urls |= await enter(running(folder, api, PRODUCTION))
        environment = {"ROUTERS": _json(urls), "TOKENS": _json(known), "FRONTENDS": str(folder)}
        return await _run("node", "--test", "--test-reporter=spec", *files, folder=HERE, **environment)


async def _build(folder: Path, **environment: str) -> int:
    """Run the tools; 0 if all succeed."""
    for app, program in TOOLS:
        if app == "relay":
            shutil.copy(folder / "codegen/schema.graphql", folder / "relay")
        if code := await _run(tool(program), folder=folder / app, **environment):
            sys.stderr.write(f"make test-clients: {program} failed.\n")
            return code
    return 0


def _json(value: Mapping[str, str]) -> str:
    return orjson.dumps(value).decode()


async def _run(*command: str, folder: Path, **environment: str) -> int:
    process = await asyncio.create_subprocess_exec(*command, cwd=folder, env={**os.environ, **environment})
    return await process.wait()


if __name__ == "__main__":
    sys.exit(asyncio.run(main(sys.argv[1:])))
