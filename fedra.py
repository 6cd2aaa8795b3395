"""The console script: one word names a command, and only the part it belongs to is imported."""

from __future__ import annotations

import os
import signal
import sys
from importlib import import_module

from subgraphs.kernel.parent_death import end_with_parent

COMMANDS = {
    "dev": ("router.dev.cli", "dev", "the whole platform on embedded stores"),
    "router": ("router.cli", "router", "the router alone, over a supergraph"),
    "config": ("router.config_cli", "config", "the router's settings: their schema, mistakes, and what is in force"),
    "plan": ("router.planner.cli", "plan", "the query plan of an operation"),
    "relay": ("router.relay.cli", "relay", "the schema of the subgraph of node and nodes"),
    "compose": ("schema.cli", "compose", "subgraph schemas to one supergraph"),
    "explain": ("schema.codes", "explain", "what an error or hint of composition means"),
    "subgraph": ("subgraphs.kernel.cli", "subgraph", "one subgraph: sessions, tasks, models or search"),
    "worker": ("subgraphs.tasks.cli", "worker", "one worker that runs tasks"),
    "postgres": ("subgraphs.kernel.embedded_cli", "postgres", "the embedded PostgreSQL, with its roles"),
}


def usage() -> str:
    """List the commands, one a line."""
    lines = [f"  fedra {name:<10}{summary}" for name, (_, _, summary) in COMMANDS.items()]
    return "\n".join(["usage: fedra COMMAND [options]", "", *lines, "", "`fedra COMMAND --help` tells more."])


def end_with(parent: int) -> None:
    """End when the process `parent`, which started this one, does: a supervisor that is killed leaves no orphan."""
    request = end_with_parent(signal.SIGTERM)
    if request:
        request()
        if os.getppid() != parent:  # it died before we asked
            sys.exit(1)


def main(arguments: list[str] | None = None) -> int:
    """Run one command; its exit code is ours. 2: no such command."""
    arguments = sys.argv[1:] if arguments is None else arguments
    if arguments[:1] == ["--with-parent"]:
        end_with(int(arguments[1]))
        arguments = arguments[2:]
    if not arguments or arguments[0] in {"-h", "--help"}:
        sys.stdout.write(usage() + "\n")
        return 0 if arguments else 2
    name, *rest = arguments
    if name not in COMMANDS:
        sys.stderr.write(f"fedra: Unknown command '{name}'.\n\n{usage()}\n")
        return 2
    module, function, _ = COMMANDS[name]
    code = getattr(import_module(module), function)(rest)
    return int(code)


if __name__ == "__main__":
    sys.exit(main())
