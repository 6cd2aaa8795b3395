"""CPU time per request as bars, a panel for each workload, each on a logarithmic scale of its own."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from math import floor, log10

Bar = tuple[str, str, str, float]
"""Workload, router, mode, microseconds."""

WIDTH, LEFT, RIGHT, LINE, GAP = 860, 210, 110, 20, 34
OWN, OTHER = "#1f6f8b", "#b9c3c9"


def plot(bars: Sequence[Bar]) -> str:
    """Draw an SVG."""
    drawn: list[str] = []
    top = GAP
    for workload in dict.fromkeys(one[0] for one in bars):
        panel = [one for one in bars if one[0] == workload]
        drawn.append(_text(10, top, f"{workload}: CPU µs per request (logarithmic)", "bold"))
        drawn += [line for at, one in enumerate(panel) for line in _bar(one, top + 8 + at * LINE, panel)]
        top += len(panel) * LINE + GAP
    size = f'width="{WIDTH}" height="{top}"'
    head = f'<svg xmlns="http://www.w3.org/2000/svg" {size} font-family="sans-serif" font-size="12">'
    return "\n".join([head, f'<rect {size} fill="#fff"/>', *drawn, "</svg>\n"])


def _bar(bar: Bar, top: int, panel: Sequence[Bar]) -> list[str]:
    _, peer, mode, figure = bar
    least = 10 ** floor(log10(max(min(one[3] for one in panel), 1)))
    most = max(one[3] for one in panel)
    share = log10(max(figure, least) / least) / max(log10(most / least), 1e-9)
    width = max(share * (WIDTH - LEFT - RIGHT), 2)
    colour = OWN if peer.startswith("fedra") else OTHER
    return [
        _text(20, top + 14, f"{peer} ({mode})"),
        f'<rect x="{LEFT}" y="{top + 3}" width="{width:.0f}" height="{LINE - 6}" fill="{colour}"/>',
        _text(int(LEFT + width + 6), top + 14, f"{figure:,.0f}"),
    ]


def _text(x: int, y: int, text: str, weight: str = "normal") -> str:
    return f'<text x="{x}" y="{y}" font-weight="{weight}">{escape(text)}</text>'
