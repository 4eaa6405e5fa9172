"""Progress of long commands: a bar on a terminal, a line every few seconds elsewhere."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

LINE_EVERY_S = 5.0


@contextmanager
def progress(title: str) -> Iterator[Callable[[int, int], None]]:
    """Gives a function to call with (done, total) as often as one likes."""
    if not sys.stdout.isatty():
        yield _lines(title)
        return
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns) as bars:
        bar = bars.add_task(title, total=None)
        yield lambda done, total: bars.update(bar, completed=done, total=total)


def _lines(title: str) -> Callable[[int, int], None]:
    last = time.monotonic()

    def advance(done: int, total: int) -> None:
        nonlocal last
        if done < total and time.monotonic() - last < LINE_EVERY_S:
            return
        last = time.monotonic()
        print(f"{title}: {done} of {total}", flush=True)

    return advance
