"""Fifty photos in the same moment, wave after wave: those who only look are served meanwhile.

    python -m tests.soak.crowd --waves 10

Prints a JSON report; ends with status 1 when a page was not shown, a photo neither searched for nor honestly
refused, or when pages took longer than promised.
"""

import argparse
import json
import random
import sys
import threading
from typing import Any

from tests.site import Site
from tests.soak.stage import open_shop, stage

# Fifty requests are a queue before one web process; it must be gone long before a photo's time is up.
PAGES_P95_MAX_S = 2.0
PRODUCTS = 120
LOOKING = 4


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--waves", type=int, default=10)
    parser.add_argument("--photos", type=int, default=50)
    options = parser.parse_args()
    with stage(PROXIES="1") as site:
        report = crowd(site, options.waves, options.photos)
    print(json.dumps(report, indent=2))
    return 0 if report["passed"] else 1


def crowd(site: Site, waves: int, photos: int) -> dict[str, Any]:
    from tests.soak.shoppers import Shopper, Tally, photo_form

    slugs = open_shop(site, PRODUCTS)
    tally = Tally()
    for _ in range(waves):
        forms = [photo_form(random.Random()) for _ in range(photos)]  # noqa: S311
        ended = threading.Event()
        looking = [Shopper(number, site.port, slugs, tally, ended) for number in range(LOOKING)]
        for shopper in looking:
            shopper.pause_s = (0.05, 0.15)
            shopper.start()
        send_at_once(site.port, tally, forms)
        ended.set()
        for shopper in looking:
            shopper.join(40)
    report = tally.report() | {"waves": waves, "photos_at_once": photos}
    report["passed"] = (
        report["errors"] == 0
        and report["photos"]["found"] >= waves
        and report["pages"]["p95_s"] <= PAGES_P95_MAX_S
    )
    return report


def send_at_once(port: int, tally: Any, forms: list[tuple[bytes, str]]) -> None:
    """Each by somebody else; returns once every photo is answered."""
    from tests.soak.shoppers import PHOTO, Shopper

    together = threading.Barrier(len(forms))

    def send(body: bytes, kind: str) -> None:
        somebody = Shopper(random.randint(1000, 60_000), port, [], tally, threading.Event())  # noqa: S311
        together.wait()
        somebody.ask(PHOTO, "POST", "/api/search/photo/", body, **{"Content-Type": kind})

    senders = [threading.Thread(target=send, args=form) for form in forms]
    for sender in senders:
        sender.start()
    for sender in senders:
        sender.join()


if __name__ == "__main__":
    sys.exit(main())
