"""What is wrong at start is told once, however many workers there are to be."""

from __future__ import annotations

import asyncio
import socket
import sys
from asyncio.subprocess import PIPE
from pathlib import Path

import pytest

from router.cli import router
from router.config_cli import config
from router.settings import Settings
from router.workers.own_settings import settings_of_worker
from tests.router.door import write_supergraph

LISTEN = "exporters.metrics.prometheus.listen"


async def refused(*arguments: str) -> str:
    """Run `fedra router` with four workers in vain; what it says."""
    command = (sys.executable, "-m", "fedra", "router", "--workers", "4", *arguments)
    process = await asyncio.create_subprocess_exec(*command, stdout=PIPE, stderr=PIPE, cwd=Path(__file__).parents[3])
    _, errors = await asyncio.wait_for(process.communicate(), 30)
    assert process.returncode == 1
    return errors.decode()


@pytest.fixture
def supergraph(tmp_path: Path) -> str:
    return str(write_supergraph(tmp_path / "supergraph.graphql", "http://127.0.0.1:1"))


async def test_a_supergraph_that_is_not_there() -> None:
    assert await refused("--supergraph", "/absent.graphql", "--port", "0") == (
        "fedra router: The supergraph '/absent.graphql' cannot be read: No such file or directory.\n"
    )


async def test_settings_for_a_subgraph_that_is_not_there(tmp_path: Path, supergraph: str) -> None:
    (tmp_path / "router.yaml").write_text("override_subgraph_url: {peple: 'http://127.0.0.1:1'}\n")
    told = await refused("--supergraph", supergraph, "--config", str(tmp_path / "router.yaml"), "--port", "0")
    assert told.count("override_subgraph_url.peple: no such subgraph. Did you mean 'people'?") == 1


async def test_an_address_at_which_others_listen(supergraph: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        assert await refused("--supergraph", supergraph, "--port", str(port)) == (
            f"fedra router: cannot listen on 127.0.0.1:{port}: Address already in use. '--port' takes another.\n"
        )


@pytest.mark.parametrize("count", ["0", "-1", "all"])
def test_no_such_number(capsys: pytest.CaptureFixture[str], supergraph: str, count: str) -> None:
    with pytest.raises(SystemExit, match="2"):
        router(("--supergraph", supergraph, f"--workers={count}"))
    assert f"'{count}' is no number of workers: expected 1 or more" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("telemetry", "key", "told"),
    [
        (
            "{resource: {service.instance.id: pod-1}}",
            "resource.service.instance.id",
            "names one process, and there are 2 workers: leave it out, each gets its own.",
        ),
        (
            "{exporters: {metrics: {prometheus: {enabled: true, listen: 'a:0'}}}}",
            LISTEN,
            "2 workers take as many ports, from this one on: name one.",
        ),
        (
            "{exporters: {metrics: {prometheus: {enabled: true, listen: 'a:65535'}}}}",
            LISTEN,
            "2 workers take the ports 65535 to 65536, and 65535 is the last.",
        ),
        (
            "{exporters: {metrics: {prometheus: {enabled: true, listen: 'a:3999'}}}}",
            LISTEN,
            "2 workers take the ports 3999 to 4000, one of which is that of GraphQL.",
        ),
    ],
)
def test_telemetry_that_would_tell_of_several_as_of_one(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, telemetry: str, key: str, told: str
) -> None:
    (tmp_path / "router.yaml").write_text(f"supergraph: {{path: /graphql}}\ntelemetry: {telemetry}\n")
    code = router(("--config", str(tmp_path / "router.yaml"), "--workers", "2"))
    said = capsys.readouterr().err.replace(str(tmp_path), "")
    assert (code, said.splitlines()[1:]) == (1, [f"  /router.yaml:2: telemetry.{key}: {told}"])


def test_validation_tells_it_too(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    (tmp_path / "router.yaml").write_text("workers: {count: 2}\ntelemetry: {resource: {service.instance.id: pod-1}}\n")
    assert config(("validate", str(tmp_path / "router.yaml"))) == 1
    assert f"{tmp_path}/router.yaml:2: telemetry.resource.service.instance.id: names one" in capsys.readouterr().err


def test_a_worker_has_a_port_for_prometheus_and_an_instance_of_its_own() -> None:
    settings = Settings.model_validate(
        {
            "telemetry": {
                "resource": {"deployment.environment.name": "test"},
                "exporters": {"metrics": {"prometheus": {"listen": "127.0.0.1:9100"}}},
            }
        }
    )
    telemetry = settings_of_worker(settings, 2, "an-id").telemetry
    assert telemetry.resource == {"deployment.environment.name": "test", "service.instance.id": "an-id"}
    assert str(telemetry.exporters.metrics.prometheus.listen) == "127.0.0.1:9102"
