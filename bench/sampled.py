"""`fedra`, sampled: every few milliseconds of CPU time it is noted which line runs, and on whose behalf.

Started by `python -m bench.profile`. At the end the counts go to the file that BENCH_SAMPLES names: by line, and by
function that is under way. What runs outside the event loop is not counted.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from types import FrameType

import fedra

INTERVAL = 0.001  # seconds of CPU time; the kernel makes more of it
LOOP = "asyncio/runners.py"

lines: Counter[str] = Counter()
functions: Counter[str] = Counter()


def _note(_: int, frame: FrameType | None) -> None:
    stack = list(_stack(frame))
    if any(one.f_code.co_filename.endswith(LOOP) for one in stack):
        lines[f"{_file(stack[0])}:{stack[0].f_lineno} {stack[0].f_code.co_qualname}"] += 1
        functions.update({f"{_file(one)} {one.f_code.co_qualname}" for one in stack})


def _stack(frame: FrameType | None) -> Iterator[FrameType]:
    while frame is not None:
        yield frame
        frame = frame.f_back


def _file(frame: FrameType) -> str:
    return "/".join(Path(frame.f_code.co_filename).parts[-3:])


def main() -> int:
    """Run `fedra` with the arguments given."""
    signal.signal(signal.SIGPROF, _note)
    signal.setitimer(signal.ITIMER_PROF, INTERVAL, INTERVAL)
    try:
        return fedra.main()
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        Path(os.environ["BENCH_SAMPLES"]).write_text(json.dumps({"lines": lines, "functions": functions}))


if __name__ == "__main__":
    sys.exit(main())
