"""How a saved picture reaches the workers, and that saving never depends on them."""

import subprocess
import sys

import pytest
from django.core.management import call_command
from django.db import transaction

from shop.celery import app
from similarity import pending
from similarity.models import Embedding
from tests.factories import make_image, make_product
from tests.workers import environment


class Stop(Exception):
    pass


@transaction.atomic
def save_and_stop() -> None:
    make_image(make_product())
    raise Stop


def queued() -> int:
    with app.connection_for_read() as connection:
        return connection.default_channel.client.llen("embed")


@pytest.fixture(autouse=True)
def empty_queue():
    with app.connection_for_write() as connection:
        connection.default_channel.client.delete("embed")


@pytest.mark.django_db(transaction=True)
def test_a_saved_picture_is_told_after_the_commit():
    with transaction.atomic():
        make_image(make_product())
        assert queued() == 0
    assert queued() == 1


@pytest.mark.django_db(transaction=True)
def test_many_pictures_of_one_transaction_are_told_once():
    with transaction.atomic():
        for _ in range(5):
            make_image(make_product())
    assert queued() == 1


@pytest.mark.django_db(transaction=True)
def test_a_rollback_leaves_no_row_and_tells_nobody():
    with pytest.raises(Stop):
        save_and_stop()
    assert not Embedding.objects.exists()
    assert queued() == 0


@pytest.mark.django_db(transaction=True)
def test_with_a_dead_broker_saving_works_and_is_quick():
    code = """if True:
        import django, time
        django.setup()
        from tests.factories import make_image, make_product
        product = make_product()
        started = time.monotonic()
        make_image(product)
        print(time.monotonic() - started)
    """
    nobody_listens = environment(REDIS_URL="redis://127.0.0.1:1", DJANGO_SETTINGS_MODULE="shop.settings")
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, env=nobody_listens, capture_output=True, text=True, check=True)
    assert float(done.stdout) < 3  # measured 0.4 s; 19 s with Celery's defaults
    assert Embedding.objects.get().state == Embedding.State.PENDING
    assert "could not be told of new work" in done.stderr


@pytest.mark.django_db(transaction=True)
def test_a_fixture_is_left_to_the_sweep(tmp_path):
    make_image(make_product())
    call_command("dumpdata", "catalog", output=tmp_path / "catalogue.json")
    Embedding.objects.all().delete()
    call_command("flush", interactive=False, verbosity=0)
    call_command("loaddata", tmp_path / "catalogue.json", verbosity=0)
    assert not Embedding.objects.exists()
    assert pending.enqueue() == 1
