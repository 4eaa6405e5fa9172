"""Refining, measuring and training on the demo catalogue itself: what a newcomer tries first."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from django.core.management import call_command

from catalog.demo import load
from catalog.demo.assortment import products
from catalog.demo.pool import picture_of
from similarity.embedding import embed_pending
from similarity.training.dataset import of_catalogue

# Not in one transaction: training is silent for longer than a session may idle in one.
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

PRODUCTS = 90


@pytest.fixture
def demo() -> None:
    """Some of the demo's products of all kinds, drawn, saved and embedded."""
    for product in load.mixed(products())[-PRODUCTS:]:
        load.save(replace(product, views=product.views[:1]), [picture_of(product.views[0])])
    embed_pending("test", 120)


def test_refine_evaluate_and_train_embedder_work_on_it(demo, tmp_path: Path, capsys):
    call_command("refine", json=True)
    refined = json.loads(capsys.readouterr().out)
    assert (refined["products"], refined["held_out"]) == (PRODUCTS, PRODUCTS // 10)
    assert {"articleType", "baseColour", "gender"} <= set(refined["attributes"])

    call_command("evaluate", json=True)
    measured = json.loads(capsys.readouterr().out)
    assert measured["queries"] == measured["photos"] == PRODUCTS
    # Of most kinds there are but two others to be found; by chance it were 0.03.
    assert measured["refined"]["articleType"] > 0.2
    assert measured["instance_recall_at_5"] > 0.5

    call_command("train_embedder", tmp_path, epochs=1, input=[32, 32])
    card = (tmp_path / "resnet50-fashion.md").read_text()
    assert len(of_catalogue(32, 32)) == PRODUCTS
    assert "this shop's catalogue" in card
