"""What was measured, as a table, as JSON and as a plot."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median
from typing import Any

from bench.plot import plot
from bench.sample import Sample

REFERENCE = "apollo-gateway"
OWN = "fedra"
COLUMNS = (
    "router",
    "mode",
    "requests/s",
    "p50 ms",
    "p99 ms",
    "CPU µs/request (range)",
    "of @apollo/gateway's",
    "Fedra's of it",
    "fetches",
    "memory MB",
)


@dataclass(frozen=True, slots=True)
class Row:
    """One router, in one mode, on one workload: medians of the rounds."""

    workload: str
    peer: str
    mode: str
    requests_per_second: float
    p50: float
    p99: float
    cpu_us: float
    least: float
    most: float
    fetches: float
    memory_mb: float
    planner_mb: float
    of_reference: float | None
    """CPU, as a share of what @apollo/gateway needs in the same round."""
    own_share: float | None
    """Fedra's CPU, as a share of what this one needs in the same mode and round."""


def rows(samples: Sequence[Sample]) -> list[Row]:
    """Join the rounds of each router."""
    right = [one for one in samples if not one.wrong and one.round]
    keys = dict.fromkeys((one.workload, one.peer, one.mode) for one in right)
    cpu = {(one.workload, one.peer, one.mode, one.round): one.cpu_us for one in right}
    return [_row([one for one in right if (one.workload, one.peer, one.mode) == key], cpu) for key in keys]


def _row(some: Sequence[Sample], cpu: Mapping[tuple[str, str, str, int], float]) -> Row:
    one = some[0]
    reference = [(each.cpu_us, cpu.get((one.workload, REFERENCE, "none", each.round))) for each in some]
    own = [(cpu.get((one.workload, OWN, one.mode, each.round)), each.cpu_us) for each in some]
    return Row(
        one.workload,
        one.peer,
        one.mode,
        _median(some, lambda each: each.requests_per_second),
        _median(some, lambda each: each.p50),
        _median(some, lambda each: each.p99),
        _median(some, lambda each: each.cpu_us),
        min(each.cpu_us for each in some),
        max(each.cpu_us for each in some),
        _median(some, lambda each: each.fetches),
        _median(some, lambda each: each.memory_mb),
        _median(some, lambda each: each.planner_mb),
        _ratio(reference),
        _ratio(own),
    )


def _median(some: Iterable[Sample], figure: Callable[[Sample], float]) -> float:
    return median(map(figure, some))


def _ratio(pairs: Iterable[tuple[float | None, float | None]]) -> float | None:
    ratios = [a / b for a, b in pairs if a and b]
    return median(ratios) if ratios else None


def write(folder: Path, samples: Sequence[Sample], told: Mapping[str, Any], absent: Sequence[str]) -> str:
    """Write all three into a folder; returns the table."""
    folder.mkdir(parents=True, exist_ok=True)
    joined = rows(samples)
    text = "\n".join([*_conditions(told), *_tables(joined), *_remarks(samples, absent), f"\nWritten to {folder}"])
    everything = {"conditions": dict(told), "rows": list(map(asdict, joined)), "samples": list(map(asdict, samples))}
    (folder / "bench.json").write_text(json.dumps(everything, indent=1), encoding="utf-8")
    (folder / "bench.md").write_text(text, encoding="utf-8")
    (folder / "bench.svg").write_text(
        plot([(one.workload, one.peer, one.mode, one.cpu_us) for one in joined]), encoding="utf-8"
    )
    return text


def _conditions(told: Mapping[str, Any]) -> list[str]:
    versions = "; ".join(f"{name}: {one}" for name, one in told["versions"].items())
    return [
        f"{told['at']}, {told['cores']} cores of {told['processor']}, {told['system']}",
        f"load at the start {told['load']} (averages of 1, 5 and 15 minutes)",
        f"Python {told['python']}, Node {told['node']}, revision {told['revision']}; {versions}",
        f"{told['rounds']} rounds of {told['seconds']} s, {told['warm_up']} s of warm-up: {told['command']}",
    ]


def _tables(joined: Sequence[Row]) -> list[str]:
    lines = []
    for workload in dict.fromkeys(one.workload for one in joined):
        lines += [
            f"\n### {workload}\n",
            _joined(COLUMNS),
            f"|---|---{'|--:' * 8}|",
            *(_line(one) for one in joined if one.workload == workload),
        ]
    return lines


def _line(one: Row) -> str:
    figures = (
        one.peer,
        one.mode,
        f"{one.requests_per_second:,.0f}",
        f"{one.p50:,.1f}",
        f"{one.p99:,.1f}",
        f"{one.cpu_us:,.0f} ({one.least:,.0f} to {one.most:,.0f})",
        _share(one.of_reference),
        _share(one.own_share),
        f"{one.fetches:.1f}",
        memory(one),
    )
    return _joined(figures)


def memory(one: Row | Sample) -> str:
    """Tell the memory of a router, and apart from it that of its planner process."""
    return f"{one.memory_mb:,.0f}" + (f" + {one.planner_mb:,.0f} planner" if one.planner_mb else "")


def _joined(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _share(ratio: float | None) -> str:
    if ratio is None:
        return ""
    return f"1/{1 / ratio:.1f}" if ratio < 1 else f"{ratio:.1f}"


def _remarks(samples: Sequence[Sample], absent: Sequence[str]) -> list[str]:
    wrong = {(one.workload, one.peer, one.mode): one.wrong for one in samples if one.wrong}
    lines = [f"\nWRONG: {' '.join(key)}: {told}" for key, told in wrong.items()]
    return [*lines, f"\nNot there: {', '.join(absent)}"] if absent else lines
