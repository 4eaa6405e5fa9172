"""What the door for pictures takes for each file of the corpus: time, and memory at its peak.

    python -m tests.soak.pictures --table docs/hostile-pictures.md

Ends with status 1 when a file takes 2 s of processor time or the process reaches 300 MB.
"""

import argparse
import io
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from shop.services.paths import CHECKOUT

SECONDS_MAX = 2.0
MEGABYTES_MAX = 300
HEAD = """# What each file costs at the door

Written by `python -m tests.soak.pictures --table docs/hostile-pictures.md`; the files are made by
`tests/catalog/corpus.py`. Each is opened by a process of its own that has loaded the shop and nothing else
({base} MB). Time is processor time, memory the peak of the whole process. At most 2 s and 300 MB are allowed.
Slowest: {slowest} s. Largest: {largest} MB.

| File | Bytes | s | MB | Answer |
|---|---:|---:|---:|---|
"""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--measure", action="store_true", help="paths come on standard input; prints JSON lines"
    )
    parser.add_argument("--table", type=Path, help="write the figures there, as Markdown")
    options = parser.parse_args()
    if options.measure:
        return measure_all()
    rows = measured()
    report = {
        "files": len(rows),
        "slowest_s": max(row["seconds"] for row in rows),
        "peak_mb": max(row["peak_mb"] for row in rows),
        "base_mb": rows[0]["base_mb"],
        "broken": [row for row in rows if not is_fine(row)],
    }
    report["passed"] = not report["broken"]
    if options.table:
        options.table.write_text(table(rows, report))
    print(json.dumps(report, indent=2))
    return 0 if report["passed"] else 1


def is_fine(row: dict[str, Any]) -> bool:
    return row["defined"] and row["seconds"] < SECONDS_MAX and row["peak_mb"] < MEGABYTES_MAX


def files() -> Iterator[tuple[str, bytes]]:
    """The whole corpus by name."""
    from tests.catalog import corpus

    yield from corpus.encodings().items()
    yield from ((f"JPEG, orientation {turn}", corpus.turned(turn)) for turn in corpus.TURNS)
    yield from corpus.accepted()
    yield from ((name, source) for name, source, _words in corpus.refused())
    yield from corpus.flipped()
    yield from corpus.largest()


def measured() -> list[dict[str, Any]]:
    """The corpus, measured by another process, whose memory holds none of it."""
    with tempfile.TemporaryDirectory() as folder:
        rows, paths = [], []
        for number, (name, source) in enumerate(files()):
            paths.append(Path(folder) / str(number))
            paths[-1].write_bytes(source)
            rows.append({"name": name, "bytes": len(source)})
        done = subprocess.run(
            [sys.executable, "-m", "tests.soak.pictures", "--measure"],
            cwd=CHECKOUT,
            input="\n".join(map(str, paths)),
            stdout=subprocess.PIPE,
            text=True,
            check=True,
        )
    found = map(json.loads, done.stdout.splitlines())
    return [row | figures for row, figures in zip(rows, found, strict=True)]


def measure_all() -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop.settings")
    import django

    django.setup()
    from catalog.images import clean
    from tests.factories import picture_bytes

    clean(io.BytesIO(picture_bytes()))  # what is loaded with the first picture
    base = peak_mb()
    for path in sys.stdin.read().split():
        print(json.dumps(in_a_child(Path(path)) | {"base_mb": base}), flush=True)
    return 0


def in_a_child(path: Path) -> dict[str, Any]:
    """`cost` of the file in a process of its own, which may die of it."""
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        os.write(writing, json.dumps(cost(path)).encode())
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading) as pipe:
        answer = pipe.read()
    _pid, status = os.waitpid(child, 0)
    died = {"answer": f"the process ended with {status}", "defined": False, "seconds": 0.0, "peak_mb": 0}
    return json.loads(answer) if answer else died


def cost(path: Path) -> dict[str, Any]:
    from catalog.images import ImageRefused, clean

    began, defined = time.process_time(), True
    try:
        with path.open("rb") as file:
            taken = clean(file)
        answer = f"taken, {taken.width} × {taken.height}"
    except ImageRefused as refused:
        answer = " ".join(refused.messages)
    except BaseException as error:
        answer, defined = f"{type(error).__name__}: {error}"[:200], False
    seconds = round(time.process_time() - began, 3)
    return {"answer": answer, "defined": defined, "seconds": seconds, "peak_mb": peak_mb()}


def peak_mb() -> int:
    """Of this process since it began, or was forked."""
    return round(int(Path("/proc/self/status").read_text().split("VmHWM:")[1].split()[0]) / 1000)


def table(rows: list[dict[str, Any]], report: dict[str, Any]) -> str:
    head = HEAD.format(base=report["base_mb"], slowest=report["slowest_s"], largest=report["peak_mb"])
    lines = [
        f"| {row['name']} | {row['bytes']:,} | {row['seconds']:.3f} | {row['peak_mb']} | {row['answer']} |"
        for row in rows
    ]
    return head + "\n".join(lines) + "\n"


if __name__ == "__main__":
    sys.exit(main())
