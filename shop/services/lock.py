"""One supervisor per state directory: a lock that the kernel frees, however its holder dies.

A pid file can go stale and name somebody else; this cannot.
"""

from __future__ import annotations

import fcntl
import os
from typing import IO

from shop.services.paths import ServicesError, State


class AlreadyRunning(ServicesError):
    """Another supervisor holds the lock of this state directory."""

    def __init__(self, state: State) -> None:
        self.pid = lock_holder(state)
        super().__init__(f"Already running here as process {self.pid} (state in {state.root}).")


def lock_holder(state: State) -> int | None:
    """Return the pid of the supervisor of this state directory, if one is alive."""
    try:
        with state.lock.open("r") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
            except BlockingIOError:
                return int(lock.read() or 0)
    except (FileNotFoundError, NotADirectoryError):
        pass
    return None


def take_lock(state: State) -> IO[str]:
    """Take the lock and write our pid into it; closing the file frees it. Raises AlreadyRunning."""
    lock = state.lock.open("a+")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        lock.close()
        raise AlreadyRunning(state) from None
    lock.truncate(0)
    lock.write(str(os.getpid()))
    lock.flush()
    return lock
