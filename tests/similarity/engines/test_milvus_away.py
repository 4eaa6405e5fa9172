"""A Milvus that is not there costs a shopper a moment, never an answer."""

import socket
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from similarity import checkup, neighbours, tasks
from similarity.engines import copies, milvus
from similarity.models import EmbeddingModel
from tests.factories import make_embedding, make_image, make_product
from tests.workers import wait_until

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def port(settings, monkeypatch):
    """Where Milvus should be, and nobody answers."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    settings.VECTOR_ENGINE_URL = f"http://127.0.0.1:{port}"
    monkeypatch.setattr(milvus, "_away_until", 0.0)
    milvus._has.cache_clear()
    milvus._connect.cache_clear()
    yield port
    milvus._has.cache_clear()


def two_alike():
    shirt, other = make_product(), make_product()
    make_embedding(make_image(shirt), 1.0)
    make_embedding(make_image(other), 1.0, 0.1)
    return shirt, other


def test_postgresql_answers_instead(caplog):
    shirt, other = two_alike()
    assert [found.product for found in neighbours.of_product(shirt)] == [other]
    assert "PostgreSQL answers instead" in caplog.text


def test_it_is_not_tried_again_for_a_while(monkeypatch):
    shirt, _other = two_alike()
    neighbours.of_product(shirt)
    monkeypatch.setattr(milvus, "_connect", lambda url: pytest.fail("tried again"))
    assert len(neighbours.of_product(shirt)) == 1


def test_what_is_embedded_meanwhile_is_kept(django_capture_on_commit_callbacks):
    image = make_image(make_product())
    make_embedding(image, 1.0)
    with django_capture_on_commit_callbacks(execute=True):
        copies.copy_on_commit(EmbeddingModel.active(), [image.pk])
    assert image.search_vectors.count() == 1


def test_the_worker_goes_on(caplog):
    tasks.copy_vectors()
    assert "The next walk makes it good" in caplog.text


def test_the_check_says_so():
    two_alike()
    (finding,) = checkup._milvus(EmbeddingModel.active())
    assert (finding.name, finding.is_fine) == ("milvus_complete", False)
    assert "PostgreSQL answers alone" in finding.advice


def test_a_new_model_does_not_wait_for_it():
    assert copies.is_complete(EmbeddingModel.active())


def test_any_vector_can_ask():
    two_alike()
    model = EmbeddingModel.active()
    assert len(neighbours.nearest(np.eye(1, model.dimensions, dtype=np.float32)[0], model)) == 2


def is_listening(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def test_a_milvus_that_is_killed_is_missed_by_nobody(port, tmp_path, monkeypatch):
    shirt, other = two_alike()
    command = [Path(sys.executable).with_name("milvus-lite"), "server", "--data-dir", tmp_path / "milvus"]
    server = subprocess.Popen([*command, "--host", "127.0.0.1", "--port", str(port)])
    asked = []
    nearest = milvus._nearest_keys
    monkeypatch.setattr(milvus, "_nearest_keys", lambda *question: asked.append(1) or nearest(*question))
    monkeypatch.setattr(milvus, "FEW", -10)  # two products are few, indeed
    monkeypatch.setattr(milvus, "_vectors", lambda question: 2)
    monkeypatch.setattr(milvus, "TIMEOUT_S", 20)  # a busy machine starts it slowly
    try:
        wait_until(lambda: is_listening(port), 60)
        assert copies.keep_in_step([EmbeddingModel.active()], 30)
        found = neighbours.of_product(shirt, limit=1)
        assert [one.product for one in found] == [other]
        assert len(asked) == 1
        server.kill()
        server.wait(10)
        monkeypatch.setattr(milvus, "TIMEOUT_S", 2)
        assert neighbours.of_product(shirt, limit=1) == found
        asked.clear()
        assert neighbours.of_product(shirt, limit=1) == found
        assert asked == []
    finally:
        server.kill()
        server.wait(10)
