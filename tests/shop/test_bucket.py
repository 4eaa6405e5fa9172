"""Pictures and uploads in a bucket, on a server that speaks S3."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import boto3
import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage, storages
from django.core.management import call_command
from django.utils.functional import empty
from moto.server import ThreadedMotoServer

from catalog import files, thumbnails
from catalog.imports import jobs
from catalog.imports.files import PRIVATE
from catalog.imports.models import ImportJob
from shop import backup
from similarity import embedding, pending, samples, switch
from similarity.models import Embedding
from tests.factories import make_image, make_product, picture_bytes

BUCKET = "pictures"


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    """The address of an S3-compatible server."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture(autouse=True)
def bucket(server: str, settings, monkeypatch):
    """An empty bucket, in which the shop keeps its files."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "key")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    bucket = boto3.resource("s3", endpoint_url=server, region_name="us-east-1").Bucket(BUCKET)
    bucket.create()
    options = {"bucket_name": BUCKET, "endpoint_url": server, "region_name": "us-east-1"}
    settings.MEDIA_BUCKET = BUCKET
    settings.STORAGES = settings.STORAGES | {
        "default": {"BACKEND": "shop.bucket.Bucket", "OPTIONS": options},
        "private": {"BACKEND": "shop.bucket.PrivateBucket", "OPTIONS": options},
    }
    PRIVATE._wrapped = empty
    yield bucket
    PRIVATE._wrapped = empty
    bucket.objects.all().delete()


def keys(bucket) -> set[str]:
    return {item.key for item in bucket.objects.all()}


@pytest.mark.django_db
class TestPictures:
    def test_a_picture_is_stored_under_its_checksum_once(self, bucket):
        one, two = make_image(make_product(), picture_bytes()), make_image(make_product(), picture_bytes())
        assert one.picture.name == two.picture.name
        assert keys(bucket) == {f"media/{one.picture.name}"}

    def test_its_address_is_the_shops_own(self):
        image = make_image(make_product())
        assert image.picture.url == f"/media/{image.picture.name}"

    def test_the_shop_serves_it(self, client):
        image = make_image(make_product())
        answer = client.get(image.picture.url)
        assert answer.headers["Content-Type"] == "image/jpeg"
        with default_storage.open(image.picture.name) as file:
            assert answer.getvalue() == file.read()

    def test_what_is_not_there_is_not_found(self, client):
        assert client.get("/media/products/aa/missing.jpg").status_code == 404

    def test_a_thumbnail_is_made_when_it_is_first_asked_for(self, client, bucket):
        image = make_image(make_product())
        name = thumbnails.name_of(image.picture.name, 240)
        assert client.get(thumbnails.url(image.picture.name, 240)).status_code == 200
        assert f"media/{name}" in keys(bucket)

    def test_a_page_of_thumbnails_costs_no_request_to_the_bucket(self, monkeypatch):
        image = make_image(make_product())
        monkeypatch.setattr(type(default_storage._wrapped), "connection", property(pytest.fail))
        assert thumbnails.srcset(image.picture.name, 960)

    def test_uploads_cannot_be_reached_as_pictures(self, client):
        PRIVATE.save("2026-11/secret.jpg", ContentFile(picture_bytes()))
        assert client.get("/media/../private/2026-11/secret.jpg").status_code == 404
        assert client.get("/media/private/2026-11/secret.jpg").status_code == 404

    def test_files_that_no_row_names_are_found_and_deleted(self, bucket):
        image = make_image(make_product())
        default_storage.save("products/aa/stray.jpg", ContentFile(picture_bytes()))
        soon = datetime.now(UTC) + timedelta(hours=1)
        assert list(files.orphans(soon)) == ["products/aa/stray.jpg"]
        files.delete_unused({"products/aa/stray.jpg"})
        assert keys(bucket) == {f"media/{image.picture.name}"}

    def test_sample_photos_are_listed(self):
        assert samples.names() == []
        samples._names.cache_clear()
        default_storage.save("samples/LK-1.jpg", ContentFile(picture_bytes()))
        assert samples.names() == ["LK-1.jpg"]


@pytest.mark.django_db(transaction=True)
def test_with_the_last_row_its_files_are_deleted(client, bucket):
    image = make_image(make_product())
    client.get(thumbnails.url(image.picture.name, 240))
    assert len(keys(bucket)) == 2
    image.delete()
    assert keys(bucket) == set()


@pytest.mark.django_db(transaction=True)
def test_it_is_embedded_from_the_bucket():
    switch.register_configured()
    image, lost = make_image(make_product()), make_image(make_product())
    default_storage.delete(lost.picture.name)
    assert pending.counts()["pending"] == 2
    assert embedding.embed_pending("test", 60) == 1
    assert Embedding.objects.get(image=image).state == "ready"
    assert "file is missing from the storage" in Embedding.objects.get(image=lost).reason


@pytest.mark.django_db(transaction=True)
def test_an_uploaded_table_is_imported_from_the_bucket(bucket, client):
    job = ImportJob(state=ImportJob.State.RUNNING)
    job.table.save("t.csv", ContentFile(b"sku,name,category\n1,Shirt,Shirts\n2,,Shirts\n"))
    assert {key.partition("/")[0] for key in keys(bucket)} == {"private"}
    assert not jobs.work(job.pk, 30)
    job.refresh_from_db()
    assert job.header == ["sku", "name", "category"]
    assert (job.state, job.created, job.skipped) == ("done", 1, 1)
    job.delete()
    assert keys(bucket) == set()


def test_the_local_copy_of_an_upload_is_deleted(bucket):
    from catalog.imports.files import local_copy

    job = ImportJob()
    job.table.save("t.csv", ContentFile(b"sku\n1\n"), save=False)
    with local_copy(job.table) as path:
        assert path.read_bytes() == b"sku\n1\n"
    assert not path.exists()


@pytest.mark.django_db
def test_a_backup_with_pictures_is_not_restored_beside_a_bucket(tmp_path):
    (tmp_path / backup.DUMP).write_text("")
    (tmp_path / backup.PICTURES).mkdir()
    with pytest.raises(backup.BackupError, match="are in the bucket pictures"):
        backup.restore(tmp_path)


def test_garbage_is_collected_by_the_command(db, bucket):
    default_storage.save("products/aa/young.jpg", ContentFile(picture_bytes()))
    call_command("media_gc")
    assert keys(bucket) == {"media/products/aa/young.jpg"}
    assert storages["default"].exists("products/aa/young.jpg")
