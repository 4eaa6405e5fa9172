"""What `manage.py similarity_check` finds, and says of it."""

import json

import pytest
from django.core.management import call_command
from django.db import connection

from similarity import checkup, style, switch
from similarity.models import Backbone, Embedding, EmbeddingModel, SearchVector, StyleVector
from tests.factories import make_embedding, make_image, make_product

pytestmark = pytest.mark.django_db


def found(name: str) -> checkup.Finding:
    return {finding.name: finding for finding in checkup.findings()}[name]


def embedded():
    image = make_image(make_product())
    make_embedding(image, 1.0)
    style.refresh(EmbeddingModel.active())
    return image


def test_a_shop_in_which_all_is_well_has_no_advice():
    embedded()
    findings = checkup.findings()
    assert all(finding.is_fine and not finding.advice for finding in findings)


def test_a_picture_without_a_row_is_missing():
    image = embedded()
    image.embeddings.all().delete()
    assert (found("missing").value, found("missing").is_fine) == (1, False)
    assert "embed --missing" in found("missing").advice


def test_a_replaced_picture_is_stale():
    Embedding.objects.filter(image=embedded()).update(checksum="0" * 64)
    assert found("stale").value == 1


def test_a_ready_picture_without_a_vector_is_noticed():
    embedded().search_vectors.all().delete()
    assert found("without_vector").value == 1


def test_a_vector_without_style_is_noticed():
    embedded().style_vectors.all().delete()
    assert (found("without_style").value, found("without_style").is_fine) == (1, False)


def test_failed_pictures_are_counted():
    Embedding.objects.filter(image=embedded()).update(state="failed")
    assert found("failed").value == 1


def test_features_of_weights_that_no_longer_count_can_be_cleaned_away():
    old = Backbone.objects.create(weights_sha256="0" * 64, input_height=80, input_width=60)
    Embedding.objects.create(image=embedded(), backbone=old)
    finding = found("orphaned_embeddings")
    assert (finding.value, finding.is_fine) == (1, True)
    assert "`manage.py similarity_check --clean`" in finding.advice


def test_vectors_of_a_model_that_no_longer_answers_can_be_cleaned_away():
    image = embedded()
    backbone = EmbeddingModel.active().backbone
    old = EmbeddingModel.objects.create(backbone=backbone, dimensions=2)
    EmbeddingModel.objects.create(backbone=backbone, dimensions=2)
    SearchVector.objects.create(model=old, image=image, product=image.product, vector=[1, 0])
    finding = found("orphaned_vectors")
    assert (finding.value, finding.is_fine) == (1, True)
    assert "`manage.py similarity_check --clean`" in finding.advice


@pytest.mark.django_db(transaction=True)
def test_dead_rows_are_to_be_vacuumed(monkeypatch):
    monkeypatch.setattr(checkup, "DEAD_MIN", 5)
    model = switch.register_configured()
    embedded()
    with connection.cursor() as cursor:
        for _ in range(5):
            StyleVector.objects.update(model=model)
        cursor.execute("SELECT pg_stat_force_next_flush()")
        finding = found("dead_tuples_share")
        assert not finding.is_fine
        assert "similarity_stylevector" in finding.advice
        cursor.execute(finding.advice.split("`")[1])
        cursor.execute("SELECT pg_stat_force_next_flush()")
    assert found("dead_tuples_share").is_fine


def test_an_old_pgvector_is_told_of(monkeypatch):
    monkeypatch.setattr(checkup, "PGVECTOR_MIN", (99,))
    assert not found("pgvector_new_enough").is_fine
    assert "`ALTER EXTENSION vector UPDATE`" in found("pgvector_new_enough").advice


def test_the_command_ends_with_1_and_says_what_to_do(capsys):
    embedded().embeddings.all().delete()
    with pytest.raises(SystemExit) as ended:
        call_command("similarity_check")
    assert ended.value.code == 1
    assert "!!  missing" in capsys.readouterr().out


def test_the_command_prints_json(capsys):
    embedded()
    call_command("similarity_check", "--json")
    answer = json.loads(capsys.readouterr().out)
    assert answer["missing"] == {"name": "missing", "value": 0, "is_fine": True, "advice": ""}
    assert answer["index_ready"]["is_fine"] is True
