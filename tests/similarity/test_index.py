"""The life of an index: wanted from a number of vectors on, built before a switch, dropped after it."""

import threading

import pytest
from django.db import connection

from similarity import checkup, index, operations, style, superseded, switch
from similarity.bench import catalogue
from similarity.engines import pgvector
from similarity.models import EmbeddingModel, StyleVector
from tests.factories import make_embedding, make_image, make_product
from tests.similarity.made_up import clusters

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _few_are_many(monkeypatch, transactional_db):
    """Indexes from three vectors on; none of them outlives its test."""
    monkeypatch.setattr(index, "MIN_VECTORS", 3)
    yield
    index.tend([])


@pytest.fixture
def model():
    switch.register_configured()
    for step in range(4):
        make_embedding(make_image(make_product()), 1, step)
    return EmbeddingModel.active()


def tended(*models: EmbeddingModel, is_filling: bool = False) -> list[str]:
    changes = index.tend(models, is_filling)
    for thread in threading.enumerate():
        if thread.name == index.THREAD:
            thread.join(60)
    return changes


def names() -> list[str]:
    return [each.name for each in operations.indexes()]


def test_a_model_with_many_vectors_gets_its_index(model):
    assert not index.is_ready(model)
    assert tended(model) == [f"build {index.name(model.pk)}"]
    assert names() == [index.name(model.pk)]
    assert index.is_ready(model)
    assert tended(model) == []


def test_a_small_model_gets_none(model, monkeypatch):
    monkeypatch.setattr(index, "MIN_VECTORS", 5)
    assert tended(model) == []
    assert names() == []
    assert index.is_ready(model)


def test_the_index_of_a_model_that_no_longer_answers_is_dropped(model):
    index.build(model)
    assert tended() == [f"dropped {index.name(model.pk)}"]
    assert names() == []


def test_only_one_process_builds(model):
    other = connection.copy()
    try:
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(hashtext(%s))", [index.name(model.pk)])
            assert index.build(model) is False
    finally:
        other.close()
    assert names() == []
    assert index.build(model) is True


def test_a_new_model_does_not_answer_before_its_index_is_built(model):
    new = EmbeddingModel.objects.create(backbone=model.backbone, dimensions=2048)
    assert switch.activate_when_complete() is None
    tended(*switch.models_in_use())
    assert switch.activate_when_complete() == new
    tended(*switch.models_in_use())
    assert names() == [index.name(new.pk)]


def test_nor_before_the_index_of_its_styles_is(model):
    new = EmbeddingModel.objects.create(backbone=model.backbone, dimensions=2048)
    switch.activate_when_complete()
    index.build(new)
    assert switch.activate_when_complete() is None
    index.build(new, StyleVector)
    assert switch.activate_when_complete() == new


def test_with_a_superseded_model_its_indexes_go(model):
    new = EmbeddingModel.objects.create(backbone=model.backbone, dimensions=2048, is_active=False)
    switch.activate_when_complete()
    for each in (model, new):
        for kind in index.KINDS:
            index.build(each, kind)
    assert switch.activate_when_complete() == new
    assert superseded.delete()["similarity.SearchVector"] == 4
    assert names() == [index.name(new.pk)]


def test_the_check_measures_the_recall_of_the_index(model):
    index.build(model)
    findings = {finding.name: finding for finding in checkup.findings()}
    assert findings["index_recall_mean"].value == 1.0
    assert findings["index_recall_p5"].value == 1.0


def test_the_check_notices_an_index_that_finds_too_little(transactional_db, monkeypatch):
    monkeypatch.setattr(index, "M", 2)
    monkeypatch.setattr(index, "EF_CONSTRUCTION", 4)
    monkeypatch.setattr(pgvector, "EF_SEARCH", 1)
    poor = catalogue.grow(clusters(5, 200, 32, brands=3, colours=3), 1000)
    index.build(poor)
    findings = {finding.name: finding for finding in checkup.findings()}
    for figure in ("index_recall_mean", "index_recall_p5"):
        assert not findings[figure].is_fine
        assert findings[figure].advice == f"Run `REINDEX INDEX CONCURRENTLY {index.name(poor.pk)}`."


def test_the_check_notices_that_indexes_are_not_built(model):
    style.refresh(model)
    findings = {finding.name: finding for finding in checkup.findings()}
    for name in ("index_ready", "style_index_ready"):
        assert (findings[name].value, findings[name].is_fine) == (0, False)
        assert "is one up?" in findings[name].advice


def test_a_catalogue_that_is_being_filled_gets_its_index_later(model, monkeypatch):
    assert tended(model, is_filling=True) == []
    monkeypatch.setattr(index, "FILLING_VECTORS", 4)
    assert tended(model, is_filling=True) == [f"build {index.name(model.pk)}"]
    assert names() == [index.name(model.pk)]
