"""Fetching a picture by its address, which nobody vouches for.

Only http and https, no passwords, no proxies, no ports but the usual; the host is looked up once for each
hop and connected to by the very IP address that was checked, so that a name that changes its mind leads
nowhere. Redirects are followed by hand and each is checked like the first. Bytes and time are counted.
"""

import contextlib
import http.client
import re
import socket
import ssl
import threading
import time
from collections.abc import Iterator
from concurrent.futures import Future
from typing import Any
from urllib.parse import SplitResult, urljoin, urlsplit

from django.conf import settings
from django.utils.encoding import iri_to_uri
from django.utils.translation import gettext as _

from catalog.imports.networks import is_allowed_by_setting, is_public
from catalog.imports.problems import ImportRefused, shorten

MAX_URL_BYTES = 2000
CONNECT_S, TOTAL_S = 5.0, 20.0
MAX_REDIRECTS = 3
BLOCK_BYTES = 1 << 16
PORTS = {"http": 80, "https": 443}
REDIRECTS = (301, 302, 303, 307, 308)
USER_AGENT = "Lookalike-import/1"
# “https:…” and “javascript:…”, but not “C:\…”.
ADDRESS = re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]+:")


class FetchRefused(ImportRefused):
    """A picture that cannot be fetched; the message names host and reason."""


class HostFailed(FetchRefused):
    """It is not the picture but the host: it does not answer, or not now."""


def is_address(text: str) -> bool:
    """Whether this is an address, allowed or not, rather than the name of a file."""
    return ADDRESS.match(text) is not None


def check(url: str) -> SplitResult:
    """The parts of an address that may be tried, without asking the network. Raises `FetchRefused`."""
    if len(url.encode()) > MAX_URL_BYTES:
        message = _("The address has more than %(limit)d bytes.")
        raise FetchRefused(message, params={"limit": MAX_URL_BYTES})
    try:
        if re.search(r"[\x00-\x1f\x7f\\]", url):
            raise ValueError
        parts = urlsplit(url)
        host = parts.hostname or ""
        _port(parts), host.encode("idna")
    except ValueError as error:  # UnicodeError is one
        raise FetchRefused(_("This is no address that can be fetched.")) from error
    if parts.scheme not in PORTS:
        raise FetchRefused(_("Only addresses that begin with http:// or https:// are fetched."))
    if not host or "%" in host or " " in parts.netloc:
        raise FetchRefused(_("The address names no host."))
    if "@" in parts.netloc:
        raise FetchRefused(_("Addresses with a user name or password are not fetched."))
    return parts


def _port(parts: SplitResult) -> int:
    return parts.port or PORTS.get(parts.scheme, 0)


def fetch(url: str) -> bytes:
    """The bytes behind `url`, at most IMAGE_MAX_BYTES, within `TOTAL_S`. Raises `FetchRefused`."""
    end_at = time.monotonic() + TOTAL_S
    for _hop in range(MAX_REDIRECTS + 1):
        parts = check(url)
        with _answer(parts, end_at) as answer:
            if answer.status not in REDIRECTS:
                return _content(parts, answer, end_at)
            location = answer.headers.get("Location", "").encode("latin-1").decode("utf-8", "replace")
        url = urljoin(url, location)
    raise _refused(parts, _("it redirects more than %(limit)d times."), limit=MAX_REDIRECTS)


@contextlib.contextmanager
def _answer(parts: SplitResult, end_at: float) -> Iterator[http.client.HTTPResponse]:
    """Status and headers of the host's answer; whatever goes wrong within the block is told in a sentence."""
    kind = _HTTPSConnection if parts.scheme == "https" else _HTTPConnection
    connection = kind((parts.hostname or "").encode("idna").decode(), _port(parts), timeout=CONNECT_S)
    connection.end_at = end_at
    # Time-outs of a socket count from byte to byte: a host that sends one each second would never end.
    timer = threading.Timer(max(0.0, end_at - time.monotonic()), connection.cut)
    timer.daemon = True
    timer.start()
    try:
        path = iri_to_uri((parts.path or "/") + ("?" + parts.query if parts.query else ""))
        connection.request("GET", path, headers={"User-Agent": USER_AGENT, "Accept": "image/*"})
        with connection.getresponse() as answer:
            yield answer
    except FetchRefused:
        raise
    except (OSError, http.client.HTTPException, ValueError) as error:
        if isinstance(error, TimeoutError) or time.monotonic() >= end_at:
            raise _too_slow(parts) from error
        reason = _("the connection failed.")
        if isinstance(error, socket.gaierror):
            reason = _("there is no such host.")
        elif isinstance(error, ssl.SSLError):
            reason = _("its certificate or encryption cannot be trusted.")
        raise _refused(parts, reason, HostFailed) from error
    finally:
        timer.cancel()
        connection.close()


def _content(parts: SplitResult, answer: http.client.HTTPResponse, end_at: float) -> bytes:
    if answer.status != 200:
        kind = HostFailed if answer.status == 429 or answer.status >= 500 else FetchRefused
        raise _refused(parts, _("it answered %(status)d."), kind, status=answer.status)
    if answer.headers.get("Content-Encoding", "identity").strip().lower() != "identity":
        # Nobody asked for it, and what it unpacks to is unknown.
        raise _refused(parts, _("it sends the picture compressed, which was not asked for."))
    limit, content = settings.IMAGE_MAX_BYTES, bytearray()
    if (answer.length or 0) > limit:
        raise _too_large(parts)
    while block := answer.read1(BLOCK_BYTES):
        content += block
        if len(content) > limit:
            raise _too_large(parts)
    if time.monotonic() >= end_at:
        raise _too_slow(parts)
    if answer.length:
        raise _refused(parts, _("the picture is cut off."))
    return bytes(content)


class _Cut:
    """A connection that another thread can end under whoever waits for it."""

    wire: socket.socket | None = None  # `sock` itself is forgotten once the headers are read
    is_cut = False
    end_at = 0.0

    def hold(self, wire: socket.socket) -> None:
        self.wire = wire
        if self.is_cut:
            wire.close()
            raise TimeoutError

    def cut(self) -> None:
        self.is_cut = True
        if self.wire is not None:
            with contextlib.suppress(OSError):  # closed meanwhile
                self.wire.shutdown(socket.SHUT_RDWR)


class _HTTPConnection(_Cut, http.client.HTTPConnection):
    """Connects to an IP address that was checked, and to no other."""

    def connect(self) -> None:
        self.sock = _open(self.host, self.port, self.end_at)
        self.hold(self.sock)


class _HTTPSConnection(_Cut, http.client.HTTPSConnection):
    """The same, encrypted for the name that was looked up."""

    def connect(self) -> None:
        plain = _open(self.host, self.port, self.end_at)
        context = ssl.create_default_context()
        self.sock = context.wrap_socket(plain, server_hostname=self.host, do_handshake_on_connect=False)
        self.hold(self.sock)
        self.sock.do_handshake()


def _open(host: str, port: int, end_at: float) -> socket.socket:
    """A connection to `host`, looked up once: every IP address it has must be one that is allowed."""
    found = _look_up(host, port, _left(end_at))
    ips = list(dict.fromkeys(str(address[0]) for *_rest, address in found))
    for ip in ips:
        _check_ip(host, ip, port)
    error: OSError = socket.gaierror()
    for ip in ips[:2]:
        try:
            connection = socket.create_connection((ip, port), _left(end_at))
        except OSError as failed:
            error = failed
            continue
        try:
            _check_ip(host, connection.getpeername()[0], port)
        except BaseException:
            connection.close()
            raise
        return connection
    raise error


def _look_up(host: str, port: int, seconds: float) -> list[Any]:
    """What the resolver knows of `host`. It cannot be interrupted: a thread of its own waits for it."""
    found: Future[list[Any]] = Future()

    def ask() -> None:
        try:
            found.set_result(socket.getaddrinfo(host.strip("[]"), port, type=socket.SOCK_STREAM))
        except Exception as error:
            found.set_exception(error)

    threading.Thread(target=ask, name="look-up", daemon=True).start()
    return found.result(seconds)


def _left(end_at: float) -> float:
    """The seconds that connecting may take. Raises `TimeoutError` when there are none."""
    if (left := end_at - time.monotonic()) <= 0:
        raise TimeoutError
    return min(CONNECT_S, left)


def _check_ip(host: str, ip: str, port: int) -> None:
    if is_allowed_by_setting(ip):
        return
    if not is_public(ip):
        raise FetchRefused(_("%(host)s is not on the public internet."), params={"host": shorten(host)})
    if port not in PORTS.values():
        message = _("%(host)s: only ports 80 and 443 are asked.")
        raise FetchRefused(message, params={"host": shorten(host)})


def _refused(
    parts: SplitResult, reason: str, kind: type[FetchRefused] = FetchRefused, **params: object
) -> FetchRefused:
    message = _("The picture could not be fetched from %(host)s: %(reason)s")
    return kind(message, params={"host": shorten(parts.hostname or ""), "reason": reason % params})


def _too_slow(parts: SplitResult) -> FetchRefused:
    return _refused(parts, _("it took longer than %(limit)d seconds."), HostFailed, limit=int(TOTAL_S))


def _too_large(parts: SplitResult) -> FetchRefused:
    limit = settings.IMAGE_MAX_BYTES // 1_000_000
    return _refused(parts, _("the picture is larger than %(limit)d MB."), limit=limit)
