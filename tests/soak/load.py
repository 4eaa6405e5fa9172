"""Fifty shoppers and two photo searches a second beside a bulk embedding.

    python -m tests.soak.load --minutes 5

Everything runs on this machine, on 127.0.0.1 only. Every page has to be answered with 200, and a photo with
200 or an honest refusal: 503 or 429, with Retry-After. Photos have to come as often as was said, most of them
must be searched for, and pictures embedded meanwhile. Prints a JSON report; ends with status 1 when that was
not so.
"""

import argparse
import itertools
import json
import statistics
import sys
import threading
import time
from typing import Any

import psutil

from tests.site import Site
from tests.soak.stage import open_shop, stage

GROWTH_PERCENT_MAX = 2
# Each has 8 s until its turn comes again, more than an answer takes at the most.
PHOTOGRAPHERS = 16
PHOTOS_SENT_MIN = 0.95  # of those that are due
PHOTOS_FOUND_MIN = 0.9  # of those that were sent
PROGRAMS = ["web", "photo", "embed", "beat"]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=5)
    parser.add_argument("--shoppers", type=int, default=50)
    parser.add_argument("--photos-per-second", type=float, default=2)
    parser.add_argument("--products", type=int, default=600)
    options = parser.parse_args()
    with stage(PROXIES="1") as site:
        report = load(site, options)
    print(json.dumps(report, indent=2))
    return 0 if report["passed"] else 1


def load(site: Site, options: argparse.Namespace) -> dict[str, Any]:
    from similarity import pending
    from tests.soak.shoppers import Photographer, Shopper, Tally

    slugs = open_shop(site, options.products)
    tally, ended = Tally(), threading.Event()
    people: list[Shopper] = [
        Shopper(number, site.port, slugs, tally, ended) for number in range(options.shoppers)
    ]
    people += [
        Photographer(
            number, site.port, slugs, tally, ended, per_second=options.photos_per_second, among=PHOTOGRAPHERS
        )
        for number in range(PHOTOGRAPHERS)
    ]
    for person in people:
        person.start()
    began, embedded, sizes = time.monotonic(), 0, {name: [] for name in PROGRAMS}
    while time.monotonic() - began < options.minutes * 60:
        if not pending.counts()["pending"]:  # the bulk embedding begins again as soon as it is done
            embedded += pending.redo()
        for name in PROGRAMS:
            sizes[name].append(resident(site, name))
        time.sleep(2)
    embedded -= pending.counts()["pending"]
    ended.set()
    seconds = time.monotonic() - began
    for person in people:
        person.join(40)
    report = tally.report() | {
        "minutes": round(seconds / 60, 2),
        "shoppers": options.shoppers,
        "embedded_beside": embedded,
        "resident_mb": {name: memory(values) for name, values in sizes.items()},
    }
    photos = report["photos"]
    photos["per_second"] = round(photos["requests"] / seconds, 2)
    grown = [program["growth_percent"] for program in report["resident_mb"].values()]
    report["passed"] = (
        report["errors"] == 0
        and photos["per_second"] >= PHOTOS_SENT_MIN * options.photos_per_second
        and photos["found"] >= PHOTOS_FOUND_MIN * photos["requests"]
        and embedded > 0
        # A few minutes are all warming up.
        and (options.minutes < 20 or max(grown) < GROWTH_PERCENT_MAX)
    )
    return report


def resident(site: Site, name: str) -> float:
    """MB of a program and its children."""
    program = psutil.Process(site.programs[name].pid)
    return sum(process.memory_info().rss for process in [program, *program.children(recursive=True)]) / 1e6


def memory(values: list[float]) -> dict[str, Any]:
    """The first fifth is warming up; growth is from the second to the last. `course`: thirty medians."""
    fifth = max(1, len(values) // 5)
    early = statistics.median(values[fifth : 2 * fifth] or values)
    late = statistics.median(values[-fifth:])
    return {
        "early": round(early, 1),
        "late": round(late, 1),
        "growth_percent": round(100 * (late / early - 1), 2),
        "course": [round(statistics.median(part), 1) for part in in_parts(values, 30)],
    }


def in_parts(values: list[float], count: int) -> list[list[float]]:
    """Up to so many parts of equal length, in order; none is empty."""
    bounds = [len(values) * number // count for number in range(count + 1)]
    return [values[begin:end] for begin, end in itertools.pairwise(bounds) if begin < end]


if __name__ == "__main__":
    sys.exit(main())
