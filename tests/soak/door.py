"""Fuzzing of the door for pictures: mutilated, spliced and stretched files, for minutes.

    python -m tests.soak.door --minutes 10

Each file is taken, or refused with a sentence, within 2 s of processor time and in less than 300 MB.
"""

import argparse
import io
import json
import os
import random
import struct
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any

import django

SECONDS_MAX = 2.0
MEGABYTES_MAX = 300


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

    sources = [*corpus.encodings().values(), *(source for _, source in corpus.accepted())]
    sources += [source for _, source, _ in corpus.refused() if len(source) < 100_000]
    sources += [corpus.turned(orientation) for orientation in corpus.TURNS]
    chance = random.Random(seed)  # noqa: S311
    ended, answers, slowest, found = time.monotonic() + seconds, Counter(), 0.0, []
    while time.monotonic() < ended:
        source = mutilated(chance, sources)
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
    peak = int(Path("/proc/self/status").read_text().split("VmHWM:")[1].split()[0]) / 1000
    return {
        "seed": seed,
        "files": sum(answers.values()) + len(found),
        "answers": dict(answers),
        "slowest_s": round(slowest, 3),
        "peak_mb": round(peak),
        "found": found,
        "passed": not found and slowest < SECONDS_MAX and peak < MEGABYTES_MAX,
    }


def mutilated(chance: random.Random, sources: list[bytes]) -> bytes:
    """One of the sources after one to five changes."""
    data = bytearray(chance.choice(sources))
    for _ in range(chance.randint(1, 5)):
        if not data:
            break
        at = chance.randrange(len(data))
        match chance.randrange(7):
            case 0:
                data[at] ^= 1 << chance.randrange(8)
            case 1:
                data[at] = chance.choice([0, 1, 0x7F, 0x80, 0xFE, 0xFF])
            case 2:
                del data[at:]
            case 3:
                del data[at : at + chance.randint(1, 64)]
            case 4:  # a length or a size that is not true
                data[at : at + 4] = struct.pack(">L", chance.choice([0, 1, 0xFFFF, 2**31 - 1, 2**32 - 1]))
            case 5:
                data[at:at] = data[at : at + chance.randint(1, 4096)] * chance.randint(1, 8)
            case _:  # the end of another file
                other = chance.choice(sources)
                data[at:] = other[chance.randrange(len(other) + 1) :]
    return bytes(data)


if __name__ == "__main__":
    sys.exit(main())
