"""What `manage.py similarity_check` finds, and says of it."""

import json

import pytest
from django.core.management import call_command

from similarity import checkup
from similarity.models import Embedding, EmbeddingModel, SearchVector
from tests.factories import make_embedding, make_image, make_product

pytestmark = pytest.mark.django_db


def found(name: str) -> checkup.Finding:
    return {finding.name: finding for finding in checkup.findings()}[name]


def embedded():
    image = make_image(make_product())
    make_embedding(image, 1.0)
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


def test_failed_pictures_are_counted():
    Embedding.objects.filter(image=embedded()).update(state="failed")
    assert found("failed").value == 1


def test_vectors_of_a_model_that_no_longer_answers_are_orphaned():
    image = embedded()
    backbone = EmbeddingModel.active().backbone
    old = EmbeddingModel.objects.create(backbone=backbone, dimensions=2)
    EmbeddingModel.objects.create(backbone=backbone, dimensions=2)
    SearchVector.objects.create(model=old, image=image, product=image.product, vector=[1, 0])
    assert found("orphaned_vectors").value == 1


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
