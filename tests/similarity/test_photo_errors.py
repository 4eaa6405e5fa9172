"""An error while a photo is computed: the shopper is told, and the log says why, without the photo."""

import base64
import io
import json

import pytest
import redis
from django.conf import settings

from shop.services.urls import client_url
from similarity import photo
from similarity.models import EmbeddingModel
from similarity.photo import PhotoUnavailable
from tests.factories import picture_bytes
from tests.workers import celery_worker

pytestmark = pytest.mark.django_db(transaction=True)


def test_an_error_is_told_as_unavailable_and_logged_without_the_photo(capfd):
    EmbeddingModel.objects.update(projection=b"no projection")  # whoever reads it fails
    content = picture_bytes("maroon", (300, 400))
    with redis.Redis.from_url(client_url(settings.REDIS_URL, settings.REDIS_DATABASE)) as broker:
        broker.delete("photo")
        with celery_worker("photo", "errors", LOG_FORMAT="json", LOG_LEVEL="DEBUG"):
            with pytest.raises(PhotoUnavailable, match="The photo worker failed"):
                photo.query(io.BytesIO(content))
            keys = broker.keys("photo:*") + broker.keys("celery-task-meta-*")
        assert keys == []
    log = capfd.readouterr().err
    errors = [json.loads(line) for line in log.splitlines() if line.startswith("{") and '"error"' in line]
    assert any("Traceback" in error.get("exception", "") for error in errors)
    for trace in (content[100:140], base64.b64encode(content[99:150]), repr(content[100:140])[2:-1].encode()):
        assert trace not in log.encode()
