"""Composition makes millions of objects and keeps most of them: looking for cycles among them took half its time."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

_THRESHOLDS = (500_000, 20, 50)


@contextmanager
def rarely_collecting() -> Iterator[None]:
    """Collect garbage less often for a while."""
    before = gc.get_threshold()
    gc.set_threshold(*_THRESHOLDS)
    try:
        yield
    finally:
        gc.set_threshold(*before)
