"""Shoppers who browse and search by photo: threads that speak HTTP, and count how they are answered."""

import io
import itertools
import random
import statistics
import threading
import time
from collections import Counter, defaultdict
from http.client import HTTPConnection, HTTPException
from typing import Any
from uuid import uuid4

from PIL import Image

PHOTO = "photo search"


class Tally:
    """What was asked, whether it was answered as it should be, and how long that took."""

    def __init__(self) -> None:
        self.seconds: dict[str, list[float]] = defaultdict(list)
        self.statuses: dict[str, Counter[int]] = defaultdict(Counter)
        self.refused_s: list[float] = []
        self.errors = 0
        self.lock = threading.Lock()

    def add(self, kind: str, status: int, seconds: float, *, is_honest: bool) -> None:
        """`status` is 0 where there was no answer; `is_honest`: it is one that we promise."""
        with self.lock:
            self.statuses[kind][status] += 1
            self.seconds[kind].append(seconds)
            self.errors += not is_honest
            if status in (429, 503):
                self.refused_s.append(seconds)

    def report(self) -> dict[str, Any]:
        pages = [times for kind, times in self.seconds.items() if kind != PHOTO]
        requests = sum(len(times) for times in self.seconds.values())
        return {
            "requests": requests,
            "errors": self.errors,
            "error_rate": round(self.errors / max(requests, 1), 5),
            "pages": figures([second for times in pages for second in times]),
            "photos": figures(self.seconds[PHOTO])
            | {"found": self.statuses[PHOTO][200], "refused": figures(self.refused_s)},
            "kinds": {
                kind: figures(times) | {"statuses": dict(self.statuses[kind])}
                for kind, times in sorted(self.seconds.items())
            },
        }


def figures(seconds: list[float]) -> dict[str, Any]:
    if not seconds:
        return {"requests": 0}
    return {
        "requests": len(seconds),
        "p50_s": round(statistics.median(seconds), 3),
        "p95_s": round(sorted(seconds)[int(len(seconds) * 0.95)], 3),
    }


class Shopper(threading.Thread):
    """One client with an address of its own: asks, reads, thinks, asks again."""

    def __init__(self, number: int, port: int, slugs: list[str], tally: Tally, ended: threading.Event):
        super().__init__(daemon=True)
        self.number, self.port, self.tally, self.ended = number, port, tally, ended
        self.slugs = slugs
        self.chance = random.Random(number)  # noqa: S311
        self.pause_s = (1.0, 3.0)

    def run(self) -> None:
        while not self.ended.wait(self.chance.uniform(*self.pause_s)):
            kind, path = self.next()
            self.ask(kind, "GET", path)

    def next(self) -> tuple[str, str]:
        slug = self.chance.choice(self.slugs)
        return self.chance.choice(
            [
                ("front page", "/"),
                ("listing", f"/?page={self.chance.randint(1, 5)}"),
                ("filtered listing", "/?colour=Red&sort=price-up&in_stock=true"),
                ("text search", "/?q=blue+shirts"),
                ("product with strip", f"/p/{slug}/"),
                ("product with strip", f"/p/{slug}/"),
                ("more like this", f"/search/like/{slug}/"),
                ("API: similar", f"/api/products/{slug}/similar/"),
            ]
        )

    def ask(self, kind: str, method: str, path: str, body: bytes | None = None, **headers: str) -> None:
        # The last address is the one that the proxy has seen; whatever stands before it is made up.
        forwarded = f"203.0.113.{self.chance.randint(1, 250)}, 10.0.{self.number // 250}.{self.number % 250}"
        connection = HTTPConnection("127.0.0.1", self.port, timeout=30)
        status, retry_after = 0, None
        began = time.monotonic()
        try:
            connection.request(method, path, body, {"X-Forwarded-For": forwarded, **headers})
            answer = connection.getresponse()
            answer.read()
            status, retry_after = answer.status, answer.getheader("Retry-After")
        except (OSError, HTTPException):
            pass
        finally:
            connection.close()
        is_honest = status == 200 or (kind == PHOTO and status in (429, 503) and retry_after is not None)
        self.tally.add(kind, status, time.monotonic() - began, is_honest=is_honest)


class Photographer(Shopper):
    """Sends photos of what is not in the catalogue, so that the worker has to compute each.

    One of `among` who keep to one schedule, however long the answers take: in every `1 / per_second` it is
    another one's turn, at a moment of chance. A slow shop gets no fewer photos than a quick one.
    """

    def __init__(self, *args: Any, per_second: float, among: int):
        super().__init__(*args)
        self.turn_s, self.among = 1 / per_second, among

    def run(self) -> None:
        began = time.monotonic()
        for turn in itertools.count(self.number, self.among):
            due = began + (turn + self.chance.random()) * self.turn_s
            if self.ended.wait(max(0.0, due - time.monotonic())):
                break
            self.number = self.chance.randint(1000, 60_000)  # another person each time
            body, kind = photo_form(self.chance)
            self.ask(PHOTO, "POST", "/api/search/photo/", body, **{"Content-Type": kind})


def photo_form(chance: random.Random) -> tuple[bytes, str]:
    """A form with a new photo of 600 × 800 pixels, and its content type."""
    picture = Image.new("RGB", (600, 800), tuple(chance.randrange(256) for _ in range(3)))
    picture.paste(tuple(chance.randrange(256) for _ in range(3)), (150, 200, 450, 600))
    out = io.BytesIO()
    picture.save(out, "JPEG")
    border = uuid4().hex
    head = f'--{border}\r\nContent-Disposition: form-data; name="image"; filename="photo.jpg"\r\n\r\n'
    body = head.encode() + out.getvalue() + f"\r\n--{border}--\r\n".encode()
    return body, f"multipart/form-data; boundary={border}"
