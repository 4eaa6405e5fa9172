"""Latency and recall against the size of the catalogue, as an SVG, from what `bench search --json` printed.

python -m similarity.bench.chart 1k.json 10k.json 100k.json > docs/search-by-size.svg
"""

import json
import math
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

WIDTH, HEIGHT = 340, 220
LEFT, TOP, GAP = 60, 40, 110
COLOURS = ("#1f6feb", "#8250df", "#bf3989", "#57606a")


@dataclass(frozen=True)
class Panel:
    """`lines` maps a legend to the figure it shows; `height` maps a value to 0 (bottom) to 1 (top)."""

    title: str
    lines: Mapping[str, str]
    height: Callable[[float], float]
    ticks: Sequence[float]


def between_logs(low: float, high: float) -> Callable[[float], float]:
    """0 at `low`, 1 at `high`, even steps for equal factors."""
    return lambda value: math.log(value / low) / math.log(high / low)


PANELS = (
    Panel(
        "Milliseconds per query (log)",
        {
            "p95_ms": "index, 95th percentile",
            "p50_ms": "index, median",
            "exact_p50_ms": "all compared, in PostgreSQL",
            "numpy_p50_ms": "all compared, numpy",
        },
        between_logs(0.1, 10_000),
        (0.1, 1, 10, 100, 1000, 10_000),
    ),
    Panel(
        "Recall@5",
        {"recall_mean": "mean", "recall_p5": "5th percentile"},
        lambda value: (value - 0.8) / 0.2,
        (0.8, 0.85, 0.9, 0.95, 1),
    ),
)


def chart(figures: Sequence[Mapping[str, Any]]) -> str:
    """An SVG with a panel for latency and one for recall; each mapping is one run, of another `n`."""
    runs = sorted(figures, key=lambda run: run["n"])
    right = between_logs(runs[0]["n"], max(runs[-1]["n"], 10 * runs[0]["n"]))
    drawn = [_panel(panel, runs, right, LEFT + place * (WIDTH + GAP)) for place, panel in enumerate(PANELS)]
    size = f"{LEFT + 2 * WIDTH + GAP + 30} {TOP + HEIGHT + 130}"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size}" '
        'font-family="sans-serif" font-size="12">\n'
        f'<rect width="100%" height="100%" fill="white"/>\n{"".join(drawn)}</svg>\n'
    )


def _panel(
    panel: Panel, runs: Sequence[Mapping[str, Any]], right: Callable[[float], float], left: int
) -> str:
    def place(run: Mapping[str, Any], name: str) -> tuple[float, float]:
        share = min(max(panel.height(run[name]), 0), 1)
        return round(left + WIDTH * right(run["n"]), 1), round(TOP + HEIGHT * (1 - share), 1)

    parts = [f'<text x="{left}" y="{TOP - 16}" font-weight="bold">{panel.title}</text>']
    for tick in panel.ticks:
        y = round(TOP + HEIGHT * (1 - panel.height(tick)), 1)
        parts.append(f'<path d="M{left} {y}h{WIDTH}" stroke="#d0d7de"/>')
        parts.append(f'<text x="{left - 8}" y="{y + 4}" text-anchor="end">{tick:g}</text>')
    for run in runs:
        x, _ = place(run, next(iter(panel.lines)))
        parts.append(f'<text x="{x}" y="{TOP + HEIGHT + 20}" text-anchor="middle">{run["n"]:,}</text>')
    for line, (name, legend) in enumerate(panel.lines.items()):
        points = [place(run, name) for run in runs]
        joined = " ".join(f"{x},{y}" for x, y in points)
        parts.append(f'<polyline points="{joined}" fill="none" stroke="{COLOURS[line]}" stroke-width="2"/>')
        parts += [f'<circle cx="{x}" cy="{y}" r="3.5" fill="{COLOURS[line]}"/>' for x, y in points]
        y = TOP + HEIGHT + 48 + 18 * line
        parts.append(f'<rect x="{left}" y="{y - 9}" width="18" height="4" fill="{COLOURS[line]}"/>')
        parts.append(f'<text x="{left + 26}" y="{y - 2}">{legend}</text>')
    return "\n".join(parts) + "\n"


if __name__ == "__main__":
    sys.stdout.write(chart([json.loads(Path(name).read_text()) for name in sys.argv[1:]]))
