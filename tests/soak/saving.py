"""How long a picture that is saved to an idle shop takes until it can be found.

    python -m tests.soak.saving --pictures 40

One after the other, each with a pause behind it. Prints a JSON report; ends with status 1 when one is not
found within a minute.
"""

import argparse
import json
import sys
import time
from typing import Any

import numpy as np

from tests.shop.services.running import eventually
from tests.soak.stage import stage

PAUSE_S = 1.5


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pictures", type=int, default=40)
    options = parser.parse_args()
    with stage() as site:
        site.start_beat()
        site.start_worker("embed")
        eventually(lambda: site.running.sql("SELECT 1 FROM similarity_embeddingmodel"), within=120)
        report = save(options.pictures)
    print(json.dumps(report, indent=2))
    return 0 if report["passed"] else 1


def save(pictures: int) -> dict[str, Any]:
    from similarity.models import SearchVector
    from tests.factories import make_image, make_product

    def searchable_s() -> float:
        began = time.monotonic()
        vector = SearchVector.objects.filter(image=make_image(make_product()))
        while not vector.exists():
            if time.monotonic() - began > 60:
                return float("inf")
            time.sleep(0.01)
        return time.monotonic() - began

    searchable_s()  # the worker loads the network with its first picture
    taken = []
    for _ in range(pictures):
        time.sleep(PAUSE_S)
        taken.append(searchable_s())
    return {
        "pictures": pictures,
        "p50_s": round(float(np.median(taken)), 3),
        "p95_s": round(float(np.percentile(taken, 95)), 3),
        "slowest_s": round(max(taken), 3),
        "passed": max(taken) < 60,
    }


if __name__ == "__main__":
    sys.exit(main())
