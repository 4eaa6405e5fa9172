"""Sample photos to try the photo search with. A shop that has none shows none."""

import time
from functools import lru_cache

from django.core.files.storage import default_storage

FOLDER = "samples"
KEPT_S = 60


def names() -> list[str]:
    """File names of the sample photos; looked up in the storage once a minute."""
    return list(_names(int(time.monotonic()) // KEPT_S))


@lru_cache(maxsize=1)
def _names(minute: int) -> tuple[str, ...]:
    try:
        _folders, files = default_storage.listdir(FOLDER)
    except OSError:  # no such folder
        return ()
    return tuple(sorted(file for file in files if file.endswith(".jpg")))


def path(name: str) -> str:
    """Where the sample photo is stored."""
    return f"{FOLDER}/{name}"
