from __future__ import annotations

import asyncio
import signal
import socket
from pathlib import Path

import httpx
import pytest

from router.cli import router
from tests.router.door import Subgraphs, serving, write_supergraph
from tests.router.running import started


@pytest.mark.parametrize("stop", [signal.SIGTERM, signal.SIGINT])
async def test_the_command_serves_until_told_to_stop_and_finishes_what_is_under_way(
    tmp_path: Path, stop: signal.Signals
) -> None:
    subgraphs = Subgraphs()
    async with serving(subgraphs.app()) as url:
        file = write_supergraph(tmp_path / "supergraph.graphql", url)
        async with (
            started("--supergraph", str(file), "--port", "0") as (process, graphql),
            httpx.AsyncClient() as client,
        ):
            query = {"query": "{ people(first: 1) { name } }"}
            assert (await client.post(graphql, json=query)).json() == {"data": {"people": [{"name": "Ada"}]}}
            subgraphs.delay = 0.5
            slow = asyncio.create_task(client.post(graphql, json=query))
            await asyncio.sleep(0.2)
            process.send_signal(stop)
            assert (await slow).json() == {"data": {"people": [{"name": "Ada"}]}}
            _, errors = await asyncio.wait_for(process.communicate(), 10)
            assert (process.returncode, errors) == (0, b"")


def refused(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    """Run the command in vain; what it says."""
    assert router(arguments) == 1
    said = capsys.readouterr()
    assert said.out == ""
    return said.err


@pytest.fixture
def supergraph(tmp_path: Path) -> str:
    return str(write_supergraph(tmp_path / "supergraph.graphql", "http://127.0.0.1:1"))


def test_a_taken_port_is_told_in_one_sentence(capsys: pytest.CaptureFixture[str], supergraph: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        assert refused(capsys, "--supergraph", supergraph, "--port", str(port)) == (
            f"fedra router: cannot listen on 127.0.0.1:{port}: Address already in use. '--port' takes another.\n"
        )


@pytest.mark.parametrize("port", ["70000", "-1", "http"])
def test_no_such_port(capsys: pytest.CaptureFixture[str], supergraph: str, port: str) -> None:
    with pytest.raises(SystemExit, match="2"):
        router(("--supergraph", supergraph, f"--port={port}"))
    assert f"'{port}' is no port: expected a number up to 65535" in capsys.readouterr().err


def test_no_such_host(capsys: pytest.CaptureFixture[str], supergraph: str) -> None:
    told = refused(capsys, "--supergraph", supergraph, "--host", "192.0.2.1", "--port", "0")
    assert (
        told == "fedra router: cannot listen on 192.0.2.1:0: Cannot assign requested address. '--port' takes another.\n"
    )


def test_without_a_supergraph_it_says_how_to_name_one(capsys: pytest.CaptureFixture[str]) -> None:
    assert refused(capsys) == (
        "fedra router: No supergraph is named: give '--supergraph FILE', or 'supergraph.file'.\n"
    )


def test_a_missing_supergraph_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    assert refused(capsys, "--supergraph", "/absent.graphql") == (
        "fedra router: The supergraph '/absent.graphql' cannot be read: No such file or directory.\n"
    )


def test_mistakes_in_the_settings_are_told_together(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, supergraph: str
) -> None:
    (tmp_path / "router.yaml").write_text("limits: {max_dept: 1}\nsupergraf: {}\n")
    told = refused(capsys, "--supergraph", supergraph, "--config", str(tmp_path / "router.yaml"))
    assert told.replace(str(tmp_path), "").splitlines()[1:] == [
        "  /router.yaml:1: limits.max_dept: unknown key. Did you mean 'max_depth' or 'max_height'?",
        "  /router.yaml:2: supergraf: unknown key. Did you mean 'supergraph'?",
    ]
