"""Search by a shopper's photo.

The web process never computes: it checks the header, lays the bytes into Redis for a few seconds, and waits
for the photo worker's vector. The pixels are gone as soon as the worker has taken them; what stays is the
vector, in a signed token that the shopper's own address bar holds.
"""

import base64
import hashlib
import io
import secrets
import time
from dataclasses import dataclass
from typing import IO, Any

import numpy as np
import redis
from celery.exceptions import TaskRevokedError
from celery.exceptions import TimeoutError as CeleryTimeoutError
from django.conf import settings
from django.core import signing
from django.db.models import Q
from kombu.exceptions import OperationalError

from catalog.images import ImageRefused, open_picture, read_source
from catalog.models import ProductImage
from shop.services.urls import client_url
from similarity import embedding, neighbours, switch
from similarity.models import EmbeddingModel
from similarity.preprocess import network_input
from similarity.vectors import binary_cursor, to_array

TOKEN_MAX_AGE_S = 3600
SALT = "similarity.photo"


class PhotoUnavailable(Exception):
    """No answer within the bound: no worker, no broker, or too many photos waiting. Try again later."""

    retry_after_s = 10


@dataclass(frozen=True)
class PhotoQuery:
    """A photo as the search sees it: its unit vector (d,) in the space of one model."""

    model_id: int
    vector: np.ndarray

    def to_token(self) -> str:
        """Signed, URL-safe: 256 dimensions take some 750 characters."""
        raw = np.asarray(self.vector, np.float16).tobytes()
        return signing.dumps([self.model_id, base64.urlsafe_b64encode(raw).decode()], salt=SALT)

    @classmethod
    def from_token(cls, token: str) -> "PhotoQuery | None":
        """None when the token is forged, older than an hour, or of a model that no longer answers."""
        try:
            model_id, text = signing.loads(token, salt=SALT, max_age=TOKEN_MAX_AGE_S)
        except signing.BadSignature:
            return None
        model = EmbeddingModel.active()
        if model is None or model.pk != model_id:
            return None
        return cls(model_id, np.frombuffer(base64.urlsafe_b64decode(text), np.float16).astype(np.float32))

    def nearest(self, **options: Any) -> list[neighbours.Neighbour]:
        """`neighbours.nearest` to this photo."""
        model = EmbeddingModel.active()
        return neighbours.nearest(self.vector, model, **options) if model else []


def query(file: IO[bytes]) -> PhotoQuery:
    """The vector of a shopper's photo, from the catalogue if it has that very file, else from the worker.

    Raises `ImageRefused` with a sentence for the shopper, or `PhotoUnavailable`.
    """
    content = read_source(file)
    open_picture(io.BytesIO(content))
    return _known(content) or _ask_worker(content)


def _known(content: bytes) -> PhotoQuery | None:
    """The vector of a catalogue picture with these very bytes, as they were brought or as we serve them."""
    model = EmbeddingModel.active()
    checksum = hashlib.sha256(content).hexdigest()
    images = ProductImage.objects.filter(Q(checksum=checksum) | Q(source_checksum=checksum))
    image_ids = list(images.values_list("pk", flat=True)[:10])
    if model is None or not image_ids:
        return None
    with binary_cursor() as cursor:
        cursor.execute(
            "SELECT vector FROM similarity_searchvector WHERE model_id = %s AND image_id = ANY(%s) LIMIT 1",
            [model.pk, image_ids],
        )
        row = cursor.fetchone()
    return PhotoQuery(model.pk, to_array(row[0])) if row else None


def _redis() -> redis.Redis:
    url = client_url(settings.REDIS_URL, 0)
    return redis.Redis.from_url(url, socket_connect_timeout=1, socket_timeout=2)


def _ask_worker(content: bytes) -> PhotoQuery:
    from similarity.tasks import photo_query

    deadline = time.monotonic() + settings.PHOTO_TIMEOUT_S
    key = f"photo:{secrets.token_urlsafe(16)}"
    try:
        with _redis() as client:
            if client.llen("photo") >= settings.PHOTO_QUEUE_MAX:
                raise PhotoUnavailable("Too many photos are waiting.")
            client.set(key, content, ex=int(settings.PHOTO_TIMEOUT_S) + 1)
            try:
                result = photo_query.apply_async((key,), expires=settings.PHOTO_TIMEOUT_S)
                answer = result.get(timeout=max(deadline - time.monotonic(), 0.1), interval=0.02)
            finally:
                client.delete(key)
    except (CeleryTimeoutError, TaskRevokedError, OperationalError, redis.RedisError, OSError) as error:
        raise PhotoUnavailable(f"The photo worker did not answer: {error}") from error
    if "refused" in answer:
        raise ImageRefused(answer["refused"], code=answer["code"])
    if "unavailable" in answer:
        raise PhotoUnavailable(answer["unavailable"])
    vector = np.frombuffer(base64.b64decode(answer["vector"]), np.float16).astype(np.float32)
    return PhotoQuery(answer["model"], vector)


def answer(key: str) -> dict[str, Any]:
    """Worker side: take the photo under `key` and give its vector, or in a word why there is none."""
    from similarity.weights import WeightsError

    with _redis() as client:
        content = client.getdel(key)
    model = EmbeddingModel.active()
    if content is None or model is None:
        return {"unavailable": "The photo had expired." if content is None else "There is no model yet."}
    backbone = model.backbone
    try:
        picture = network_input(io.BytesIO(content), backbone.input_height, backbone.input_width)
        features = embedding.embedder_for(backbone).features(picture[None])
    except ImageRefused as error:
        return {"refused": " ".join(error.messages), "code": error.code}
    except WeightsError as error:
        return {"unavailable": str(error)}
    refinement = switch.projection(model.pk)
    vector = refinement.apply(features)[0] if refinement else features[0]
    return {"model": model.pk, "vector": base64.b64encode(vector.astype(np.float16).tobytes()).decode()}
