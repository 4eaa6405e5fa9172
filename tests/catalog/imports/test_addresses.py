"""Pictures behind addresses, from a table to the catalogue."""

import hashlib
import socket

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from catalog.imports import jobs, run
from catalog.imports.models import ImportJob, PictureAddress
from catalog.models import Product, ProductImage
from similarity.models import Embedding
from tests.catalog.imports import servers
from tests.catalog.imports.files import archive, table
from tests.catalog.imports.test_import_catalog import counts, import_catalog
from tests.factories import picture_bytes

pytestmark = pytest.mark.django_db(transaction=True)
RED, BLUE, GREEN = (picture_bytes(colour) for colour in ("red", "blue", "green"))
HEADER = ["sku", "name", "category", "image url"]


@pytest.fixture
def shop(settings):
    settings.IMPORT_NETWORKS = ["127.0.0.1"]
    with servers.site({"/red.jpg": RED, "/blue.jpg": BLUE, "/green.jpg": GREEN}) as site:
        yield site


def rows(tmp_path, *addresses: str):
    """A table with a product for each cell of addresses: 1, 2, 3 and so on."""
    lines = [[str(n), f"Shirt {n}", "Shirts", cell] for n, cell in enumerate(addresses, 1)]
    return table(tmp_path / "table.csv", HEADER, *lines)


def sources(sku: str) -> list[str]:
    """The checksums of the product's pictures in their order."""
    return list(Product.objects.get(sku=sku).images.values_list("source_checksum", flat=True))


def sha256(*contents: bytes) -> list[str]:
    return [hashlib.sha256(content).hexdigest() for content in contents]


@pytest.mark.parametrize("between", [" ", ", ", "; ", ",", ";", "|", "\n"])
def test_a_product_gets_the_pictures_of_its_addresses_in_their_order(shop, tmp_path, between):
    cell = between.join([shop.url("/blue.jpg?w=1,2;x"), shop.url("/red.jpg")])
    assert counts(import_catalog(rows(tmp_path, cell))) == {"created": 1, "images": 2}
    assert sources("1") == sha256(BLUE, RED)
    assert sorted(shop.asked) == ["/blue.jpg?w=1,2;x", "/red.jpg"]
    assert Embedding.objects.filter(state="pending").count() == 2


def test_the_same_table_again_asks_nobody_and_writes_nothing(shop, tmp_path):
    path = rows(tmp_path, shop.url("/red.jpg"), shop.url("/blue.jpg"))
    import_catalog(path)
    Embedding.objects.update(state="failed")
    asked = len(shop.asked)
    with CaptureQueriesContext(connection) as queries:
        assert counts(import_catalog(path)) == {"unchanged": 2}
    assert len(shop.asked) == asked
    assert not [q for q in queries if q["sql"].startswith(("INSERT", "UPDATE", "DELETE"))]
    assert not Embedding.objects.filter(state="pending").exists()


def test_the_same_picture_behind_another_address_is_fetched_and_not_written(shop, tmp_path):
    import_catalog(rows(tmp_path, shop.url("/red.jpg")))
    before = list(ProductImage.objects.values())
    path = rows(tmp_path, shop.url("/red.jpg?v=2"))
    assert counts(import_catalog(path)) == {"unchanged": 1}
    assert list(ProductImage.objects.values()) == before
    import_catalog(path)
    assert shop.asked == ["/red.jpg", "/red.jpg?v=2"]


def test_a_new_address_replaces_the_picture(shop, tmp_path):
    import_catalog(rows(tmp_path, shop.url("/red.jpg")))
    assert counts(import_catalog(rows(tmp_path, shop.url("/green.jpg")))) == {"changed": 1, "images": 1}
    assert sources("1") == sha256(GREEN)


def test_a_picture_that_went_with_its_product_is_fetched_again(shop, tmp_path):
    path = rows(tmp_path, shop.url("/red.jpg"))
    import_catalog(path)
    Product.objects.all().delete()
    assert counts(import_catalog(path)) == {"created": 1, "images": 1}
    assert len(shop.asked) == 2


def test_two_products_with_one_address_fetch_it_once(shop, tmp_path):
    assert counts(import_catalog(rows(tmp_path, shop.url("/red.jpg"), shop.url("/red.jpg")))) == {
        "created": 2,
        "images": 2,
    }
    assert shop.asked == ["/red.jpg"]


def test_a_picture_that_cannot_be_fetched_is_a_warning_with_host_and_reason(shop, tmp_path):
    shop.pages["/page"] = b"<html>not found</html>"
    cells = [shop.url("/red.jpg"), shop.url("/none.jpg"), "http://10.0.0.1/a.jpg", shop.url("/page"),
             "ftp://x/a.jpg"]  # fmt: skip
    result = import_catalog(rows(tmp_path, *cells))
    assert counts(result) == {"created": 5, "images": 1, "warnings": 4}
    found = {problem["row"]: (problem["value"], problem["reason"]) for problem in result["problems"]}
    assert found == {
        3: (cells[1], "The picture could not be fetched from 127.0.0.1: it answered 404."),
        4: (cells[2], "10.0.0.1 is not on the public internet."),
        5: (cells[3], "The file is a web page; save the picture as JPEG, PNG or WebP and try again."),
        6: (cells[4], "Only addresses that begin with http:// or https:// are fetched."),
    }
    assert not any(problem["skipped"] for problem in result["problems"])
    assert PictureAddress.objects.count() == 1


def test_what_failed_is_tried_again_next_time(shop, tmp_path):
    path = rows(tmp_path, shop.url("/late.jpg"))
    import_catalog(path)
    shop.pages["/late.jpg"] = BLUE
    assert counts(import_catalog(path)) == {"changed": 1, "images": 1}


def test_a_preview_asks_nobody(shop, tmp_path, monkeypatch):
    path = rows(tmp_path, shop.url("/red.jpg"), "file:///etc/passwd")
    monkeypatch.setattr(socket, "getaddrinfo", lambda *args, **kwargs: pytest.fail("was looked up"))
    result = import_catalog(path, preview=True)
    assert counts(result) == {"created": 2, "images": 1, "warnings": 1}
    assert shop.asked == []
    assert not PictureAddress.objects.exists()


def test_addresses_and_files_stand_side_by_side(shop, tmp_path):
    path = rows(tmp_path, f"one.jpg; {shop.url('/blue.jpg')}")
    assert counts(import_catalog(path, archive(tmp_path, {"one.jpg": RED}))) == {"created": 1, "images": 2}
    assert sources("1") == sha256(RED, BLUE)


def test_a_price_alone_touches_no_picture(shop, tmp_path):
    import_catalog(rows(tmp_path, shop.url("/red.jpg")))
    before = list(ProductImage.objects.values()), list(Embedding.objects.values())
    prices = table(
        tmp_path / "prices.csv", ["sku", "name", "category", "price"], ["1", "Shirt 1", "Shirts", "5"]
    )
    assert counts(import_catalog(prices)) == {"changed": 1}
    assert (list(ProductImage.objects.values()), list(Embedding.objects.values())) == before
    assert shop.asked == ["/red.jpg"]


def test_a_chunk_ends_with_a_hundred_addresses(shop, tmp_path, settings, monkeypatch):
    """A killed worker does not fetch again what earlier chunks have fetched."""
    settings.STATE_DIR = tmp_path / "state"
    monkeypatch.setattr(run, "CHUNK_ADDRESSES", 2)
    cells = [shop.url(f"/{name}.jpg") for name in ("red", "blue", "green")]
    job = ImportJob(state=ImportJob.State.RUNNING)
    job.table.save("t.csv", rows(tmp_path, *cells).open("rb"))
    assert jobs.work(job.pk, 0) is True
    assert Product.objects.count() == 2
    ImportJob.objects.update(claim=None, heartbeat_at=None)
    jobs.work(job.pk, 60)
    assert Product.objects.count() == 3
    assert len(shop.asked) == 3
