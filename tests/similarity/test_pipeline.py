"""The way of an image on real parts: PostgreSQL, Valkey, Celery workers and TensorFlow."""

import io
from pathlib import Path

import numpy as np
import pytest
from django.core.management import call_command
from django.urls import reverse
from PIL import Image, ImageDraw

from similarity import neighbours, pending
from similarity.models import Embedding, Run, SearchVector, Worker
from similarity.signals import notify_workers
from tests.factories import make_image, make_product, make_user, picture_bytes
from tests.workers import celery_worker, wait_until

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(scope="module")
def media_root(tmp_path_factory) -> Path:
    return tmp_path_factory.mktemp("media")


@pytest.fixture(autouse=True)
def media(settings, media_root: Path) -> Path:
    """One folder for the whole module, because its worker keeps looking there."""
    settings.MEDIA_ROOT = media_root
    return media_root


@pytest.fixture(scope="class")
def worker(django_db_setup, django_db_blocker, media_root: Path):
    with django_db_blocker.unblock(), celery_worker("embed", MEDIA_ROOT=str(media_root)) as process:
        yield process


def shirt(colour: str | tuple[int, int, int], stripes: bool = False) -> bytes:
    """A picture of a shirt of sorts on white."""
    picture = Image.new("RGB", (300, 400), "white")
    draw = ImageDraw.Draw(picture)
    draw.polygon(
        [(90, 60), (210, 60), (280, 140), (230, 170), (220, 360), (80, 360), (70, 170), (20, 140)], colour
    )
    if stripes:
        for y in range(80, 360, 40):
            draw.rectangle((80, y, 220, y + 12), "white")
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=95)
    return out.getvalue()


def states() -> set[str]:
    return set(Embedding.objects.values_list("state", flat=True))


def all_ready() -> bool:
    return states() == {"ready"}


class TestWithAWorker:
    def test_a_saved_picture_becomes_searchable(self, worker):
        images = [make_image(make_product(), shirt(colour)) for colour in ("navy", "blue", "red")]
        wait_until(all_ready)
        assert SearchVector.objects.count() == 3
        (nearest, _) = neighbours.of_product(images[0].product)
        assert nearest.product == images[1].product

    def test_it_carries_out_what_a_button_in_the_admin_asks_for(self, worker, client):
        for number in range(10):
            make_image(make_product(), shirt((20 * number, 100, 200 - 20 * number), stripes=number % 2 == 1))
        wait_until(all_ready, seconds=120)
        client.force_login(make_user(is_superuser=True))
        client.post(reverse("admin:similarity_run_start", args=["evaluate"]))
        wait_until(lambda: not Run.objects.get().is_active, seconds=120)
        run = Run.objects.get()
        assert (run.state, run.reason) == ("done", "")
        assert (run.report["queries"], run.report["photos"], len(run.report["examples"])) == (10, 10, 10)

    def test_the_same_picture_gets_the_same_vector(self, worker):
        first = make_image(make_product(), shirt("green"))
        wait_until(all_ready)
        second = make_image(make_product(), shirt("green"))
        wait_until(all_ready)
        one, two = (np.asarray(SearchVector.objects.get(image=image).vector) for image in (first, second))
        assert float(one @ two) > 1 - 1e-3

    def test_a_replaced_picture_gets_a_new_vector(self, worker):
        from catalog.images import clean

        image = make_image(make_product(), shirt("navy"))
        wait_until(all_ready)
        before = np.asarray(SearchVector.objects.get(image=image).vector)
        image.put(clean(io.BytesIO(shirt("red", stripes=True))))
        image.save()
        wait_until(all_ready)
        after = np.asarray(SearchVector.objects.get(image=image).vector)
        assert float(before @ after) < 0.9

    def test_a_picture_without_its_file_fails_with_a_reason_and_blocks_nobody(self, worker, media: Path):
        lost = make_image(make_product())
        (media / lost.picture.name).unlink()
        fine = make_image(make_product(), shirt("olive"))
        wait_until(lambda: "pending" not in states())
        assert Embedding.objects.get(image=fine).state == "ready"
        row = Embedding.objects.get(image=lost)
        assert row.state == "failed"
        assert "file is missing from the storage" in row.reason

    def test_a_failed_picture_is_embedded_after_its_file_is_back(self, worker, media: Path):
        image = make_image(make_product())
        path = media / image.picture.name
        content = path.read_bytes()
        path.write_bytes(content[:300])
        wait_until(lambda: states() == {"failed"})
        path.write_bytes(content)
        call_command("embed", failed=True, wait=True)
        assert all_ready()

    def test_more_than_one_batch_is_embedded(self, worker):
        for number in range(70):
            make_image(make_product(), picture_bytes((number * 3, 255 - number, 90)))
        call_command("embed", missing=True, wait=True)
        assert pending.counts() == {"pending": 0, "ready": 70, "failed": 0}

    def test_all_features_can_be_computed_anew(self, worker):
        image = make_image(make_product(), shirt("navy"))
        wait_until(all_ready)
        before = Embedding.objects.get(image=image).updated_at
        call_command("embed", all=True, wait=True)
        assert Embedding.objects.get(image=image).updated_at > before


def test_with_missing_weights_the_worker_says_so_and_stays_up(tmp_path: Path):
    make_image(make_product())
    missing = tmp_path / "none.weights.h5"
    with celery_worker("embed", name="unarmed", EMBEDDER_WEIGHTS=str(missing)) as process:
        assert f"there is no file {missing}" in Worker.objects.get(name="embed-unarmed@test").problem
        assert process.poll() is None


def test_missing_weights_stay_the_news_while_nothing_waits(tmp_path: Path):
    with celery_worker("embed", name="idle", EMBEDDER_WEIGHTS=str(tmp_path / "none.weights.h5")):
        started = Worker.objects.get(name="embed-idle@test").seen_at
        notify_workers()
        wait_until(lambda: Worker.objects.get(name="embed-idle@test").seen_at > started)
        assert "there is no file" in Worker.objects.get(name="embed-idle@test").problem


def test_with_damaged_weights_pictures_stay_pending_until_they_are_mended(tmp_path: Path, settings):
    path = tmp_path / "mine.weights.h5"
    path.write_bytes(b"not weights")
    settings.EMBEDDER_WEIGHTS = str(path)
    Embedding.objects.all().delete()
    from similarity import switch
    from similarity.models import EmbeddingModel

    EmbeddingModel.objects.all().delete()
    switch.register_configured()
    make_image(make_product())
    with celery_worker("embed", name="unarmed", EMBEDDER_WEIGHTS=str(path)) as process:
        notify_workers()
        worker_row = Worker.objects.get(name="embed-unarmed@test")
        assert "could not be loaded as ResNet50 weights" in worker_row.problem
        assert process.poll() is None
    assert states() == {"pending"}
    assert Embedding.objects.get().attempts == 0
