"""Files of a gigabyte, uploaded to a real web server and read by a real worker: memory stays flat.

    python -m tests.soak.large --megabytes 1000

A table and an archive are made on the way out, never held. Prints a JSON report; ends with status 1 when a
process grew by more than 100 MB or the import did not end as it must.
"""

import argparse
import io
import json
import random
import struct
import sys
import threading
import time
import zlib
from collections.abc import Iterable, Iterator
from http.client import HTTPConnection
from typing import Any
from uuid import uuid4

import psutil
from PIL import Image

from tests.site import Site, temporary_site

GROWTH_MB_MAX = 100
ROWS = 100_000
PICTURES = 400
LOGIN = """
import django
django.setup()
from importlib import import_module
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from tests.factories import make_user
user = make_user(is_superuser=True)
session = import_module(settings.SESSION_ENGINE).SessionStore()
session[SESSION_KEY] = str(user.pk)
session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
session[HASH_SESSION_KEY] = user.get_session_auth_hash()
session.save()
print(session.session_key)
"""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--megabytes", type=int, default=1000)
    options = parser.parse_args()
    # Without weights nothing is embedded: this is about files.
    with temporary_site(EMBEDDER_WEIGHTS="/nowhere.weights.h5", LOG_LEVEL="WARNING") as site:
        site.start_web()
        site.start_worker("embed")
        session = site.run(LOGIN)
        report = {
            "table": measured(site, session, {"table": ("large.csv", table(options.megabytes))}),
            "archive": measured(
                site,
                session,
                {
                    "table": ("small.csv", [b"sku,name,category\n", *small_rows()]),
                    "archive": ("large.zip", archive(options.megabytes)),
                },
            ),
        }
    passed = all(
        part["state"] == "waiting" and max(part["grown_mb"].values()) < GROWTH_MB_MAX
        for part in report.values()
    )
    passed = passed and report["table"]["rows"] == ROWS and report["archive"]["images"] == PICTURES
    print(json.dumps(report | {"passed": passed}, indent=2))
    return 0 if passed else 1


# --- files, made as they are sent


def table(megabytes: int) -> Iterator[bytes]:
    """A CSV of so many MB with 100,000 rows, each with a long description."""
    description = b"x" * max(1, min(9900, megabytes * 1_000_000 // ROWS - 40))
    yield b"sku,name,category,description\n"
    for number in range(ROWS):
        yield b"%d,Shirt %d,Shirts,%s\n" % (number, number, description)


def small_rows() -> Iterator[bytes]:
    for number in range(PICTURES):
        yield b"%d,Shirt %d,Shirts\n" % (number, number)


def archive(megabytes: int) -> Iterator[bytes]:
    """A ZIP of so many MB: 400 pictures, stored, each with a comment that makes it large.

    Its headers are written by hand, because `zipfile` wants a file to write to.
    """
    size = megabytes * 1_000_000 // PICTURES
    directory, offset = [], 0
    for number in range(PICTURES):
        content, name = large_jpeg(number, size), b"%d.jpg" % number
        sizes = struct.pack("<3L2H", zlib.crc32(content), len(content), len(content), len(name), 0)
        head = struct.pack("<4s5H", b"PK\3\4", 20, 0, 0, 0, 0) + sizes + name
        entry = struct.pack("<4s6H", b"PK\1\2", 20, 20, 0, 0, 0, 0) + sizes
        directory.append(entry + struct.pack("<3H2L", 0, 0, 0, 0, offset) + name)
        offset += len(head) + len(content)
        yield head
        yield content
    central = b"".join(directory)
    yield central
    yield struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, PICTURES, PICTURES, len(central), offset, 0)


def large_jpeg(number: int, size: int) -> bytes:
    """A small picture that no other number has, and behind its end so many bytes that nobody reads."""
    out = io.BytesIO()
    Image.new("RGB", (60, 80), (number % 256, number // 256 * 90, 99)).save(out, "JPEG")
    return out.getvalue() + random.Random(number).randbytes(size - len(out.getvalue()))  # noqa: S311


# --- sending and watching


def measured(site: Site, session: str, files: dict[str, tuple[str, Iterable[bytes]]]) -> dict[str, Any]:
    """Upload the files in the admin, wait for the preview, and tell what that took."""
    watch = Watch(site)
    began = time.monotonic()
    sent = upload(site, session, files)
    uploaded = time.monotonic()
    job = "SELECT state, rows, images FROM catalog_importjob ORDER BY id DESC LIMIT 1"
    while (row := site.running.sql(job)[0])[0] == "checking":
        time.sleep(1)
    watch.end()
    return {
        "sent_mb": round(sent / 1e6),
        "upload_s": round(uploaded - began, 1),
        "preview_s": round(time.monotonic() - uploaded, 1),
        "state": row[0],
        "rows": row[1],
        "images": row[2],
        "before_mb": watch.before,
        "grown_mb": {name: round(peak - watch.before[name]) for name, peak in watch.peak.items()},
    }


class Watch(threading.Thread):
    """Looks at the memory of web server and worker ten times a second."""

    def __init__(self, site: Site):
        super().__init__(daemon=True)
        self.programs = {name: psutil.Process(site.programs[name].pid) for name in ("web", "embed")}
        self.before = {name: round(self.resident(name)) for name in self.programs}
        self.peak = dict.fromkeys(self.programs, 0.0)
        self.ended = threading.Event()
        self.start()

    def resident(self, name: str) -> float:
        program = self.programs[name]
        return sum(each.memory_info().rss for each in [program, *program.children(recursive=True)]) / 1e6

    def run(self) -> None:
        while not self.ended.wait(0.1):
            for name in self.programs:
                self.peak[name] = max(self.peak[name], self.resident(name))

    def end(self) -> None:
        self.ended.set()
        self.join()


def upload(site: Site, session: str, files: dict[str, tuple[str, Iterable[bytes]]]) -> int:
    """Send the form of a new import as a browser does; returns how many bytes went out."""
    border, token = uuid4().hex, "a" * 32
    fields = {"csrfmiddlewaretoken": token, "policy": "refuse_rows", "price": "10", "stock": "1"}
    fields["look_first"] = "on"
    parts: list[Iterable[bytes]] = []
    for name, value in fields.items():
        head = f'--{border}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n'
        parts.append([f"{head}{value}\r\n".encode()])
    for name, (file, content) in files.items():
        head = f'--{border}\r\nContent-Disposition: form-data; name="{name}"; filename="{file}"\r\n\r\n'
        parts += [[head.encode()], content, [b"\r\n"]]
    parts.append([f"--{border}--\r\n".encode()])
    with (site.state.root / "form").open("w+b") as form:  # its length is sent before it
        for part in parts:
            form.writelines(part)
        length = form.tell()
        form.seek(0)
        connection = HTTPConnection("127.0.0.1", site.port, timeout=600)
        headers = {
            "Content-Type": f"multipart/form-data; boundary={border}",
            "Content-Length": str(length),
            "Cookie": f"sessionid={session}; csrftoken={token}",
            "Origin": f"http://127.0.0.1:{site.port}",
        }
        connection.request("POST", "/admin/catalog/importjob/add/", form, headers)
        answer = connection.getresponse()
        body = answer.read()
        connection.close()
    assert answer.status == 302, (answer.status, body[:2000])
    return length


if __name__ == "__main__":
    sys.exit(main())
