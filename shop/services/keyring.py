"""Random secrets of one state directory, in one file that only its owner can read."""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import secrets
from collections.abc import Iterator
from pathlib import Path

from shop.services.paths import ServicesError, State


def stored_secrets(state: State) -> dict[str, str]:
    """Return what is stored; nothing if there is no file, or if it belongs to another account."""
    try:
        text = state.secrets.read_text()
    except (FileNotFoundError, NotADirectoryError, PermissionError):
        return {}
    try:
        return dict(json.loads(text))
    except ValueError as error:
        raise ServicesError(
            f"{state.secrets} is not valid JSON ({error}). Restore it, or delete it: "
            "the next start makes new secrets."
        ) from error


def keep_secret(state: State, name: str, *, length_bytes: int = 32) -> str:
    """Return the secret `name`; make and store a random one the first time, also with a race for it."""
    known = stored_secrets(state)
    if name in known:
        return known[name]
    with _exclusive(state):
        known = stored_secrets(state)  # another process may have been faster
        if name not in known:
            known[name] = secrets.token_urlsafe(length_bytes)
            _write(state.secrets, known)
    return known[name]


@contextlib.contextmanager
def _exclusive(state: State) -> Iterator[None]:
    state.make()
    with state.secrets.with_suffix(".lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _write(path: Path, values: dict[str, str]) -> None:
    """Write beside, then rename: a reader sees the old file or the new one, never half of it."""
    beside = path.with_suffix(".new")
    beside.unlink(missing_ok=True)
    with os.fdopen(os.open(beside, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w") as file:
        json.dump(values, file, indent=2)
        file.write("\n")
        file.flush()
        os.fsync(file.fileno())
    beside.rename(path)
