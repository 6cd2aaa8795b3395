"""`fedra dev`: the whole platform in one go, ended cleanly by Ctrl-C or SIGTERM."""

from __future__ import annotations

import argparse
import asyncio
import json
import shlex
import signal
import socket
import sys
import time
from pathlib import Path

from router.dev import demo, programs
from router.dev.client import Client, DemoFailed
from router.dev.folder import DataFolder, FolderError, claimed, default_folder
from router.dev.keys import demo_token, make_keys, write_configuration
from router.dev.supervisor import ProgramFailed, Supervisor

RETRY_SECONDS = 5.0


class PortTaken(Exception):
    """Somebody else listens where the router should."""


def dev(arguments: list[str]) -> int:
    """Run the platform until Ctrl-C or SIGTERM. Exit codes: 0 ended as asked, 1 could not start."""
    options = _parser().parse_args(arguments)
    checkout = Path.cwd()
    try:
        _check_port(options.port)
        with claimed(options.data or default_folder(checkout), reset=options.reset) as folder:
            asyncio.run(_until_asked_to_stop(folder, options.port, checkout))
    except (PortTaken, FolderError, ProgramFailed, DemoFailed) as error:
        sys.stderr.write(f"fedra dev: {error}\n")
        return 1
    _tell("Everything has stopped. The data stays; `--reset` clears it.")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="fedra dev", description="The whole platform on embedded stores.")
    parser.add_argument("--port", type=int, default=4000, help="where the router listens on 127.0.0.1 (4000)")
    parser.add_argument("--data", type=Path, help="the folder for data, keys and logs (.fedra)")
    parser.add_argument("--reset", action="store_true", help="clear the data folder first")
    return parser


def _tell(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def _check_port(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            raise PortTaken(f"Port {port} of 127.0.0.1 is taken. Choose another: `make dev PORT={port + 1}`.") from None


async def _until_asked_to_stop(folder: DataFolder, port: int, checkout: Path) -> None:
    asked = asyncio.Event()
    for wish in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(wish, asked.set)
    running = asyncio.create_task(_run(folder, port, checkout))
    stopped = asyncio.create_task(asked.wait())
    await asyncio.wait({running, stopped}, return_when=asyncio.FIRST_COMPLETED)
    if asked.is_set():
        _tell("\nStopping ...")
        running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    stopped.cancel()
    if not running.cancelled() and (error := running.exception()):
        raise error


async def _run(folder: DataFolder, port: int, checkout: Path) -> None:
    began = time.monotonic()
    _tell(f"Starting Fedra; data and logs are in '{folder.path}'.")
    make_keys(folder)
    ports = programs.Ports.choose(port)
    write_configuration(folder, ports, checkout / "deploy/registry/relay.graphql")
    async with Supervisor(folder.logs, _tell) as supervisor:
        await _start(supervisor, folder, ports, checkout)
        client = Client(f"http://127.0.0.1:{port}/graphql", demo_token(folder))
        if not folder.demo.exists():
            _tell("  First start: reading this repository's README and asking about it ...")
        shown = await demo.prepare(client, checkout, folder.demo)
        await client.ask(demo.WELCOME, shown.variables())
        _welcome(client, shown, time.monotonic() - began)
        await _read_the_rest(client, shown.collection, checkout)
        await asyncio.Event().wait()


async def _read_the_rest(client: Client, collection: str, checkout: Path) -> None:
    """Have the other documents ingested. Nothing waits for them: a failure is told, and it is tried again."""
    while True:
        try:
            await demo.ingest(client, collection, demo.other_documents(checkout))
        except DemoFailed as error:
            _tell(f"  The other documents could not be handed over yet: {error}")
            await asyncio.sleep(RETRY_SECONDS)
        else:
            return


async def _start(supervisor: Supervisor, folder: DataFolder, ports: programs.Ports, checkout: Path) -> None:
    databases = json.loads(await supervisor.start(programs.postgres(folder, ports)))
    try:
        async with asyncio.TaskGroup() as together:
            for program in programs.services(folder, ports, databases, checkout):
                together.create_task(supervisor.start(program))
    except ExceptionGroup as failed:
        raise failed.exceptions[0] from None
    await supervisor.run(programs.compose(folder))
    await supervisor.start(programs.router(folder, ports))


def _welcome(client: Client, shown: demo.Demo, seconds: float) -> None:
    body = json.dumps({"query": " ".join(demo.WELCOME.split()), "variables": shown.variables()})
    command = ["curl", "-s", client.endpoint, "-H", "content-type: application/json"]
    command += ["-H", f"authorization: Bearer {client.token}", "-d", body]
    _tell(f"\nFedra is ready after {seconds:.1f} s.\n")
    _tell(f"Endpoint:    {client.endpoint}\nDemo token:  {client.token}\nCollection:  {shown.collection}\n")
    _tell(f"A first query, through all four subgraphs:\n\n{shlex.join(command)}\n\nCtrl-C stops everything.")
