"""Real Celery workers for tests: processes of their own, on the database and the broker of the test run."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

from django.conf import settings
from django.db import connection
from django.utils import timezone

from similarity.models import Worker

ROOT = Path(__file__).parent.parent


def test_database_url() -> str:
    """DATABASE_URL with the name of the test database, which this process alone knows."""
    parts = urlsplit(os.environ["DATABASE_URL"])
    return urlunsplit(parts._replace(path=f"/{connection.settings_dict['NAME']}"))


def environment(**more: str) -> dict[str, str]:
    """The environment of a process that works on what the test works on."""
    return {
        **os.environ,
        "DATABASE_URL": test_database_url(),
        "MEDIA_ROOT": str(settings.MEDIA_ROOT),
        "PYTHONPATH": str(ROOT),
        **more,
    }


@contextmanager
def celery_worker(queue: str, name: str = "test", **more: str) -> Iterator[subprocess.Popen]:
    """A worker for `queue`, ready when the block begins and stopped when it ends."""
    command = [
        sys.executable,
        "-m",
        "celery",
        "-A",
        "shop",
        "worker",
        "-Q",
        queue,
        "-P",
        "solo",
        "-l",
        "WARNING",
    ]
    command += ["-n", f"{queue}-{name}@test", "--without-mingle", "--without-gossip", "--without-heartbeat"]
    started = timezone.now()
    process = subprocess.Popen(command, cwd=ROOT, env=environment(**more), start_new_session=True)
    try:
        wait_until(
            lambda: Worker.objects.filter(name=f"{queue}-{name}@test", seen_at__gt=started).exists(),
            seconds=60,
        )
        yield process
    finally:
        if process.poll() is None:
            process.terminate()
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()


def wait_until(happened: Callable[[], bool], seconds: float = 60) -> None:
    """Return as soon as `happened()` is true; fail the test after `seconds`."""
    end = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < end, f"did not happen within {seconds} s"
        time.sleep(0.05)
