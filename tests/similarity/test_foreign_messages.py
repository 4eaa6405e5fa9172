"""Messages that are not ours, in the worker's own queue: nothing of them is carried out."""

import os
from pathlib import Path

import pytest

from shop.celery import app
from similarity.models import Embedding
from tests.factories import make_image, make_product
from tests.workers import celery_worker, wait_until

pytestmark = pytest.mark.django_db(transaction=True)


class Touch:
    """Makes a file when it is unpickled."""

    def __init__(self, path: Path):
        self.path = path

    def __reduce__(self):
        return os.mknod, (str(self.path),)


def send(body: bytes, kind: str, task: str = "similarity.tasks.sweep") -> None:
    with app.connection_for_write() as connection, connection.Producer() as producer:
        producer.publish(
            body,
            routing_key="embed",
            exchange="embed",
            content_type=kind,
            content_encoding="binary",
            headers={"task": task, "id": "foreign", "lang": "py"},
        )


def test_neither_objects_nor_unknown_tasks_are_carried_out_and_the_worker_goes_on(tmp_path):
    import pickle

    touched = tmp_path / "touched"
    # Without weights the worker starts at once; that a sweep came through shows that it goes on.
    with celery_worker("embed", "foreign", EMBEDDER_WEIGHTS="/nowhere.weights.h5") as worker:
        send(pickle.dumps(((Touch(touched),), {}, {})), "application/x-python-serialize")
        send(b"cos\nsystem\n(S'true'\ntR.", "application/x-python-serialize")
        send(b"[[], {}, {}]", "application/json", task="os.system")
        send(b"no json at all", "application/json")
        image = make_image(make_product())
        Embedding.objects.all().delete()  # only a sweep finds that picture now
        app.send_task("similarity.tasks.sweep")
        wait_until(lambda: Embedding.objects.filter(image=image).exists(), seconds=30)
        assert worker.poll() is None
    assert not touched.exists()
