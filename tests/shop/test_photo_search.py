"""Photo search as strangers use it, on the web server of production: what stays of what they send.

The photos show nothing that the catalogue has: each needs the photo worker, which starts halfway.
"""

import base64
import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from itertools import count, product

import psutil
import pytest
import redis
from PIL import Image

from shop.services import client_url, urls
from tests.broker import everything_in
from tests.catalog import corpus
from tests.shop.services.running import eventually
from tests.site import Site, multipart

pytestmark = pytest.mark.slow
PAGE, API = "/search/photo/", "/api/search/photo/"
HIDDEN = b"a text that hides in the photo's EXIF data"
STAYS_AT_MOST_S = 6  # PHOTO_TIMEOUT_S and one more
WEB_MAX_MB = 150
clients = count(1)


@pytest.fixture(scope="module")
def worker(site: Site) -> Iterator[psutil.Process]:
    process = site.start_worker("photo")
    lives = "SELECT 1 FROM similarity_worker WHERE name = 'photo@site'"
    eventually(lambda: site.running.sql(lives), within=120)
    yield psutil.Process(process.pid)
    site.kill("photo")


def photo() -> bytes:
    """A new one each time."""
    exif = Image.Exif()
    exif[0x010E] = HIDDEN.decode()
    return corpus.saved(Image.effect_noise((300, 400), 90).convert("RGB"), "JPEG", exif=exif)


def send(site: Site, address: str, content: bytes) -> tuple[int, dict[str, str], dict]:
    """Status, headers and JSON of the answer to a photo of somebody new."""
    body, headers = multipart("image", content)
    who = "10.0.{}.{}".format(*divmod(next(clients), 250))  # each client has thirty photos a minute
    headers |= {"Accept": "application/json", "X-Forwarded-For": who}
    status, given, text, _seconds = site.ask("POST", address, body, headers)
    return status, given, json.loads(text)


def traces(content: bytes) -> list[bytes]:
    """What would tell of a file if any of it were kept: as it is, or in one of the ways of base64."""
    middle = content[len(content) // 2 :][:300]
    ways = product((base64.b64encode, base64.urlsafe_b64encode), range(3))
    return [middle[:60], *(encode(middle[start:])[4:64] for encode, start in ways)]


def files_with(site: Site, wanted: list[bytes]) -> list[str]:
    """Files that hold any of it: state, media, logs, the database's, and the folder for temporary ones."""
    found = []
    for path in site.state.root.rglob("*"):
        with suppress(FileNotFoundError):  # servers tidy up meanwhile
            content = path.read_bytes() if path.is_file() else b""
            found += [str(path)] * any(trace in content for trace in wanted)
    return found


def keys_with(site: Site, wanted: list[bytes]) -> dict[bytes, int]:
    """Keys of the broker and the cache that hold any of it, with the seconds that they have left."""
    found = {}
    for database in (0, 1):
        with redis.Redis.from_url(client_url(urls(site.state.root).redis, database)) as client:
            for key, content in everything_in(client).items():
                if any(trace in content for trace in wanted):
                    found[key] = client.ttl(key)
    return found


def test_nothing_stays_of_photos_that_nobody_answered(site):
    photos = [photo(), photo()]
    wanted = [HIDDEN, *traces(photos[0]), *traces(photos[1])]
    with ThreadPoolExecutor(2) as pool:
        answers = [pool.submit(send, site, *asked) for asked in zip((PAGE, API), photos, strict=True)]
        eventually(lambda: len(keys_with(site, wanted)) == 2)
        assert all(0 < seconds <= STAYS_AT_MOST_S for seconds in keys_with(site, wanted).values())
        assert [answer.result()[0] for answer in answers] == [503, 503]
    assert keys_with(site, wanted) == {}
    assert files_with(site, wanted) == []


@pytest.mark.parametrize("address", [PAGE, API])
def test_nothing_stays_of_photos_that_were_answered(site, worker, address):
    content = photo()
    status, _headers, answer = send(site, address, content)
    assert status == 200
    wanted = [HIDDEN, *traces(content)]
    if address == PAGE:  # the small picture that the worker made goes to the browser, and nowhere else
        wanted += traces(base64.b64decode(answer["picture"].partition(",")[2]))
    assert keys_with(site, wanted) == {}
    assert files_with(site, wanted) == []


def test_whatever_is_sent_is_answered_and_nobody_dies_of_it(site, worker, peak_growth):
    odd = []
    for name, source, words in files():
        status, _headers, answer = send(site, API, source)
        if status not in (200, 413, 422) or words not in answer.get("detail", ""):
            odd.append((name, status, answer))
    assert odd == []
    assert peak_growth[0] < WEB_MAX_MB
    assert worker.is_running()


def files() -> Iterator[tuple[str, bytes, str]]:
    """Name and bytes of each hostile file, with words of its refusal where it must be refused."""
    yield from corpus.refused()
    for name, source in (*corpus.accepted(), *corpus.largest()):
        yield name, source, ""
