"""What an earlier supervisor of the same state directory left behind when it was killed."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import psutil  # type: ignore[import-untyped]

from shop.services.paths import Home
from shop.services.process import OWNER_VARIABLE

# PostgreSQL may be writing a checkpoint, a worker may be finishing a batch.
_PATIENCE_SECONDS = 30


def stop_leftovers(home: Home) -> int:
    """Stop processes of an earlier supervisor and return how many there were.

    Call with the lock held: then no supervisor of this state directory is alive, and whoever carries
    its mark has lost his. On Linux most of them end by themselves, because the kernel tells them that their
    parent died; children of children do not hear of it, and macOS knows no such signal.
    """
    found = list(_marked(str(home.state.root))) + list(_postmaster(home.data))
    for process in found:
        # For PostgreSQL SIGTERM means "wait until the last client leaves"; SIGINT means "now, but cleanly".
        wanted = signal.SIGINT if "postgres" in _name(process) else signal.SIGTERM
        _send(process, wanted)
    _, stubborn = psutil.wait_procs(found, timeout=_PATIENCE_SECONDS)
    for process in stubborn:
        _send(process, signal.SIGKILL)
    psutil.wait_procs(stubborn, timeout=5)
    return len(found)


def _marked(owner: str) -> Iterator[psutil.Process]:
    for process in psutil.process_iter():
        try:
            if process.pid != os.getpid() and process.environ().get(OWNER_VARIABLE) == owner:
                yield process
        except psutil.Error:  # gone, a zombie, or somebody else's
            continue
        except OSError:  # the environment of a process that is just ending
            continue


def _postmaster(data: Path) -> Iterator[psutil.Process]:
    """The pid a PostgreSQL wrote down, unless it means another program by now: pids are used again."""
    for pid_file in data.glob("pg[0-9][0-9]/postmaster.pid"):
        try:
            process = psutil.Process(int(pid_file.read_text().split("\n", 1)[0]))
            # The mark is in the environment that PostgreSQL overwrites with its title on some systems.
            if Path(process.exe()).name == "postgres" and Path(process.cwd()) == pid_file.parent:
                yield process
        except (ValueError, OSError, psutil.Error):
            continue


def _name(process: psutil.Process) -> str:
    try:
        return str(process.name())
    except psutil.Error:
        return ""


def _send(process: psutil.Process, signal_number: int) -> None:
    try:
        process.send_signal(signal_number)
    except psutil.Error:
        pass
