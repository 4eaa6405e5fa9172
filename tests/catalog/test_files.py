"""Files of pictures: they live as long as a row names them."""

import io
import os
import time
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import transaction

from catalog import files
from catalog.images import clean
from catalog.models import Product, ProductImage
from tests.factories import make_image, make_product, picture_bytes

pytestmark = pytest.mark.django_db(transaction=True)


def thumbnail(media: Path, image: ProductImage) -> Path:
    """A file where imagekit would have put a thumbnail."""
    path = media / files.thumbnails_of(image.picture.name) / "200.jpg"
    path.parent.mkdir(parents=True)
    path.write_bytes(b"thumbnail")
    return path


def replace(image: ProductImage, colour: str) -> None:
    image.put(clean(io.BytesIO(picture_bytes(colour))))
    image.save()


def test_a_deleted_pictures_file_and_thumbnails_go(media):
    image = make_image(make_product())
    path, small = Path(image.picture.path), thumbnail(media, image)
    image.delete()
    assert not path.exists()
    assert not small.parent.exists()


def test_a_deleted_product_takes_its_files_along():
    product = make_product()
    paths = [Path(make_image(product).picture.path) for _ in range(2)]
    product.delete()
    assert not any(path.exists() for path in paths)


def test_deleting_many_at_once_deletes_their_files():
    paths = [Path(make_image(make_product()).picture.path) for _ in range(2)]
    Product.objects.all().delete()
    assert not any(path.exists() for path in paths)


def test_the_old_file_of_a_replaced_picture_goes():
    image = make_image(make_product())
    old = Path(image.picture.path)
    replace(image, "gold")
    assert not old.exists()
    assert Path(image.picture.path).exists()


def test_saving_a_picture_without_a_change_keeps_its_file():
    image = make_image(make_product())
    image.alt = "A shirt"
    image.save()
    replace(ProductImage.objects.get(), "gold")
    replace(ProductImage.objects.get(), "gold")
    assert Path(ProductImage.objects.get().picture.path).exists()


def test_a_file_that_cannot_be_deleted_now_fails_no_save(monkeypatch, caplog):
    image = make_image(make_product())

    def away(self, name):
        raise OSError("the storage is away")

    monkeypatch.setattr("django.core.files.storage.FileSystemStorage.delete", away)
    replace(image, "red")
    assert "the storage is away" in caplog.text
    image.refresh_from_db()
    assert image.checksum == clean(io.BytesIO(picture_bytes("red"))).checksum


def test_a_file_that_another_product_shares_stays():
    first, second = (make_image(make_product(), picture_bytes("gold")) for _ in range(2))
    assert first.picture.name == second.picture.name
    first.delete()
    assert Path(second.picture.path).exists()
    second.delete()
    assert not Path(second.picture.path).exists()


def test_a_rollback_keeps_the_file():
    image = make_image(make_product())
    with transaction.atomic():
        image.delete()
        transaction.set_rollback(True)
    assert Path(ProductImage.objects.get().picture.path).exists()


def test_a_rolled_back_replacement_keeps_the_old_file():
    image = make_image(make_product())
    old = Path(image.picture.path)
    with transaction.atomic():
        replace(image, "gold")
        transaction.set_rollback(True)
    assert old.exists()


def orphan(colour: str, hours: float) -> Path:
    """A file that was put into the storage so long ago, and whose row was never saved."""
    image = ProductImage()
    image.put(clean(io.BytesIO(picture_bytes(colour))))
    path = Path(image.picture.path)
    written = time.time() - hours * 3600
    os.utime(path, (written, written))
    return path


def test_media_gc_deletes_old_orphans_only(capsys):
    kept = make_image(make_product())
    os.utime(kept.picture.path, (0, 0))
    young, old = orphan("gold", hours=0.5), orphan("pink", hours=1.5)
    call_command("media_gc")
    assert not old.exists()
    assert young.exists()
    assert Path(kept.picture.path).exists()
    assert capsys.readouterr().out.splitlines()[-1] == "1 files deleted."


def test_media_gc_can_only_list(capsys):
    old = orphan("gold", hours=1.5)
    call_command("media_gc", "--dry-run")
    assert old.exists()
    assert old.name in capsys.readouterr().out


def test_media_gc_lives_without_any_file(media):
    call_command("media_gc", "--dry-run")
    assert not media.exists()
