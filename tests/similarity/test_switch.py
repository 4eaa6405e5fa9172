"""Which model answers, and when the next one takes over."""

import json
from pathlib import Path

import pytest

from similarity import pending, switch, weights
from similarity.models import Backbone, Embedding, EmbeddingModel, SearchVector
from tests.factories import make_embedding, make_image, make_product

pytestmark = pytest.mark.django_db


@pytest.fixture
def other_weights(tmp_path: Path, settings) -> weights.Weights:
    """Weights of another hash, configured in place of the bundled ones."""
    path = tmp_path / "mine.weights.h5"
    path.write_bytes(b"other weights")
    (tmp_path / "mine.json").write_text(json.dumps({"input": [96, 72]}))
    settings.EMBEDDER_WEIGHTS = str(path)
    return weights.read(str(path))


def embed_for(backbone: Backbone) -> None:
    """Have every pending row of `backbone` written."""
    import numpy as np

    while rows := pending.claim(backbone, "test", 32):
        features = np.zeros((len(rows), 2048), np.float32)
        features[:, 0] = 1
        pending.write(backbone, rows, features)


def test_a_fresh_database_has_the_bundled_model():
    model = EmbeddingModel.active()
    assert model.backbone.weights_sha256 == weights.read("fashion").sha256
    assert (model.backbone.input_height, model.backbone.input_width) == (80, 60)
    assert (model.refinement, model.dimensions) == ("pca", 256)


def test_registering_twice_makes_one_model():
    switch.register_configured()
    assert EmbeddingModel.objects.count() == 1


def test_new_weights_do_not_answer_before_every_picture_is_embedded(other_weights):
    old = EmbeddingModel.active()
    make_embedding(make_image(make_product()), 1.0)
    new = switch.register_configured()
    pending.enqueue()
    assert switch.activate_when_complete() is None
    assert EmbeddingModel.active() == old
    embed_for(new.backbone)
    assert switch.activate_when_complete() == new
    assert EmbeddingModel.active() == new


def test_the_old_vectors_stay_until_after_the_switch(other_weights):
    old = EmbeddingModel.active()
    image = make_image(make_product())
    make_embedding(image, 1.0)
    new = switch.register_configured()
    pending.enqueue()
    embed_for(new.backbone)
    assert set(SearchVector.objects.filter(image=image).values_list("model", flat=True)) == {old.pk, new.pk}


def test_a_failed_picture_does_not_hold_the_switch_up(other_weights):
    image = make_image(make_product())
    new = switch.register_configured()
    pending.enqueue()
    embed_for(Backbone.objects.exclude(pk=new.backbone_id).get())
    Embedding.objects.filter(image=image, backbone=new.backbone).update(state="failed")
    assert switch.activate_when_complete() == new


def test_while_a_model_is_built_new_pictures_are_embedded_for_both(other_weights):
    switch.register_configured()
    image = make_image(make_product())
    assert image.embeddings.count() == 2


def test_a_retired_backbone_is_not_embedded_for(other_weights):
    new = switch.register_configured()
    switch.activate_when_complete()
    assert EmbeddingModel.active() == new
    image = make_image(make_product())
    assert [row.backbone_id for row in image.embeddings.all()] == [new.backbone_id]


def test_going_back_to_the_old_weights_reuses_their_features(other_weights, settings):
    image = make_image(make_product())
    make_embedding(image, 1.0)
    old = EmbeddingModel.active()
    new = switch.register_configured()
    pending.enqueue()
    embed_for(new.backbone)
    switch.activate_when_complete()
    settings.EMBEDDER_WEIGHTS = "fashion"
    assert pending.enqueue() == 0
    assert switch.activate_when_complete() == old


def test_unreadable_weights_leave_the_model_that_answers_in_place(settings):
    settings.EMBEDDER_WEIGHTS = "/nowhere/none.weights.h5"
    assert switch.register_configured() is None
    assert switch.activate_when_complete() is None
    assert EmbeddingModel.active() is not None
