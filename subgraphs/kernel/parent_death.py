"""A child that ends when its parent does, however the parent ended."""

from __future__ import annotations

import ctypes
import sys
from collections.abc import Callable
from signal import Signals

PR_SET_PDEATHSIG = 1


def end_with_parent(wish: Signals) -> Callable[[], None] | None:
    """Give what a new process runs first so that it gets `wish` when its parent dies; None where only Linux can."""
    if sys.platform != "linux":
        return None
    library = ctypes.CDLL(None)  # loaded before the fork: nothing may be loaded after it

    def request() -> None:
        library.prctl(PR_SET_PDEATHSIG, int(wish))

    return request
