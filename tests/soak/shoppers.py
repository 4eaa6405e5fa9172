"""Shoppers who browse and search by photo: threads that speak HTTP, and count how they are answered."""

import io
import random
import statistics
import threading
import time
from collections import Counter, defaultdict
from http.client import HTTPConnection, HTTPException
from typing import Any
from uuid import uuid4

from PIL import Image

Answer = tuple[int, float]


class Tally:
    """What was asked, how it was answered, and how long that took."""

    def __init__(self) -> None:
        self.seconds: dict[str, list[float]] = defaultdict(list)
        self.statuses: dict[str, Counter[int]] = defaultdict(Counter)
        self.lock = threading.Lock()

    def add(self, kind: str, status: int, seconds: float) -> None:
        with self.lock:
            self.statuses[kind][status] += 1
            self.seconds[kind].append(seconds)

    def report(self) -> dict[str, Any]:
        kinds = {
            kind: {
                "requests": len(times),
                "statuses": dict(self.statuses[kind]),
                "p50_s": round(statistics.median(times), 3),
                "p95_s": round(sorted(times)[int(len(times) * 0.95)], 3),
            }
            for kind, times in sorted(self.seconds.items())
        }
        requests = sum(len(times) for times in self.seconds.values())
        errors = sum(
            count
            for statuses in self.statuses.values()
            for status, count in statuses.items()
            if status == 0 or (status >= 500 and status != 503)
        )
        return {
            "requests": requests,
            "errors": errors,
            "error_rate": round(errors / max(requests, 1), 5),
            "kinds": kinds,
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
        began = time.monotonic()
        try:
            connection.request(method, path, body, {"X-Forwarded-For": forwarded, **headers})
            answer = connection.getresponse()
            answer.read()
            status = answer.status
        except (OSError, HTTPException):
            status = 0
        finally:
            connection.close()
        self.tally.add(kind, status, time.monotonic() - began)


class Photographer(Shopper):
    """Sends photos of what is not in the catalogue, so that the worker has to compute each."""

    def __init__(self, *args: Any, per_second: float):
        super().__init__(*args)
        self.pause_s = (0.5 / per_second, 1.5 / per_second)

    def run(self) -> None:
        while not self.ended.wait(self.chance.uniform(*self.pause_s)):
            self.number = self.chance.randint(1000, 60_000)  # another person each time
            body, kind = photo_form(self.chance)
            self.ask("photo search", "POST", "/api/search/photo/", body, **{"Content-Type": kind})


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
