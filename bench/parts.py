"""The way of a request by parts: which lines of a profile belong to which."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping

PARTS = (
    ("HTTP of clients", r"router/transport/|router/middleware/|protocols/http/|uvicorn/|router/serving"),
    (
        "who asks, and what it may",
        r"router/identity/|policies/|router/pipeline|router/persisted/|main/cache|cachetools",
    ),
    ("what is seen of it", r"router/telemetry/|opentelemetry/|sdk/trace"),
    ("representations, by code", r"<query plan>:\w+ collect"),
    ("the client's answer, by code", r"<query plan>:\w+ project"),
    ("running the plan", r"router/compiled/|router/execution/|router/planned|router/shared_runs"),
    ("JSON of answers of subgraphs, read", r"router/fetch/network.py:\d+ _received"),
    ("JSON of requests and answers, written", r"router/json_text|orjson"),
    ("HTTP to subgraphs", r"router/fetch/(http1|http|connection_pool|deadlines|inflate|tls)\.py"),
    ("what a request to a subgraph says, and its answer", r"router/fetch/|router/headers/"),
    ("tasks and the event loop", r"python3\.\d+/|asyncio/|uvloop|<frozen|contextlib|_weakrefset"),
)
"""In the order in which they are tried."""
REST = "all else"


def by_part(lines: Mapping[str, int]) -> Mapping[str, int]:
    """Add up the samples of the lines of each part."""
    counts: Counter[str] = Counter()
    for line, count in lines.items():
        counts[next((title for title, pattern in PARTS if re.search(pattern, line)), REST)] += count
    return counts
