"""Pictures as the shop serves them itself: kept for ever, harmless, and nothing else of the storage."""

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.test import Client

from catalog import thumbnails
from tests.factories import make_image, make_product

pytestmark = pytest.mark.django_db


@pytest.fixture
def address() -> str:
    return make_image(make_product()).picture.url


def test_a_picture_may_be_kept_for_ever(address):
    answer = Client().get(address)
    assert answer["Content-Type"] == "image/jpeg"
    assert answer["Cache-Control"] == "public, max-age=31536000, immutable"
    assert b"".join(answer.streaming_content).startswith(b"\xff\xd8")


def test_a_picture_runs_nothing_even_when_opened_by_itself(address):
    answer = Client().get(address)
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"


def test_a_browser_that_has_it_is_sent_nothing(address):
    etag = Client().get(address)["ETag"]
    answer = Client().get(address, headers={"if-none-match": etag})
    assert (answer.status_code, answer.content) == (304, b"")


def test_a_thumbnail_is_made_when_it_is_first_asked_for():
    image = make_image(make_product())
    answer = Client().get(thumbnails.url(image.picture.name, 240))
    assert answer["Content-Type"] == "image/webp"
    assert b"".join(answer.streaming_content)[8:12] == b"WEBP"


@pytest.mark.parametrize(
    "path",
    ["../settings.jpg", "a/..%2f..%2fx.jpg", "%00.jpg", "x.svg", "products/", "a" * 5000 + ".jpg", "no.webp"],
)
def test_what_is_no_stored_picture_is_not_found(path):
    assert Client().get(f"/media/{path}").status_code == 404


def test_other_files_of_the_storage_are_not_public():
    default_storage.save("imports/prices.csv", ContentFile(b"secret"))
    assert Client().get("/media/imports/prices.csv").status_code == 404


def test_nothing_is_written_there():
    assert Client().post("/media/x.jpg").status_code == 405
