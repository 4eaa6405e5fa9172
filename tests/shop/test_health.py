"""Whether the process lives and whether it can serve; what happens in an outage is in test_outage."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from similarity.models import EmbeddingModel, Worker


def test_a_process_lives_without_asking_anything_else():
    answer = Client().get("/healthz")  # without the mark for the database, a query would fail
    assert (answer.status_code, answer.content) == (200, b"ok")


@pytest.mark.django_db
def test_the_shop_is_ready_with_everything_at_hand():
    Worker.report("embed@a", "embed")
    Worker.report("photo@a", "photo")
    answer = Client().get("/readyz")
    assert answer.status_code == 200
    assert answer.json() == {"database": "ok", "model": "ok", "broker": "ok", "workers": "ok"}
    assert "no-store" in answer["Cache-Control"]


@pytest.mark.django_db
def test_missing_workers_are_named_but_do_not_stop_the_shop():
    Worker.report("embed@a", "embed")
    Worker.objects.create(name="photo@a", queue="photo", seen_at=timezone.now() - timedelta(minutes=2))
    answer = Client().get("/readyz")
    assert answer.status_code == 200
    assert answer.json()["workers"] == "none for photo"


@pytest.mark.django_db
def test_a_missing_broker_does_not_stop_the_shop(settings):
    settings.CACHES = {"default": {**settings.CACHES["default"], "LOCATION": "redis://127.0.0.1:1"}}
    answer = Client().get("/readyz")
    assert answer.status_code == 200
    assert answer.json()["broker"] == "not reachable"


@pytest.mark.django_db
def test_a_missing_model_does_not_stop_the_shop():
    EmbeddingModel.objects.update(is_active=False)
    answer = Client().get("/readyz")
    assert answer.status_code == 200
    assert answer.json()["model"] == "none is active"
