"""Which model answers, when the next one takes over, and what becomes of the last one."""

import json
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from django.core.management import CommandError, call_command
from django.db import connections
from django.test import Client

from similarity import pending, style, switch, weights
from similarity.bands import Band, Calibration, Curve
from similarity.models import Backbone, Embedding, EmbeddingModel, Run, SearchVector
from similarity.photo import PhotoQuery
from tests.factories import make_embedding, make_image, make_product
from tests.pages import text

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
    """Have every pending row of `backbone` written: what came last is most like the first."""
    while rows := pending.claim(backbone, "test", 32):
        features = np.zeros((len(rows), 2048), np.float32)
        features[:, 0], features[:, 1] = 1, -np.arange(len(rows)) % len(rows)
        pending.write(backbone, rows, features / np.linalg.norm(features, axis=1, keepdims=True))


def test_a_fresh_database_has_the_bundled_model():
    model = EmbeddingModel.active()
    assert model.backbone.weights_sha256 == weights.read("fashion").sha256
    assert (model.backbone.input_height, model.backbone.input_width) == (80, 60)
    assert (model.refinement, model.dimensions) == ("shipped", 256)


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


@pytest.mark.django_db(transaction=True)
def test_during_switches_no_request_fails_and_each_is_answered_by_one_model(other_weights, settings):
    switch.register(weights.read("fashion"))
    products = [make_product() for _ in range(5)]
    for step, product in enumerate(products):
        make_embedding(make_image(product), 1, step)
    new = switch.register_configured()
    pending.enqueue()
    embed_for(new.backbone)
    for model in EmbeddingModel.objects.all():  # to each one similarities mean something else
        curve = Curve([(0, 0.1), (1, 0.2 if model == new else 0.9)], dict.fromkeys(Band, 0))
        model.calibration = Calibration(curve, None, [], 1, 1, 1).as_json()
        model.save()
    token = PhotoQuery(EmbeddingModel.active().pk, np.eye(1, 256, dtype=np.float32)[0]).to_token()
    page, product = products[0].get_absolute_url(), products[0].slug
    paths = [page, f"/api/products/{product}/similar/", f"/search/photo/results/?photo={token}"]
    both = [settings.EMBEDDER_WEIGHTS, "fashion"]

    def answer(path: str) -> tuple[int, str]:
        response = Client().get(path)
        return response.status_code, text(response)

    def take_over(name: str) -> None:
        settings.EMBEDDER_WEIGHTS = name
        assert switch.activate_when_complete()

    right: dict[str, set] = {path: set() for path in paths}
    for name in both:
        take_over(name)
        for path in paths:
            right[path].add(answer(path))
    assert [len(answers) for answers in right.values()] == [2, 2, 2]

    def ask_on(path: str) -> set[tuple[int, str]]:
        answers = set()
        try:
            while not is_over.is_set():
                answers.add(answer(path))
        finally:
            connections.close_all()
        return answers

    is_over = threading.Event()
    with ThreadPoolExecutor(len(paths)) as shoppers:
        asked = {path: shoppers.submit(ask_on, path) for path in paths}
        try:
            for name in 5 * both:
                take_over(name)
                time.sleep(0.1)
        finally:
            is_over.set()
    assert {path: answers.result() for path, answers in asked.items()} == right


class TestClean:
    """`manage.py similarity_check --clean` deletes what models that no longer answer have left."""

    @pytest.fixture
    def old(self) -> EmbeddingModel:
        """The bundled model, with a picture embedded."""
        make_embedding(make_image(make_product()), 1.0)
        style.refresh(EmbeddingModel.active())
        return EmbeddingModel.active()

    @pytest.fixture
    def new(self, old, other_weights) -> EmbeddingModel:
        """That of other weights, as complete as the old one."""
        new = switch.register_configured()
        pending.enqueue()
        embed_for(new.backbone)
        return new

    def clean(self) -> None:
        call_command("similarity_check", "--clean")

    def test_nothing_is_left_of_old_weights(self, old, new):
        run = Run.objects.create(kind=Run.Kind.EVALUATE, state=Run.State.DONE, report={"model": str(old)})
        switch.activate_when_complete()
        self.clean()
        assert EmbeddingModel.objects.get() == new
        assert Backbone.objects.get() == new.backbone
        assert Embedding.objects.get().backbone == new.backbone
        assert SearchVector.objects.get().model == new
        assert Run.objects.get() == run

    def test_of_a_superseded_refinement_the_features_stay(self, old):
        new = EmbeddingModel.objects.create(backbone=old.backbone)
        switch.activate_when_complete()
        self.clean()
        assert SearchVector.objects.get().model == new
        assert Embedding.objects.get().backbone == old.backbone

    def test_what_is_being_built_stays_beside_what_answers(self, old, new):
        self.clean()
        assert set(SearchVector.objects.values_list("model", flat=True)) == {old.pk, new.pk}
        assert Embedding.objects.count() == 2

    def test_while_the_configured_weights_cannot_be_read_nothing_is_deleted(self, old, new, settings):
        settings.EMBEDDER_WEIGHTS = "/nowhere/none.weights.h5"
        with pytest.raises(CommandError, match="Nothing is deleted"):
            self.clean()
        assert EmbeddingModel.objects.count() == 2

    def test_it_says_what_was_deleted(self, old, new, capsys):
        switch.activate_when_complete()
        self.clean()
        assert "Deleted 1 similarity.SearchVector." in capsys.readouterr().err
