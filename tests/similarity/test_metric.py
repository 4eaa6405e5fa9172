"""Cosine and Euclidean distance, in the API and in the command."""

import json
import math

import numpy as np
import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from similarity import neighbours
from similarity.metric import COSINE, EUCLIDEAN, distance
from similarity.models import EmbeddingModel, SearchVector
from similarity.vectors import binary_cursor, normalise, to_halfvec
from tests.factories import make_embedding, make_image, make_product

pytestmark = pytest.mark.django_db


def ranked_by(operator: str, vector: np.ndarray, model: EmbeddingModel) -> list[tuple[int, float]]:
    """Products by pgvector's own `<=>` or `<->`, over every vector."""
    with binary_cursor() as cursor:
        cursor.execute(
            f"SELECT product_id, v.vector::halfvec(256) {operator} %s AS distance "  # noqa: S608
            "FROM similarity_searchvector v WHERE model_id = %s ORDER BY distance, product_id",
            [to_halfvec(vector), model.pk],
        )
        return cursor.fetchall()


def test_both_metrics_rank_unit_vectors_alike_and_as_we_do():
    rng = np.random.default_rng(0)
    model = EmbeddingModel.active()
    vectors = normalise(rng.normal(size=(40, model.dimensions)).astype(np.float32))
    for vector in vectors:
        image = make_image(make_product())
        SearchVector.objects.create(model=model, image=image, product=image.product, vector=vector.tolist())
    asked = normalise(rng.normal(size=model.dimensions).astype(np.float32))
    by_cosine, by_euclid = (ranked_by(operator, asked, model) for operator in ("<=>", "<->"))
    assert [product for product, _ in by_cosine] == [product for product, _ in by_euclid]
    ours = neighbours.nearest(asked, model, limit=40)
    assert [each.product.pk for each in ours] == [product for product, _ in by_euclid]
    for each, (_, euclidean) in zip(ours, by_euclid, strict=True):
        assert distance(each.similarity, EUCLIDEAN) == pytest.approx(euclidean, abs=2e-3)
        assert distance(each.similarity, COSINE) == pytest.approx(euclidean**2 / 2, abs=2e-3)


def test_rounding_beyond_one_is_no_distance_below_zero():
    assert distance(1.0001, COSINE) == distance(1.0001, EUCLIDEAN) == 0


@pytest.fixture
def coat():
    coat = make_product(sku="COAT")
    make_embedding(make_image(coat), 1, 0)
    for number in range(1, 4):
        make_embedding(
            make_image(make_product(sku=f"C-{number}")), math.cos(number / 10), math.sin(number / 10)
        )
    return coat


def test_the_command_lists_the_same_products_in_either_metric(coat, capsys):
    found = {}
    for metric in (COSINE, EUCLIDEAN):
        call_command("similar", "COAT", metric=metric, json=True)
        found[metric] = json.loads(capsys.readouterr().out)
    assert (
        [row["sku"] for row in found[COSINE]]
        == [row["sku"] for row in found[EUCLIDEAN]]
        == ["C-1", "C-2", "C-3"]
    )
    assert found[COSINE][0]["distance"] == pytest.approx(1 - math.cos(0.1), abs=1e-3)
    assert found[EUCLIDEAN][0]["distance"] == pytest.approx(2 * math.sin(0.05), abs=1e-3)


def test_the_api_ranks_alike_in_either_metric(coat, client: Client):
    address = f"/api/products/{coat.slug}/similar/"
    answers = [client.get(address, {"metric": metric}).json()["results"] for metric in (COSINE, EUCLIDEAN)]
    assert [row["sku"] for row in answers[0]] == [row["sku"] for row in answers[1]] == ["C-1", "C-2", "C-3"]


def test_the_command_says_when_there_is_no_such_product():
    with pytest.raises(CommandError, match="no product with the SKU NONE"):
        call_command("similar", "NONE")
