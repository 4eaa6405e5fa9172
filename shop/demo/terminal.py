"""What the person at the terminal sees: one line per stage."""

from __future__ import annotations

import time


def say(line: str) -> None:
    print(line, flush=True)


class Stage:
    """Prints what is being done and, when it is done, how long that took."""

    def __init__(self, title: str, *, own_line: bool = False) -> None:
        self.title = title
        self.own_line = own_line  # the command draws a progress bar below the title

    def __enter__(self) -> None:
        self.began = time.monotonic()
        print(f"  {self.title:<26}", end="\n" if self.own_line else "", flush=True)

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is not None:
            print(flush=True)
            return
        took = f"{time.monotonic() - self.began:5.1f} s"
        say(f"  {'':<26}{took}" if self.own_line else took)
