"""Whether the process lives and whether it can serve; what happens in an outage is in test_outage."""

import os
import time
from datetime import timedelta

import psycopg
import pytest
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client
from django.utils import timezone

from similarity.models import EmbeddingModel, Worker

committed = pytest.mark.django_db(transaction=True)  # what is asked for is read on another connection


def test_a_process_lives_without_asking_anything_else():
    answer = Client().get("/healthz")  # without the mark for the database, a query would fail
    assert (answer.status_code, answer.content) == (200, b"ok")


@committed
def test_the_shop_is_ready_with_everything_at_hand():
    Worker.report("embed@a", "embed")
    Worker.report("photo@a", "photo")
    answer = Client().get("/readyz")
    assert answer.status_code == 200
    assert answer.json() == dict.fromkeys(["database", "migrations", "model", "broker", "workers"], "ok")
    assert "no-store" in answer["Cache-Control"]


@committed
def test_missing_workers_are_named_but_do_not_stop_the_shop():
    Worker.report("embed@a", "embed")
    Worker.objects.create(name="photo@a", queue="photo", seen_at=timezone.now() - timedelta(minutes=2))
    answer = Client().get("/readyz")
    assert answer.status_code == 200
    assert answer.json()["workers"] == "none for photo"


@committed
def test_a_missing_broker_does_not_stop_the_shop(settings):
    settings.CACHES = {"default": {**settings.CACHES["default"], "LOCATION": "redis://127.0.0.1:1"}}
    answer = Client().get("/readyz")
    assert answer.status_code == 200
    assert answer.json()["broker"] == "no answer"


@committed
def test_a_missing_model_does_not_stop_the_shop():
    EmbeddingModel.objects.update(is_active=False)
    answer = Client().get("/readyz")
    assert answer.status_code == 200
    assert answer.json()["model"] == "none is active"


@committed
def test_without_its_tables_the_shop_is_not_ready():
    last = MigrationRecorder.Migration.objects.filter(app="catalog").last()
    last.delete()
    try:
        answer = Client().get("/readyz")
    finally:
        last.save(force_insert=True)
    assert answer.status_code == 503
    assert answer.json()["migrations"] == "1 to be applied"


@committed
def test_a_table_that_somebody_holds_is_not_waited_for():
    with psycopg.connect(os.environ["DATABASE_URL"], dbname=connection.settings_dict["NAME"]) as somebody:
        somebody.execute("LOCK TABLE similarity_worker")
        began = time.monotonic()
        answer = Client().get("/readyz")
    assert time.monotonic() - began < 1.5
    assert answer.status_code == 503
    assert answer.json()["database"] == "no answer"
