"""What `manage.py bench` prints, and that it leaves the shop alone."""

import json

import numpy as np
import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from catalog.models import Product
from similarity import switch
from similarity.bench import catalogue, imports, search
from similarity.models import Backbone, EmbeddingModel, SearchVector
from similarity.vectors import normalise
from tests.factories import make_embedding, make_image, make_product

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


@pytest.fixture
def shop(monkeypatch) -> EmbeddingModel:
    """Twelve embedded products, which is enough here."""
    monkeypatch.setattr(catalogue, "MIN_REAL", 10)
    monkeypatch.setattr(search, "QUERIES", 8)
    monkeypatch.setattr(search, "EXACT_QUERIES", 2)
    model = switch.register_configured()
    category = make_product().category
    for step in range(12):
        make_embedding(make_image(make_product(category=category)), 1, step, step % 3)
    return model


def figures(what: str, capsys, *options: str) -> dict:
    call_command("bench", what, *options, "--json")
    return json.loads(capsys.readouterr().out)


def test_search_prints_its_figures_and_leaves_the_shop_alone(shop, capsys):
    before = Product.objects.count(), SearchVector.objects.count(), connection.settings_dict["NAME"]
    found = figures("search", capsys, "--n", "300")
    assert found["n"] == 300
    assert found["recall_mean"] >= 0.9  # exact but for ties: grown from twelve, many are nearly alike
    assert {"p50_ms", "p95_ms", "recall_p5", "exact_p50_ms", "index_bytes"} <= found.keys()
    assert 0 < found["postgres_p50_ms"] < found["p50_ms"]
    assert found["filters"]["5.0%"]["fewest_results"] == 5
    assert (Product.objects.count(), SearchVector.objects.count()) == before[:2]
    assert connection.settings_dict["NAME"] == before[2]


def test_a_model_is_not_taken_for_the_shops_of_the_same_number(shop):
    with catalogue.own_database():
        EmbeddingModel.objects.create(pk=9999, backbone=Backbone.objects.get())
        assert switch.projection(9999) is None
    EmbeddingModel.objects.create(pk=9999, backbone=shop.backbone, projection=shop.projection)
    assert switch.projection(9999) is not None


def test_import_prints_its_figures(shop, capsys, monkeypatch):
    monkeypatch.setattr(imports, "PRICES", 100)
    monkeypatch.setattr(imports, "RUNS", 1)
    found = figures("import", capsys, "--n", "5")
    assert found["rows"] == 5
    assert {"rows_per_s", "again_rows_per_s", "price_update_ms", "price_update_ratio"} <= found.keys()


def test_pages_are_compared_with_the_same_pages_without_look_alikes(shop, capsys):
    found = figures("page", capsys, "--n", "100")
    assert {"page_p50_ms", "page_without_strip_p50_ms", "ratio", "bare_view_p50_ms"} <= found.keys()
    assert {"complements_p50_ms", "complements_p95_ms"} <= found.keys()


def test_an_empty_shop_is_refused_with_a_sentence(capsys):
    with pytest.raises(CommandError, match="The shop has 0 embedded pictures"):
        call_command("bench", "search", "--n", "100")


def test_grown_vectors_lie_near_real_ones_of_their_kind():
    rng = np.random.default_rng(0)
    vectors = normalise(rng.standard_normal((40, 64))).astype(np.float32)
    kinds = [np.arange(20)] * 20 + [np.arange(20, 40)] * 20
    chosen = rng.integers(40, size=200)
    grown = catalogue.between(vectors, chosen, kinds, rng)
    assert np.allclose(np.linalg.norm(grown, axis=1), 1, atol=1e-5)
    nearest = (grown @ vectors.T).argmax(axis=1)
    assert ((nearest < 20) == (chosen < 20)).mean() > 0.95
