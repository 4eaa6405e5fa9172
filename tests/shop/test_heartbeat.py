"""Which worker hangs: by what it last said of itself, and by the rows of work that takes minutes."""

import os
import socket
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone
from psycopg.conninfo import make_conninfo

from shop.heartbeat import SILENT_S, hangs
from similarity import runs
from similarity.models import Run, Worker

pytestmark = pytest.mark.django_db(transaction=True)


def embed_worker_hangs() -> bool:
    return hangs(make_conninfo(os.environ["DATABASE_URL"], dbname=connection.settings_dict["NAME"]), "embed")


def long_ago():
    return timezone.now() - timedelta(seconds=SILENT_S + 60)


@pytest.fixture
def worker() -> Worker:
    """One that works on the first queue of this machine."""
    Worker.report(f"embed@{socket.gethostname()}", "embed")
    return Worker.objects.get()


def test_a_worker_that_was_silent_for_too_long_hangs(worker):
    assert not embed_worker_hangs()
    Worker.objects.update(seen_at=long_ago())
    assert embed_worker_hangs()


def test_work_that_takes_minutes_gives_signs_of_its_own(worker):
    Worker.objects.update(seen_at=long_ago())
    Run.objects.create(kind="refine", state="running", heartbeat_at=timezone.now())
    assert not embed_worker_hangs()
    Run.objects.update(heartbeat_at=long_ago())
    assert embed_worker_hangs()


def test_no_stage_of_a_run_is_silent_for_so_long():
    assert timedelta(seconds=SILENT_S) > runs.STALE


def test_workers_of_other_machines_and_new_ones_are_not_judged(worker):
    Worker.objects.update(name="embed@elsewhere", seen_at=long_ago())
    assert not embed_worker_hangs()


def test_nobody_hangs_because_the_database_is_away(worker):
    Worker.objects.update(seen_at=long_ago())
    assert not hangs("postgresql://nobody@127.0.0.1:1/none", "embed")
