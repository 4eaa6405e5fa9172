"""Real HTTP servers that pictures are fetched from: well-behaved ones and others."""

import select
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socket import socket
from typing import Any


class Site(ThreadingHTTPServer):
    """Answers by what `pages` says for a path: bytes, or a function that is given the handler.

    `asked` lists the paths of all requests, `headers` those of the last one, `connections` counts them all.
    """

    daemon_threads = True

    def __init__(self, host: str, pages: dict[str, bytes | Callable]) -> None:
        self.pages, self.asked, self.headers, self.connections = pages, [], {}, 0
        self.lock = threading.Lock()
        super().__init__((host, 0), _Handler)

    def url(self, path: str, host: str = "") -> str:
        return f"http://{host or self.server_address[0]}:{self.server_address[1]}{path}"

    def get_request(self) -> tuple[socket, Any]:
        self.connections += 1
        return super().get_request()

    @property
    def is_untouched(self) -> bool:
        """Nobody has connected, not even without asking for anything."""
        is_knocked_at, _, _ = select.select([self.socket], [], [], 0)
        return not self.connections and not is_knocked_at

    def handle_error(self, request, client_address) -> None:
        """The other side hung up: that is what most tests are about."""


class _Handler(BaseHTTPRequestHandler):
    server: Site

    def do_GET(self) -> None:
        site = self.server
        with site.lock:
            site.asked.append(self.path)
            site.headers = dict(self.headers)
        page = site.pages.get(self.path.partition("?")[0])
        if page is None:
            self.send_error(404)
        elif callable(page):
            page(self)
        else:
            answer(self, page)

    def log_message(self, *args: object) -> None:
        pass


@contextmanager
def site(pages: dict[str, bytes | Callable], host: str = "127.0.0.1") -> Iterator[Site]:
    server = Site(host, pages)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()


def answer(handler: BaseHTTPRequestHandler, content: bytes = b"", status: int = 200, **headers: str) -> None:
    handler.send_response(status)
    for name, value in ({"Content-Length": str(len(content))} | headers).items():
        if value:
            handler.send_header(name.replace("_", "-"), value)
    handler.end_headers()
    handler.wfile.write(content)


def redirect(url: str, status: int = 302) -> Callable:
    location = url.encode().decode("latin-1")  # as others send it: what the header holds are bytes
    return lambda handler: answer(handler, status=status, Location=location)


def drip(handler: BaseHTTPRequestHandler) -> None:
    """One byte now and then, for ever."""
    handler.send_response(200)
    handler.end_headers()
    _for_ever(handler, b"x")


def drip_headers(handler: BaseHTTPRequestHandler) -> None:
    handler.send_response(200)
    handler.flush_headers()
    handler.wfile.write(b"X-Long: ")
    _for_ever(handler, b"x")


def carry_on(handler: BaseHTTPRequestHandler) -> None:
    """“100 Continue”, for ever."""
    _for_ever(handler, b"HTTP/1.1 100 Continue\r\n\r\n")


def _for_ever(handler: BaseHTTPRequestHandler, content: bytes) -> None:
    end = time.monotonic() + 30
    while time.monotonic() < end:
        handler.wfile.write(content)
        time.sleep(0.05)


def flood(handler: BaseHTTPRequestHandler) -> None:
    """More bytes than anybody wants, without saying how many."""
    handler.send_response(200)
    handler.end_headers()
    while True:
        handler.wfile.write(bytes(1 << 16))


def hang_up(handler: BaseHTTPRequestHandler) -> None:
    """Less than was announced."""
    handler.send_response(200)
    handler.send_header("Content-Length", "1000")
    handler.end_headers()
    handler.wfile.write(b"half")
