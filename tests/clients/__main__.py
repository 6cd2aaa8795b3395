"""`make test-clients`: unmodified npm packages do real work through `fedra router`."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import sys
import tempfile
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import yaml

from tests.router.door import Subgraphs, serving, write_supergraph

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
SETTINGS = {
    "supergraph": {"introspection": True},
    "batching": {"enabled": True, "mode": "batch_http_link", "maximum_size": 5},
    "include_subgraph_errors": {"subgraphs": {"notes": True}},
    "headers": {
        "all": {
            "request": [
                {"insert": {"name": "x-client-name", "from_context": "client_name"}},
                {"insert": {"name": "x-client-version", "from_context": "client_version"}},
            ]
        }
    },
}


async def main(names: Sequence[str]) -> int:
    """Run all scripts, or those named; 0 if every test of theirs passes."""
    missing = [program for program in ("node", "npm") if shutil.which(program) is None]
    if missing:
        sys.stderr.write(f"make test-clients: {' and '.join(missing)} missing: install Node.js 20 or newer.\n")
        return 1
    if await _run("npm", "ci", "--no-progress", "--loglevel=error", folder=HERE):
        return 1
    files = sorted(str(one) for one in HERE.glob("*.test.mjs") if not names or one.name.split(".")[0] in names)
    with tempfile.TemporaryDirectory() as folder:
        async with serving(Subgraphs().app()) as subgraphs, _router(Path(folder), subgraphs) as url:
            return await _run("node", "--test", "--test-reporter=spec", *files, folder=HERE, ROUTER_URL=url)


@asynccontextmanager
async def _router(folder: Path, subgraphs: str) -> AsyncIterator[str]:
    """Run `fedra router` on a free port; yields the URL of its endpoint."""
    supergraph = write_supergraph(folder / "supergraph.graphql", subgraphs)
    config = folder / "router.yaml"
    config.write_text(yaml.safe_dump(SETTINGS), encoding="utf-8")
    arguments = ("router", "--supergraph", str(supergraph), "--config", str(config), "--port", "0")
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "fedra", *arguments, cwd=ROOT, stdout=asyncio.subprocess.PIPE
    )
    assert process.stdout is not None
    try:
        yield json.loads(await process.stdout.readline())["url"]
    finally:
        process.terminate()
        sys.stdout.buffer.write((await process.communicate())[0])


async def _run(*command: str, folder: Path, **environment: str) -> int:
    process = await asyncio.create_subprocess_exec(*command, cwd=folder, env={**os.environ, **environment})
    return await process.wait()


if __name__ == "__main__":
    sys.exit(asyncio.run(main(sys.argv[1:])))
