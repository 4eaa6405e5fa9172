"""The shop without its workers and without its broker, on real processes: only photo search is missed."""

import io
import json
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from uuid import uuid4

import pytest
from PIL import Image

from shop.services.paths import CHECKOUT
from tests.site import Site, multipart

pytestmark = pytest.mark.slow
FILL = """
import django
django.setup()
from shop.models import ApiToken
from tests.factories import make_embedding, make_image, make_product, make_user
for number, name in enumerate(["coat", "cape", "cloak"]):
    product = make_product(slug=name, name=name.title(), sku=name)
    make_embedding(make_image(product), 1.0, number / 10)
_, text = ApiToken.objects.issue(user=make_user(is_superuser=True), name="test", may_write=True)
print(text)
"""


@pytest.fixture(scope="module")
def token(site: Site) -> str:
    """A shop of three products that look alike; returns a token that may write."""
    environment = {**site.environment, "DJANGO_SETTINGS_MODULE": "shop.settings", "LOG_LEVEL": "ERROR"}
    filled = subprocess.run(
        [sys.executable, "-c", FILL],
        cwd=CHECKOUT,
        env=environment,
        check=True,
        capture_output=True,
        text=True,
    )
    return filled.stdout.split()[-1]


@pytest.fixture(params=["no worker", "no worker and no broker"])
def degraded(request: pytest.FixtureRequest, site: Site, token: str) -> Iterator[Site]:
    """No site here has a worker; half of these tests take the broker away, too."""
    if request.param == "no worker":
        yield site
    else:
        with site.without_broker():
            yield site


def photo(colour: str = "orange") -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (300, 400), colour).save(out, "JPEG")
    return out.getvalue()


def search(site: Site, client: str) -> tuple[int, dict[str, str], str, float]:
    body, headers = multipart("image", photo())
    return site.ask("POST", "/api/search/photo/", body, headers | {"X-Forwarded-For": client})


def test_people_browse_and_see_look_alikes(degraded):
    for path in (
        "/",
        "/c/",
        "/?q=coat",
        "/p/coat/",
        "/search/like/coat/",
        "/search/photo/",
        "/api/products/",
    ):
        assert degraded.status(path) in (200, 404 if path == "/c/" else 200), path
    status, _headers, body, _seconds = degraded.get("/api/products/coat/similar/")
    assert status == 200
    assert [result["slug"] for result in json.loads(body)["results"]] == ["cape", "cloak"]


def test_products_and_pictures_are_saved(degraded, token):
    sku = uuid4().hex
    [category] = degraded.running.sql("SELECT slug FROM catalog_category LIMIT 1")[0]
    bearer = {"Authorization": f"Bearer {token}"}
    product = json.dumps({"sku": sku, "name": "Shawl", "category": category}).encode()
    status, _headers, body, _seconds = degraded.ask(
        "POST", "/api/products/", product, bearer | {"Content-Type": "application/json"}
    )
    assert status == 201, body
    picture, headers = multipart("picture", photo())
    address = f"/api/products/{json.loads(body)['slug']}/images/"
    assert degraded.ask("POST", address, picture, bearer | headers)[0] == 201
    states = degraded.running.sql(
        "SELECT state FROM similarity_embedding e JOIN catalog_productimage i ON i.id = e.image_id "
        "ORDER BY i.id DESC LIMIT 1"
    )
    assert states == [("pending",)]


def test_photo_search_says_when_to_come_again(degraded):
    status, headers, body, seconds = search(degraded, "192.0.2.1")
    assert status == 503
    assert int(headers["Retry-After"]) > 0
    assert "try again" in json.loads(body)["detail"]
    assert seconds < 7  # PHOTO_TIMEOUT_S is 5


def test_many_photos_leave_room_for_those_who_only_look(site, token):
    began = time.monotonic()
    with ThreadPoolExecutor(30) as pool:
        photos = [pool.submit(search, site, f"192.0.2.{number}") for number in range(30)]
        status, headers, body, _seconds = next(as_completed(photos)).result()
        assert (status, headers["Retry-After"], json.loads(body)["code"]) == (503, "10", "busy")
        assert site.status("/p/coat/") == 200
        assert not all(found.done() for found in photos)
        answers = [found.result() for found in photos]
    turns = (time.monotonic() - began) // 5  # PHOTO_TIMEOUT_S: so often a place can have been waited in
    assert {status for status, *_ in answers} == {503}
    waited = [body for _, _, body, _ in answers if json.loads(body)["code"] == "unavailable"]
    assert 1 <= len(waited) <= 4 * turns  # PHOTO_WAITING_MAX
