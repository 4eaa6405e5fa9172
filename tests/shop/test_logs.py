"""Logs: one line per request with its id, and nothing of what people sent."""

import json
import logging
import os
import subprocess
import sys
import uuid
from pathlib import Path

import pytest
import redis
import structlog
from django.conf import settings

from shop.services import client_url
from similarity.tasks import embed_pending

ROOT = Path(__file__).resolve().parents[2]
# Asks a page in a process of its own, because logging is set up once per process.
ASK = """
import logging, sys
import django
django.setup()
from django.test import Client
{more}
Client(SERVER_NAME="localhost").get("{path}", headers={{"authorization": "Bearer lk_secret-token"}})
"""


def logged(path: str, format: str = "json", more: str = "", **variables: str) -> list[str]:
    """The lines that a request leaves behind."""
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "shop.settings", "LOG_FORMAT": format, **variables}
    environment["STATIC_ROOT"] = str(ROOT / "static")  # WhiteNoise would warn of one that is not there
    script = ASK.format(path=path, more=more)
    ended = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60
    )
    return ended.stderr.splitlines()


def test_a_request_leaves_one_line_of_json_with_its_id():
    [line] = logged("/healthz")
    event = json.loads(line)
    assert event["event"] == "request_finished"
    assert event["request"] == "GET /healthz"
    assert event["code"] == 200
    assert len(event["request_id"]) == 36
    assert event["level"] == "info"


def test_for_people_the_same_is_a_plain_line():
    [line] = logged("/healthz", format="line")
    assert "request_finished" in line
    assert "GET /healthz" in line
    assert "\x1b" not in line


def test_a_line_of_plain_logging_carries_the_id_too():
    more = (
        "from shop import health\n"
        "from django.http import HttpResponse\n"
        "from django.urls import path\n"
        "import shop.urls\n"
        "def view(request):\n"
        "    logging.getLogger('similarity').warning('something of %s', 'note')\n"
        "    return HttpResponse()\n"
        "shop.urls.urlpatterns.insert(0, path('note', view))\n"
    )
    note, finished = (json.loads(line) for line in logged("/note", more=more))
    assert note["event"] == "something of note"
    assert note["request_id"] == finished["request_id"]


@pytest.mark.parametrize("format", ["json", "line"])
def test_neither_query_strings_nor_tokens_are_logged(format):
    lines = logged("/search/photo/results/?photo=a-photos-token&q=my-words", format=format, LOG_LEVEL="DEBUG")
    assert any("/search/photo/results/" in line for line in lines)
    for secret in ("a-photos-token", "my-words", "lk_secret-token", "127.0.0.1"):
        assert not any(secret in line for line in lines)


def test_an_error_is_logged_with_its_trace_but_without_values():
    more = (
        "from django.urls import path\n"
        "import shop.urls\n"
        "def view(request, photo='pixels of a shopper'):\n"
        "    raise RuntimeError('broken')\n"
        "shop.urls.urlpatterns.insert(0, path('broken', view))\n"
        "Client.check_exception = lambda self, response: None\n"
    )
    text = "\n".join(logged("/broken", more=more))
    assert "RuntimeError: broken" in text
    assert "pixels of a shopper" not in text


def test_the_level_is_a_setting():
    assert logged("/healthz", LOG_LEVEL="WARNING") == []


def test_what_a_task_returned_is_not_logged():
    assert not logging.getLogger("celery.app.trace").isEnabledFor(logging.INFO)


def test_a_task_carries_the_id_of_its_request():
    queue = f"test-{uuid.uuid4()}"
    with structlog.contextvars.bound_contextvars(request_id="the-id"):
        embed_pending.apply_async(queue=queue)
    with redis.Redis.from_url(client_url(settings.REDIS_URL, settings.REDIS_DATABASE)) as broker:
        [message] = broker.lrange(queue, 0, -1)
        broker.delete(queue)
        broker.srem("_kombu.binding.embed", f"{queue}\x06\x16\x06\x16{queue}")
    assert json.loads(message)["headers"]["__django_structlog__"]["request_id"] == "the-id"
