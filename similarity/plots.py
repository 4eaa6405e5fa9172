"""Figures as drawings: numbers for the inline SVG of the admin's pages, which needs no script."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from similarity.bands import Band, Curve

# Names are left, figures right of the bars.
BAR_LEFT, BAR_WIDTH, ROW = 170, 360, 44
CURVE_WIDTH, CURVE_HEIGHT = 520, 200


@dataclass(frozen=True)
class Bar:
    """A value from 0 to 1 at `y`, and the ends of its interval, all in pixels of the drawing."""

    y: int
    width: float
    low: float
    high: float
    value: float
    is_refined: bool


@dataclass(frozen=True)
class Row:
    name: str
    y: int
    bars: Sequence[Bar]


def bars(report: Mapping[str, Any]) -> list[Row]:
    """Raw above refined for each attribute, and recall, of a report as `evaluation.as_json` gives it."""
    figures = [
        (name, [("raw." + name, report["raw"][name]), ("refined." + name, report["refined"][name])])
        for name in report["raw"]
    ]
    for label, keys in (
        ("photos, recall@1", ("raw_instance_recall_at_1", "refined_instance_recall_at_1")),
        ("photos, recall@1", ("instance_recall_at_1",)),
        ("photos, recall@5", ("instance_recall_at_5",)),
        ("index, recall@5", ("index_recall_at_5",)),
    ):
        known = [(key, report[key]) for key in keys if report.get(key) is not None]
        if known:
            figures.append((label, known))
    rows = []
    for place, (name, values) in enumerate(figures):
        top = place * ROW
        drawn = [_bar(key, value, top + 6 + 16 * line, report) for line, (key, value) in enumerate(values)]
        rows.append(Row(name, top + (26 if len(drawn) > 1 else 18), drawn))
    return rows


def _bar(key: str, value: float, y: int, report: Mapping[str, Any]) -> Bar:
    low, high = report["intervals"].get(key, (value, value))
    return Bar(
        y=y,
        width=round(BAR_WIDTH * value, 1),
        low=round(BAR_LEFT + BAR_WIDTH * low, 1),
        high=round(BAR_LEFT + BAR_WIDTH * high, 1),
        value=value,
        is_refined=not key.startswith("raw"),
    )


@dataclass(frozen=True)
class DrawnCurve:
    """A curve from cosine -0.2 to 1: the points of a polyline, and where each band begins."""

    points: str
    cuts: Sequence[tuple[str, float, float]]


def curve(found: Curve) -> DrawnCurve:
    def x(cosine: float) -> float:
        return round(CURVE_WIDTH * (cosine + 0.2) / 1.2, 1)

    points = [(x(cosine), round(CURVE_HEIGHT * (1 - share), 1)) for cosine, share in found.knots]
    return DrawnCurve(
        points=" ".join(f"{left},{top}" for left, top in points if left >= 0),
        cuts=[(str(band.label), max(0.0, x(found.cuts[band])), found.cuts[band]) for band in Band],
    )
