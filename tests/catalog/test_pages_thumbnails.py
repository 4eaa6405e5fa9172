"""Thumbnails: addresses that cost nothing, files that are made when first asked for."""

import io
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.test import Client
from PIL import Image
from pytest_django import DjangoAssertNumQueries

from catalog import thumbnails
from tests.factories import make_image, make_product, picture_bytes

pytestmark = pytest.mark.django_db


def picture(size: tuple[int, int] = (600, 800)) -> str:
    return make_image(make_product(), picture_bytes("teal", size)).picture.name


def test_candidates_tell_their_true_widths() -> None:
    assert [width for _url, width in thumbnails.srcset("products/a.jpg", 600)] == [240, 480, 600]
    assert [width for _url, width in thumbnails.srcset("products/a.jpg", 60)] == [60]
    assert [width for _url, width in thumbnails.srcset("products/a.jpg", 480)] == [240, 480]
    assert [width for _url, width in thumbnails.srcset("products/a.jpg", 4000)] == [240, 480, 960]


def test_the_first_visitor_makes_the_file_and_the_next_finds_it(client: Client, media: Path) -> None:
    name = thumbnails.name_of(picture(), 240)
    assert not default_storage.exists(name)
    response = client.get(f"/media/{name}")
    assert response.status_code == 200
    assert response["Content-Type"] == "image/webp"
    assert "immutable" in response["Cache-Control"]
    shown = Image.open(io.BytesIO(b"".join(response.streaming_content)))
    assert (shown.format, shown.size) == ("WEBP", (240, 320))
    written = (media / name).stat().st_mtime_ns
    client.get(f"/media/{name}")
    assert (media / name).stat().st_mtime_ns == written


def test_small_pictures_are_not_enlarged(client: Client) -> None:
    name = thumbnails.name_of(picture((60, 80)), 240)
    shown = Image.open(io.BytesIO(b"".join(client.get(f"/media/{name}").streaming_content)))
    assert shown.size == (60, 80)


@pytest.mark.parametrize(
    "name",
    [
        "thumbnails/products/aa/missing/240.webp",
        "thumbnails/products/aa/missing/241.webp",
        "thumbnails/private/secret/240.webp",
        "thumbnails/products/../../secret/240.webp",
        "thumbnails/samples/%00/240.webp",
        "240.webp",
    ],
)
def test_what_is_no_thumbnail_of_ours_is_404_and_makes_nothing(
    client: Client, media: Path, name: str
) -> None:
    default_storage.save("private/secret.jpg", ContentFile(picture_bytes()))
    assert client.get(f"/media/{name}").status_code == 404
    assert not (media / "thumbnails").exists()


def test_other_widths_are_not_made_on_demand(client: Client, media: Path) -> None:
    name = thumbnails.name_of(picture(), 240).replace("240", "250")
    assert client.get(f"/media/{name}").status_code == 404
    assert not (media / "thumbnails").exists()


def test_addresses_ask_neither_database_nor_storage(
    django_assert_num_queries: DjangoAssertNumQueries, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = picture()
    monkeypatch.setattr(
        type(default_storage._wrapped), "exists", lambda *args: pytest.fail("asked the storage")
    )  # type: ignore[attr-defined]
    with django_assert_num_queries(0):
        assert thumbnails.srcset(name, 600)[0][0] == f"/media/{thumbnails.name_of(name, 240)}"
