"""The one TCP port of the demo."""

from __future__ import annotations

import errno
import socket
from collections.abc import Mapping

from shop.services.paths import ServicesError

HOST = "127.0.0.1"
DEFAULT_PORT = 8000


def wanted_port(environment: Mapping[str, str]) -> int:
    """Read PORT, or say what is wrong with it."""
    text = environment.get("PORT") or str(DEFAULT_PORT)
    if not (text.isascii() and text.isdecimal() and 1 <= int(text) <= 65535):
        raise ServicesError(f"PORT={text} is not a port: write a number from 1 to 65535, such as PORT=8001.")
    return int(text)


def require_free(port: int) -> None:
    """Try to bind the port: before anything is started, and without harm to whoever has it."""
    other = port + 1 if port < 65535 else DEFAULT_PORT
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # as the server will: ignore TIME_WAIT
        try:
            probe.bind((HOST, port))
        except OSError as error:
            taken = error.errno == errno.EADDRINUSE
            what = "is taken by another program" if taken else f"cannot be used ({error.strerror})"
            raise ServicesError(
                f"Port {port} {what}. Choose another: make demo PORT={other if taken else DEFAULT_PORT}"
            ) from error
