"""The drawing of latency and recall against size."""

from xml.etree import ElementTree

from similarity.bench.chart import HEIGHT, LEFT, TOP, WIDTH, chart

SVG = "{http://www.w3.org/2000/svg}"
RUN = {
    "p50_ms": 1,
    "p95_ms": 10,
    "exact_p50_ms": 100,
    "numpy_p50_ms": 0.1,
    "recall_mean": 1,
    "recall_p5": 0.8,
}


def polylines(*runs: dict) -> list[list[tuple[float, float]]]:
    drawn = ElementTree.fromstring(chart(runs)).iter(f"{SVG}polyline")  # noqa: S314 - our own
    return [[tuple(map(float, point.split(","))) for point in line.get("points").split()] for line in drawn]


def test_each_figure_has_a_line_with_a_point_for_each_size():
    assert [len(line) for line in polylines(RUN | {"n": 100_000}, RUN | {"n": 1000})] == [2] * 6


def test_sizes_go_from_left_to_right_in_even_steps_for_equal_factors():
    line = polylines(*(RUN | {"n": size} for size in (100_000, 1000, 10_000)))[0]
    assert [x for x, _ in line] == [LEFT, LEFT + WIDTH / 2, LEFT + WIDTH]


def test_what_is_faster_is_lower_and_perfect_recall_is_at_the_top():
    p95, p50, exact, numpy, mean, low = (line[0][1] for line in polylines(RUN | {"n": 1000}))
    assert numpy == TOP + HEIGHT
    assert numpy > p50 > p95 > exact
    assert (mean, low) == (TOP, TOP + HEIGHT)
