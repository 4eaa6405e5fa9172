"""A shopper's photo becomes a vector, by a real photo worker; and what happens when there is none."""

import io
import time
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
import redis
from django.conf import settings as django_settings
from django.core import signing
from django.utils import translation
from PIL import ExifTags, Image

from catalog.images import ImageRefused
from shop.services.urls import client_url
from similarity import photo, piece, switch
from similarity.models import EmbeddingModel, SearchVector
from similarity.photo import PhotoQuery, PhotoUnavailable
from similarity.piece import Box
from similarity.tasks import photo_query
from tests.broker import everything_in
from tests.factories import make_embedding, make_image, make_product, picture_bytes
from tests.workers import celery_worker, wait_until

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(scope="class")
def worker(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), celery_worker("photo") as process:
        yield process


@pytest.fixture(autouse=True)
def broker():
    """The broker's own client, with nothing left over from another test."""
    url = client_url(django_settings.REDIS_URL, django_settings.REDIS_DATABASE)
    with redis.Redis.from_url(url) as client:
        client.delete("photo")
        yield client


def ask(content: bytes) -> PhotoQuery:
    return photo.query(io.BytesIO(content))


def jpeg(picture: Image.Image, **options) -> io.BytesIO:
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=95, **options)
    out.seek(0)
    return out


class TestWithAWorker:
    def test_a_photo_gets_the_vector_of_its_looks_in_the_active_model(self, worker):
        query = ask(picture_bytes("teal", (300, 400)))
        model = EmbeddingModel.active()
        assert query.model_id == model.pk
        assert query.vector.shape == (model.dimensions,)
        assert np.linalg.norm(query.vector) == pytest.approx(2**0.5, abs=1e-2)

    def test_the_same_photo_gets_the_same_vector(self, worker):
        content = picture_bytes("orange", (300, 400))
        assert float(ask(content).vector @ ask(content).vector) > 1 - 1e-3

    def test_nothing_of_the_photo_stays_in_the_broker(self, worker, broker):
        content = picture_bytes("orange", (300, 400))
        ask(content)
        assert broker.keys("photo:*") == []
        assert content[100:140] not in b"".join(everything_in(broker).values())

    def test_a_piece_of_a_photo_is_what_is_seen_upright(self, worker):
        """The camera held sideways: the file lies, the shopper sees it upright and means its upper half."""
        upright = Image.new("RGB", (300, 400), "white")
        upright.paste("crimson", (0, 0, 300, 200))
        upright.paste("seagreen", (80, 240, 220, 360))
        lower = photo.query(jpeg(upright.crop((0, 200, 300, 400))))
        exif = Image.Exif()
        exif[ExifTags.Base.Orientation] = 6
        lying = jpeg(upright.transpose(Image.Transpose.ROTATE_90), exif=exif)
        found = photo.query(lying, Box(0, 0.5, 1, 0.5))
        assert float(found.vector @ lower.vector) > 0.98
        with Image.open(io.BytesIO(found.picture)) as small:
            assert small.size == (300, 400)
            red, green, _blue = small.convert("RGB").getpixel((150, 100))
            assert red > 180 > 60 > green

    def test_another_piece_is_searched_by_the_small_picture(self, worker):
        picture = Image.new("RGB", (600, 800), "white")
        picture.paste("seagreen", (100, 450, 500, 750))
        first = photo.query(jpeg(picture))
        again = photo.query_piece(piece.sign(first.photo_id, first.picture), Box(0, 0.5, 1, 0.5))
        expected = photo.query(jpeg(picture.crop((0, 400, 600, 800))))
        assert again.photo_id == first.photo_id
        assert again.box == Box(0, 0.5, 1, 0.5)
        assert float(again.vector @ expected.vector) > 0.98
        assert float(again.vector @ first.vector) < float(again.vector @ expected.vector)

    def test_the_small_picture_does_not_stay_in_the_broker(self, worker, broker):
        ask(picture_bytes("orange", (300, 400)))
        assert b"picture" not in b"".join(everything_in(broker).values())

    def test_a_result_that_nobody_fetches_ends_after_a_minute(self, worker, broker):
        broker.set("photo:late", picture_bytes("orange", (300, 400)), ex=6)
        result = photo_query.apply_async(("photo:late", [0, 0, 1, 1], "en"))
        key = f"celery-task-meta-{result.id}"
        wait_until(lambda: broker.exists(key))
        assert b"picture" in broker.get(key)
        assert 0 < broker.ttl(key) <= 60
        result.forget()

    def test_a_damaged_photo_is_refused_with_a_sentence(self, worker):
        content = picture_bytes("orange", (3000, 4000))
        with pytest.raises(ImageRefused, match="damaged or cut off"):
            ask(content[: len(content) // 2])

    def test_what_the_worker_refuses_is_told_in_the_language_of_the_shopper(self, worker):
        content = picture_bytes("orange", (3000, 4000))
        with translation.override("de"), pytest.raises(ImageRefused, match="Das Bild ist beschädigt"):
            ask(content[: len(content) // 2])

    @pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP"])
    def test_whatever_is_left_of_a_photo_the_worker_lives_on(self, worker, format):
        out = io.BytesIO()
        Image.effect_noise((90, 120), 60).convert("RGB").save(out, format)
        whole, ended = out.getvalue(), Counter()
        for part in range(64):
            try:
                ended[len(ask(whole[: len(whole) * part // 64]).vector)] += 1
            except ImageRefused as refused:
                ended[refused.code] += 1
        assert ended.keys() <= {"format", "damaged", "parts"}
        assert len(ask(whole).vector) == EmbeddingModel.active().dimensions
        assert worker.poll() is None


def test_what_is_no_picture_is_refused_without_a_worker():
    with pytest.raises(ImageRefused) as refused:
        ask(b"<html>hello</html>")
    assert refused.value.code == "format"


def test_a_file_of_too_many_bytes_is_refused_without_a_worker(settings):
    settings.IMAGE_MAX_BYTES = 10_000
    with pytest.raises(ImageRefused) as refused:
        ask(picture_bytes() + b"0" * 10_000)
    assert refused.value.code == "bytes"


def test_a_picture_of_the_catalogue_needs_no_worker():
    content = picture_bytes("teal", (300, 400))
    image = make_image(make_product(), content)
    make_embedding(image, 1.0)
    stored = np.asarray(SearchVector.objects.get(image=image).vector)[None]
    [expected] = switch.projection(EmbeddingModel.active().pk).as_photos(stored)
    assert ask(content).vector == pytest.approx(expected, abs=1e-3)
    with image.picture.open() as served:
        assert photo.query(served).vector == pytest.approx(expected, abs=1e-3)


def test_without_a_worker_the_shopper_is_told_within_the_bound(settings):
    settings.PHOTO_TIMEOUT_S = 0.5
    started = time.monotonic()
    with pytest.raises(PhotoUnavailable):
        ask(picture_bytes("teal", (300, 400)))
    assert time.monotonic() - started < 3


def test_a_photo_nobody_took_does_not_stay(settings, broker):
    settings.PHOTO_TIMEOUT_S = 0.5
    with pytest.raises(PhotoUnavailable):
        ask(picture_bytes("teal", (300, 400)))
    assert broker.keys("photo:*") == []


def test_when_too_many_wait_the_next_is_turned_away_at_once(settings, broker):
    settings.PHOTO_QUEUE_MAX = 2
    broker.rpush("photo", "waiting", "waiting")
    started = time.monotonic()
    with pytest.raises(PhotoUnavailable, match="Too many photos are waiting"):
        ask(picture_bytes("teal", (300, 400)))
    assert time.monotonic() - started < 1


def test_with_a_dead_broker_the_shopper_is_told(settings):
    settings.REDIS_URL = "redis://127.0.0.1:1"
    with pytest.raises(PhotoUnavailable):
        ask(picture_bytes("teal", (300, 400)))


def test_a_worker_with_unusable_weights_says_so_instead_of_dying(tmp_path: Path, settings):
    make_model_unusable()
    with celery_worker("photo", name="unarmed") as process:
        with pytest.raises(PhotoUnavailable, match="needs weights with sha256 000000000000"):
            ask(picture_bytes("teal", (300, 400)))
        assert process.poll() is None


def make_model_unusable() -> None:
    """The active model was made with weights that nobody has any more."""
    model = EmbeddingModel.active()
    model.backbone.weights_sha256 = "0" * 64
    model.backbone.save()


class TestToken:
    def query(self) -> PhotoQuery:
        vector = np.zeros(EmbeddingModel.active().dimensions, np.float32)
        vector[3] = 1
        return PhotoQuery(EmbeddingModel.active().pk, vector, "abc", Box(0.25, 0.5, 0.5, 0.25))

    def test_it_brings_the_vector_back(self):
        query = self.query()
        again = PhotoQuery.from_token(query.to_token())
        assert again.model_id == query.model_id
        assert (again.photo_id, again.box) == ("abc", Box(0.25, 0.5, 0.5, 0.25))
        assert np.array_equal(again.vector, query.vector)

    def test_it_fits_into_an_address(self):
        assert len(self.query().to_token()) < 1200

    def test_a_forged_one_is_not_taken(self):
        assert PhotoQuery.from_token(self.query().to_token()[:-3] + "abc") is None

    def test_what_was_begun_before_a_switch_ends_with_the_model_that_began_it(self):
        products = [make_product() for _ in range(3)]
        for step, product in enumerate(products):
            make_embedding(make_image(product), 0, step, 0, 3)
        query = self.query()
        old = EmbeddingModel.active()
        EmbeddingModel.objects.update(is_active=False)
        EmbeddingModel.objects.create(backbone=old.backbone, dimensions=256, is_active=True)
        for step, product in enumerate(products):
            make_embedding(product.images.get(), 0, 3 - step, 0, 3)
        assert [found.product for found in query.nearest()] == products

    def test_an_old_one_is_not_taken(self, monkeypatch):
        token = self.query().to_token()
        now = time.time()
        monkeypatch.setattr(signing.time, "time", lambda: now + photo.TOKEN_MAX_AGE_S + 1)
        assert PhotoQuery.from_token(token) is None

    def test_one_of_another_model_is_not_taken(self):
        token = self.query().to_token()
        EmbeddingModel.objects.update(is_active=False)
        EmbeddingModel.objects.create(
            backbone=EmbeddingModel.objects.get().backbone, dimensions=256, is_active=True
        )
        assert PhotoQuery.from_token(token) is None
