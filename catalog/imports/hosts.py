"""Manners towards the hosts that pictures are fetched from, for as long as one import goes on."""

import threading
from collections import Counter, defaultdict

from django.utils.translation import gettext as _

from catalog.imports import fetch
from catalog.imports.problems import shorten

AT_A_TIME = 2
# A host that is down costs up to 20 s a picture: after so many in a row it is left in peace.
FAILURES_MAX = 5


class Hosts:
    """Fetches pictures: two at a time from any host, none from one that keeps failing. Safe for threads."""

    def __init__(self) -> None:
        self._turns: defaultdict[str, threading.Semaphore] = defaultdict(
            lambda: threading.Semaphore(AT_A_TIME)
        )
        self._failures: Counter[str] = Counter()
        self._lock = threading.Lock()

    def fetch(self, url: str) -> bytes:
        """The bytes behind `url`. Raises `FetchRefused`."""
        host = fetch.check(url).hostname or ""
        with self._lock:
            turn = self._turns[host]
        with turn:
            if self._failures[host] >= FAILURES_MAX:
                message = _("%(host)s failed %(count)d times in a row and was not asked again.")
                raise fetch.FetchRefused(message, params={"host": shorten(host), "count": FAILURES_MAX})
            try:
                content = fetch.fetch(url)
            except fetch.HostFailed:
                with self._lock:
                    self._failures[host] += 1
                raise
            except fetch.FetchRefused:
                self._failures[host] = 0  # it answers; only this picture is not to be had
                raise
            self._failures[host] = 0
            return content
