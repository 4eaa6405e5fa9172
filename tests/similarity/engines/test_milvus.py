"""Look-alikes by Milvus: an embedded one, over a catalogue of 3,000 products in PostgreSQL."""

import contextlib
import logging
from collections.abc import Iterator

import numpy as np
import pytest
from django.conf import settings as shop_settings
from django.db import connection, transaction
from django.test import override_settings

from catalog.models import Product
from similarity import checkup, gallery, neighbours, switch
from similarity.bench import catalogue
from similarity.engines import chosen, copies, milvus, pgvector
from similarity.models import EmbeddingModel, SearchVector
from similarity.vectors import binary_cursor
from tests.similarity.made_up import clusters

pytestmark = pytest.mark.slow

# Its last words come after pytest has closed the log.
logging.getLogger("milvus_lite").setLevel(logging.CRITICAL)
SIZE, DIMENSIONS, KINDS = 3_000, 32, 20


@pytest.fixture(scope="module")
def url(tmp_path_factory) -> str:
    return str(tmp_path_factory.mktemp("milvus") / "look.db")


@pytest.fixture(scope="module")
def model(django_db_setup, django_db_blocker, url: str) -> Iterator[EmbeddingModel]:
    """The model of a catalogue in a database of its own, and all its vectors in Milvus."""
    real = clusters(KINDS, 400, DIMENSIONS, brands=30, colours=20)
    with django_db_blocker.unblock(), catalogue.own_database(), override_settings(VECTOR_ENGINE_URL=url):
        model = catalogue.grow(real, SIZE)
        assert not milvus.is_complete(model, SearchVector)
        assert copies.keep_in_step([model], 120)
        milvus._has.cache_clear()
        yield model


@pytest.fixture
def asked(monkeypatch) -> list[int]:
    """How many vectors Milvus was asked for, each time."""
    counts: list[int] = []
    original = milvus._nearest_keys

    def counted(question, vector, count):
        counts.append(count)
        return original(question, vector, count)

    monkeypatch.setattr(milvus, "_nearest_keys", counted)
    return counts


@pytest.fixture
def vectors(model) -> np.ndarray:
    return gallery.load_vectors(model)[2]


def held(model: EmbeddingModel, where: str = "id > 0") -> set[int]:
    with milvus.client() as there:
        rows = there.query(milvus.name(model, SearchVector), filter=where, output_fields=["id"], limit=16_384)
    return {row["id"] for row in rows}


def test_without_the_setting_postgresql_answers():
    assert shop_settings.VECTOR_ENGINE_URL == ""
    assert chosen() is pgvector


def test_with_the_setting_milvus_answers(model):
    assert chosen() is milvus


def test_all_vectors_are_copied(model):
    assert held(model) == set(range(1, SIZE + 1))


WIDE = {
    "everything": {},
    "in stock": {"stock__gt": 0},
    "gender": {"gender": "Men"},
    "a price range": {"price__gte": 10, "price__lte": 90},
}


@pytest.mark.parametrize("shape", ["everything", "in stock"])
def test_milvus_gives_the_five_that_postgresql_gives(model, vectors, asked, shape):
    among = neighbours.visible().filter(**WIDE[shape])
    for row in range(0, SIZE, 150):
        exact = pgvector.search(vectors[row], model, 5, among, exact=True)
        assert neighbours.search(vectors[row], model, 5, among) == exact
    assert len(asked) >= 20


@pytest.mark.parametrize("shape", WIDE)
def test_with_a_filter_there_are_five_that_pass_it(model, vectors, shape):
    among = neighbours.visible().filter(**WIDE[shape])
    allowed = set(among.values_list("pk", flat=True))
    for row in range(0, SIZE, 300):
        found = [product for product, _, _ in neighbours.search(vectors[row], model, 5, among)]
        assert len(found) == 5
        assert allowed.issuperset(found)


def test_among_few_milvus_is_not_asked(model, vectors, asked):
    among = neighbours.visible().filter(base_colour="Colour 3")
    exact = pgvector.search(vectors[0], model, 5, among, exact=True)
    assert neighbours.search(vectors[0], model, 5, among) == exact
    assert asked == []


def test_milvus_is_asked_for_more_until_five_pass(model, vectors, asked, monkeypatch):
    nearest = [key for key, _, _ in pgvector.search(vectors[0], model, 300, neighbours.visible())]
    among = neighbours.visible().exclude(pk__in=nearest[:200])
    monkeypatch.setattr(pgvector, "passing_share", lambda question: 1.0)
    found = [product for product, _, _ in neighbours.search(vectors[0], model, 5, among)]
    assert found == nearest[200:205]
    assert asked == [20, 80, 320]


def test_where_milvus_ends_short_postgresql_compares_all(model, vectors, asked, monkeypatch):
    monkeypatch.setattr(milvus, "PROPOSED_MAX", 40)
    monkeypatch.setattr(pgvector, "passing_share", lambda question: 1.0)
    far = [key for key, _, _ in pgvector.search(vectors[0], model, SIZE, neighbours.visible())][-5:]
    found = neighbours.search(vectors[0], model, 5, neighbours.visible().filter(pk__in=far))
    assert {product for product, _, _ in found} == set(far)
    assert asked == [20, 40]


def test_what_nothing_can_pass_finds_nothing(model, vectors):
    assert neighbours.search(vectors[0], model, 5, Product.objects.filter(pk__in=[])) == []


def test_a_vector_that_is_gone_is_never_a_look_alike_and_the_walk_removes_it(model, vectors):
    among = neighbours.visible()
    (_nearest, image, _), second, *_ = neighbours.search(vectors[7], model, 5, among)
    SearchVector.objects.filter(image=image).delete()
    assert neighbours.search(vectors[7], model, 5, among)[0] == second
    assert image in held(model)
    assert copies.differences(model, SearchVector) == copies.Differences(gone=1)
    assert copies.keep_in_step([model], 60)
    assert image not in held(model)
    assert not copies.differences(model, SearchVector)


def test_a_vector_that_was_replaced_counts_at_once_and_the_walk_copies_it(model, vectors):
    row = SearchVector.objects.get(product=900)
    row.vector = -np.asarray(vectors[5])
    row.save()
    opposite = neighbours.search(vectors[899], model, 5, neighbours.visible())
    assert 900 not in {product for product, _, _ in opposite}
    assert copies.differences(model, SearchVector) == copies.Differences(changed=1)
    assert copies.keep_in_step([model], 60)
    assert not copies.differences(model, SearchVector)


def test_a_lost_write_is_made_good_by_the_next_walk(model):
    with milvus.client() as there:
        there.delete(milvus.name(model, SearchVector), ids=[11, 12, 13])
    assert copies.differences(model, SearchVector) == copies.Differences(missing=3)
    assert copies.keep_in_step([model], 60)
    assert held(model, "id in [11, 12, 13]") == {11, 12, 13}


def test_a_vector_is_copied_as_it_is_committed(model, vectors):
    before = held(model)
    with transaction.atomic(), binary_cursor() as cursor:
        switch.store_vectors(cursor, model, [50], [50], -vectors[49:50])
        assert held(model) == before
    assert not copies.differences(model, SearchVector)
    nearest = neighbours.search(-vectors[49], model, 1, neighbours.visible())
    assert nearest[0][0] == 50


def test_nothing_is_copied_of_what_was_taken_back(model, vectors):
    with contextlib.suppress(ZeroDivisionError), transaction.atomic(), binary_cursor() as cursor:
        switch.store_vectors(cursor, model, [60], [60], -vectors[59:60])
        raise ZeroDivisionError
    assert not copies.differences(model, SearchVector)


def test_the_check_compares_both(model, monkeypatch):
    monkeypatch.setattr(checkup, "RECALL_QUERIES", 20)
    found = {finding.name: finding for finding in checkup._milvus(model)}
    assert all(finding.is_fine for finding in found.values())
    assert found["milvus_missing"].value == 0
    assert found["milvus_same_five"].value >= 0.98
    with milvus.client() as there:
        there.delete(milvus.name(model, SearchVector), ids=[21])
    found = {finding.name: finding for finding in checkup._milvus(model)}
    assert found["milvus_missing"].value == 1
    assert "not in Milvus yet" in found["milvus_missing"].advice
    copies.keep_in_step([model], 60)


def test_a_model_is_asked_of_postgresql_until_milvus_has_all_of_it(model, vectors, asked):
    new = EmbeddingModel.objects.create(backbone=model.backbone, dimensions=DIMENSIONS)
    SearchVector.objects.bulk_create(
        SearchVector(model=new, image_id=row + 1, product_id=row + 1, vector=vectors[row]) for row in range(9)
    )
    assert not copies.is_complete(new)
    assert len(neighbours.search(vectors[0], new, 5, neighbours.visible())) == 5
    assert asked == []
    assert copies.keep_in_step([model, new], 60)
    milvus._has.cache_clear()
    assert copies.is_complete(new)
    name = milvus.name(new, SearchVector)
    new.delete()
    assert copies.keep_in_step([model], 60)
    with milvus.client() as there:
        assert name not in there.list_collections()


def test_one_process_walks_at_a_time(model):
    other = connection.copy()
    with other.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(hashtext('similarity.copies'))")
        with milvus.client() as there:
            there.delete(milvus.name(model, SearchVector), ids=[31])
        assert copies.keep_in_step([model], 60)
        assert copies.differences(model, SearchVector).missing == 1
        cursor.execute("SELECT pg_advisory_unlock_all()")
    other.close()
    copies.keep_in_step([model], 60)
    assert not copies.differences(model, SearchVector)
