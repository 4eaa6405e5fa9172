"""Fuzzing of the door for pictures: mutilated, spliced and stretched files, for minutes.

    python -m tests.soak.door --minutes 10

Each file is taken, or refused with a sentence, within 2 s of processor time and in less than 300 MB. Half of
them at least must get as far as the decoders: what is refused by its first bytes proves little.
"""

import argparse
import io
import json
import os
import random
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any

import django

from tests.soak.mutilation import mutilated

SECONDS_MAX = 2.0
MEGABYTES_MAX = 300
DECODED_MIN = 0.5
BYTES_MAX = 100_000  # of what is mutilated: with smaller files more are tried


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--seed", type=int, default=None)
    options = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop.settings")
    django.setup()
    seed = random.randrange(2**32) if options.seed is None else options.seed  # noqa: S311
    report = fuzz(seed, options.minutes * 60)
    print(json.dumps(report, indent=2))
    return 0 if report["passed"] else 1


def fuzz(seed: int, seconds: float) -> dict[str, Any]:
    from catalog.images import ImageRefused, clean
    from tests.catalog import corpus

    whole = [*corpus.encodings().values(), *(corpus.turned(orientation) for orientation in corpus.TURNS)]
    whole += [source for _, source in corpus.accepted() if len(source) < BYTES_MAX]
    hostile = [source for _, source, _ in corpus.refused() if len(source) < BYTES_MAX]
    chance = random.Random(seed)  # noqa: S311
    ended, answers, slowest, found = time.monotonic() + seconds, Counter(), 0.0, []
    while time.monotonic() < ended:
        source = mutilated(chance, whole if chance.random() < 0.9 else hostile)
        began = time.process_time()
        try:
            clean(io.BytesIO(source))
            answers["taken"] += 1
        except ImageRefused as refused:
            answers[f"refused: {refused.code}"] += 1
        except Exception as error:  # the find: kept, so that it can become a test
            found.append(f"{type(error).__name__}: {error}"[:200])
            Path(f"door-{seed}-{len(found)}.bin").write_bytes(source)
        slowest = max(slowest, time.process_time() - began)
    files = sum(answers.values()) + len(found)
    decoded = (answers["taken"] + answers["refused: damaged"]) / files
    peak = int(Path("/proc/self/status").read_text().split("VmHWM:")[1].split()[0]) / 1000
    return {
        "seed": seed,
        "files": files,
        "answers": dict(answers),
        "decoded": round(decoded, 2),
        "slowest_s": round(slowest, 3),
        "peak_mb": round(peak),
        "found": found,
        "passed": not found and slowest < SECONDS_MAX and peak < MEGABYTES_MAX and decoded >= DECODED_MIN,
    }


if __name__ == "__main__":
    sys.exit(main())
