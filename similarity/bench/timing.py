"""How long something takes, in milliseconds: wall clock, warm, medians of several runs."""

import time
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

RUNS = 3


def each_ms(calls: Sequence[Callable[[], Any]]) -> np.ndarray:
    """The time of each call, float (n,)."""
    times = []
    for call in calls:
        start = time.perf_counter()
        call()
        times.append(time.perf_counter() - start)
    return np.array(times) * 1000


def runs_ms(calls: Sequence[Callable[[], Any]], runs: int = RUNS) -> np.ndarray:
    """`runs` times over all calls after one to warm up: float (runs, n)."""
    each_ms(calls)
    return np.stack([each_ms(calls) for _ in range(runs)])


def p50(times: np.ndarray) -> float:
    """The median over runs (runs, n) of the median of a run."""
    return round(float(np.median(np.median(times, axis=1))), 3)


def p95(times: np.ndarray) -> float:
    """The median over runs (runs, n) of the 95th percentile of a run."""
    return round(float(np.median(np.percentile(times, 95, axis=1))), 3)


def rate(features: Callable[[np.ndarray], Any], pictures: np.ndarray, runs: int = RUNS) -> float:
    """Pictures per second: the median of `runs` after one to warm up."""
    return round(len(pictures) * 1000 / p50(runs_ms([lambda: features(pictures)], runs)), 1)
