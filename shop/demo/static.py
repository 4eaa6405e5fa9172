"""Style sheets and scripts: collected and compressed once, not at every start.

`collectstatic` compresses everything anew each time, which takes longer than the rest of a second start.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

from shop.services.paths import CHECKOUT

_APPS = ("shop", "catalog", "similarity")


class Collected:
    """Knows whether the files in `target` were made from the present ones."""

    def __init__(self, target: Path) -> None:
        self.target = target
        # Inside the target: deleting the files forgets the mark with them.
        self.mark = target / ".made-from"

    def is_current(self) -> bool:
        try:
            return self.mark.read_text() == _fingerprint()
        except OSError:
            return False

    def remember(self) -> None:
        self.mark.write_text(_fingerprint())


def _fingerprint() -> str:
    """Name sizes and times of our files, and for those of the packages the lock."""
    digest = hashlib.sha256()
    for path in (CHECKOUT / "requirements.lock", CHECKOUT / "shop" / "settings.py"):
        digest.update(path.read_bytes())
    for path in sorted(_own_files()):
        status = path.stat()
        digest.update(f"{path.relative_to(CHECKOUT)} {status.st_size} {status.st_mtime_ns}\n".encode())
    return digest.hexdigest()


def _own_files() -> Iterator[Path]:
    for directory in (CHECKOUT / "static", *(CHECKOUT / app / "static" for app in _APPS)):
        yield from (path for path in directory.rglob("*") if path.is_file())
