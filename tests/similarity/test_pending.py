"""The queue in the database: who gets which row, and whose result is written."""

import threading
from datetime import timedelta

import numpy as np
import pytest
from django.core.cache import cache
from django.db import connection
from django.utils import timezone

from catalog.models import ProductImage
from similarity import pending
from similarity.models import Backbone, Embedding, SearchVector
from similarity.vectors import normalise
from tests.factories import make_embedding, make_image, make_product

State = Embedding.State


def backbone() -> Backbone:
    return Backbone.objects.get()


def features(count: int, seed: int = 1) -> np.ndarray:
    return normalise(np.abs(np.random.default_rng(seed).normal(size=(count, 2048)))).astype(np.float32)


def claim(limit: int = 10, worker: str = "one") -> list[pending.Claimed]:
    return pending.claim(backbone(), worker, limit)


def let_the_claims_expire() -> None:
    Embedding.objects.update(claimed_at=timezone.now() - pending.LEASE - timedelta(seconds=1))


@pytest.mark.django_db
class TestEnqueue:
    def test_saving_a_picture_leaves_a_pending_row(self):
        image = make_image(make_product())
        row = Embedding.objects.get()
        assert (row.image, row.state, row.checksum) == (image, State.PENDING, image.checksum)

    def test_pictures_made_in_bulk_are_found_by_the_sweep(self):
        product = make_product()
        fields = {"product": product, "width": 60, "height": 80, "picture": "products/aa/a.jpg"}
        ProductImage.objects.bulk_create(
            [ProductImage(**fields, checksum=str(n), source_checksum=str(n)) for n in range(3)]
        )
        assert not Embedding.objects.exists()
        assert pending.sweep() == 3
        assert Embedding.objects.filter(state=State.PENDING).count() == 3

    def test_much_that_is_pending_is_a_catalogue_being_filled(self, monkeypatch):
        monkeypatch.setattr(pending, "FILLING", 1)
        make_image(make_product())
        assert not pending.is_filling()
        make_image(make_product())
        assert pending.is_filling()

    def test_a_second_sweep_makes_nothing(self):
        make_image(make_product())
        assert pending.sweep() == 0

    def test_sweeps_go_round_the_catalogue_a_part_at_a_time(self):
        cache.delete(pending.SWEPT)
        for _ in range(9):
            make_image(make_product())
        first, fifth, newest = (ProductImage.objects.order_by("pk")[place] for place in (0, 4, 8))
        assert pending.sweep(4) == 0
        Embedding.objects.filter(image__in=[first, fifth, newest]).delete()
        assert pending.sweep(4) == 2  # the second part, and the newest
        assert pending.sweep(4) == 0  # the third part, the last
        assert pending.sweep(4) == 1  # the first again

    def test_a_replaced_picture_is_pending_again_and_loses_its_old_vector(self):
        image = make_image(make_product())
        make_embedding(image, 1.0)
        image.put(_other_picture())
        image.save()
        row = Embedding.objects.get()
        assert (row.state, row.checksum) == (State.PENDING, image.checksum)
        assert not SearchVector.objects.exists()

    def test_saving_without_a_new_picture_embeds_nothing(self):
        image = make_image(make_product())
        make_embedding(image, 1.0)
        image.alt = "From the side"
        image.save()
        assert Embedding.objects.get().state == State.READY


@pytest.mark.django_db
class TestClaim:
    def test_the_oldest_rows_come_first(self):
        images = [make_image(make_product()) for _ in range(3)]
        assert [row.picture for row in claim(2)] == [image.picture.name for image in images[:2]]

    def test_a_claimed_row_is_not_given_twice(self):
        make_image(make_product())
        assert len(claim()) == 1
        assert claim(worker="two") == []

    def test_an_expired_claim_comes_back(self):
        make_image(make_product())
        first = claim()
        let_the_claims_expire()
        second = claim(worker="two")
        assert [row.id for row in second] == [row.id for row in first]
        assert second[0].claim != first[0].claim

    def test_rows_that_were_tried_before_come_last_and_one_by_one(self):
        for _ in range(3):
            make_image(make_product())
        tried = claim(2)
        let_the_claims_expire()
        assert len(claim(10)) == 1  # the third, which is new
        assert [row.id for row in claim(10)] == [tried[0].id]
        assert [row.id for row in claim(10)] == [tried[1].id]

    def test_a_picture_that_ends_its_worker_again_and_again_is_given_up(self):
        make_image(make_product())
        for _ in range(pending.MAX_ATTEMPTS):
            assert len(claim()) == 1
            let_the_claims_expire()
        assert claim() == []
        row = Embedding.objects.get()
        assert row.state == State.FAILED
        assert row.reason == "The worker ended 3 times while it computed this picture."

    def test_a_worker_that_starts_again_gets_its_rows_back_at_once(self):
        make_image(make_product())
        claim(worker="embed@host")
        assert pending.release_all_of("embed@host") == 1
        assert len(claim(worker="embed@host")) == 1

    def test_another_workers_rows_stay_its_own(self):
        make_image(make_product())
        claim(worker="one")
        assert pending.release_all_of("two") == 0

    def test_released_rows_were_not_tried(self):
        make_image(make_product())
        pending.release(claim())
        row = Embedding.objects.get()
        assert (row.attempts, row.claim) == (0, None)


@pytest.mark.django_db(transaction=True)
def test_many_workers_at_once_never_share_a_row():
    for _ in range(24):
        make_image(make_product())
    taken: list[int] = []

    def work() -> None:
        try:
            while rows := pending.claim(backbone(), threading.current_thread().name, 2):
                taken.extend(row.id for row in rows)
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(taken) == sorted(Embedding.objects.values_list("pk", flat=True))


@pytest.mark.django_db
class TestWrite:
    def test_features_and_search_vector_are_stored(self):
        image = make_image(make_product())
        rows, values = claim(), features(1)
        assert pending.write(backbone(), rows, values) == 1
        row = Embedding.objects.get()
        assert (row.state, row.claim) == (State.READY, None)
        assert np.asarray(row.features) == pytest.approx(values[0], abs=1e-3)
        vector = SearchVector.objects.get()
        assert (vector.image, vector.product) == (image, image.product)
        assert np.linalg.norm(vector.vector) == pytest.approx(1, abs=1e-2)

    def test_a_lost_claim_writes_nothing(self):
        make_image(make_product())
        late = claim()
        let_the_claims_expire()
        current = claim(worker="two")
        assert pending.write(backbone(), late, features(1)) == 0
        assert Embedding.objects.get().state == State.PENDING
        assert pending.write(backbone(), current, features(1)) == 1

    def test_features_of_a_picture_replaced_meanwhile_are_dropped(self):
        image = make_image(make_product())
        rows = claim()
        image.put(_other_picture())
        image.save()
        assert pending.write(backbone(), rows, features(1)) == 0
        assert Embedding.objects.get().state == State.PENDING
        assert not SearchVector.objects.exists()

    def test_features_of_a_picture_deleted_meanwhile_are_dropped(self):
        image = make_image(make_product())
        rows = claim()
        image.delete()
        assert pending.write(backbone(), rows, features(1)) == 0

    def test_each_row_gets_its_own_features(self):
        images = [make_image(make_product()) for _ in range(3)]
        rows, values = claim(), features(3)
        images[1].delete()
        assert pending.write(backbone(), rows, values) == 2
        for image, expected in ((images[0], values[0]), (images[2], values[2])):
            stored = Embedding.objects.get(image=image).features
            assert np.asarray(stored) == pytest.approx(expected, abs=1e-3)

    def test_writing_twice_changes_nothing(self):
        make_image(make_product())
        rows = claim()
        pending.write(backbone(), rows, features(1))
        assert pending.write(backbone(), rows, features(1, seed=2)) == 0
        assert SearchVector.objects.count() == 1


@pytest.mark.django_db
class TestFailure:
    def test_a_failed_row_says_why(self):
        make_image(make_product())
        (row,) = claim()
        pending.fail(row, "The picture is damaged or cut off.")
        stored = Embedding.objects.get()
        assert (stored.state, stored.reason) == (State.FAILED, "The picture is damaged or cut off.")
        assert claim() == []

    def test_a_passing_trouble_is_tried_again_and_told_when_it_stays(self):
        make_image(make_product())
        for _ in range(pending.MAX_ATTEMPTS):
            (row,) = claim()
            pending.postpone(row, "The storage does not answer.")
            assert Embedding.objects.get().state == State.PENDING
            let_the_claims_expire()
        assert claim() == []
        stored = Embedding.objects.get()
        assert (stored.state, stored.reason) == (State.FAILED, "The storage does not answer.")

    def test_a_lost_claim_cannot_fail_a_row(self):
        make_image(make_product())
        (late,) = claim()
        let_the_claims_expire()
        claim(worker="two")
        pending.fail(late, "too late")
        assert Embedding.objects.get().state == State.PENDING

    def test_retry_makes_failed_rows_pending(self):
        make_image(make_product())
        pending.fail(claim()[0], "reason")
        assert pending.retry() == 1
        row = Embedding.objects.get()
        assert (row.state, row.reason, row.attempts) == (State.PENDING, "", 0)

    def test_counts_name_every_state(self):
        make_image(make_product())
        assert pending.counts() == {"pending": 1, "ready": 0, "failed": 0}
        pending.fail(claim()[0], "reason")
        for number in range(3):
            make_embedding(make_image(make_product()), 1.0, number)
        make_image(make_product())
        assert pending.counts() == {"pending": 1, "ready": 3, "failed": 1}
        assert pending.waiting() == 1

    def test_what_waits_is_counted_in_the_queue_alone(self):
        """However many are ready: their rows are not in the index that is read."""
        like = make_image(make_product())
        same = {"product": like.product, "picture": like.picture.name, "width": 1, "height": 1}
        images = ProductImage.objects.bulk_create(ProductImage(**same, checksum=n) for n in range(500))
        ready = {"backbone": backbone(), "state": State.READY, "features": features(1)[0]}
        Embedding.objects.bulk_create(Embedding(**ready, image=each, checksum="") for each in images)
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE similarity_embedding")
        rows = Embedding.objects.filter(backbone__in=[backbone()], state=State.PENDING)
        assert "embedding_pending" in rows.explain()


def _other_picture():
    import io

    from catalog.images import clean
    from tests.factories import picture_bytes

    return clean(io.BytesIO(picture_bytes("yellow")))
