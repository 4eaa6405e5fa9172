"""Search by a shopper's photo.

The web process never computes: it checks the header, lays the bytes into Redis for a few seconds, and waits
for the photo worker's vector. The pixels are gone as soon as the worker has taken them; what stays is the
vector, in a signed token that the shopper's own address bar holds. For another piece of the same photo the
browser gives back the small picture it got (`similarity.piece`).
"""

import base64
import hashlib
import io
import secrets
import threading
import time
from dataclasses import dataclass, replace
from functools import cached_property
from typing import IO, Any

import numpy as np
import redis
from celery.exceptions import TimeoutError as CeleryTimeoutError
from django.conf import settings
from django.core import signing
from django.db.models import Q
from django.utils.translation import get_language, gettext_lazy
from kombu.exceptions import OperationalError
from PIL import Image

from catalog.images import ImageRefused, open_picture, read_source, upright_rgb
from catalog.models import ProductImage
from shop.services.urls import client_url
from similarity import embedding, neighbours, piece, switch
from similarity.models import EmbeddingModel
from similarity.piece import WHOLE, Box
from similarity.preprocess import letterbox
from similarity.refinement import search_vectors
from similarity.vectors import binary_cursor, to_array

TOKEN_MAX_AGE_S = 3600
# Each photo that is waited for holds a thread of the web process: some must stay for those who only look.
_places = threading.BoundedSemaphore(settings.PHOTO_WAITING_MAX)
SALT = "similarity.photo"


class PhotoUnavailable(Exception):
    """No answer within the bound: no worker, no broker, or too many photos waiting. Try again later."""

    retry_after_s = 10
    code = "unavailable"
    sentence = gettext_lazy("Photo search is busy or resting.")


class PhotoBusy(PhotoUnavailable):
    """Too many photos are waiting already."""

    code = "busy"
    sentence = gettext_lazy("Many photos are waiting just now.")


@dataclass(frozen=True)
class PhotoQuery:
    """A photo as the search sees it: its unit vector (d,) in the space of one model.

    `photo_id` is the same for all pieces of one photo. `picture` is its small picture, known only right after
    the photo came in.
    """

    model_id: int
    vector: np.ndarray
    photo_id: str = ""
    box: Box = WHOLE
    picture: bytes = b""

    def to_token(self) -> str:
        """Signed, URL-safe: 256 dimensions take some 750 characters."""
        raw = np.asarray(self.vector, np.float16).tobytes()
        box = [] if self.box.is_whole else list(self.box.fields.values())
        text = base64.urlsafe_b64encode(raw).decode()
        return signing.dumps([self.model_id, text, self.photo_id, box], salt=SALT)

    @classmethod
    def from_token(cls, token: str) -> "PhotoQuery | None":
        """None when the token is forged, older than an hour, or of a model that no longer answers."""
        try:
            model_id, text, photo_id, box = signing.loads(token, salt=SALT, max_age=TOKEN_MAX_AGE_S)
        except (signing.BadSignature, ValueError):  # ValueError: one of an older version of the shop
            return None
        model = EmbeddingModel.active()
        if model is None or model.pk != model_id:
            return None
        vector = np.frombuffer(base64.urlsafe_b64decode(text), np.float16).astype(np.float32)
        return cls(model_id, vector, photo_id, Box(*box))

    @cached_property
    def model(self) -> EmbeddingModel | None:
        """The vector's own, though another may have taken over since: what was begun ends in one space."""
        active = EmbeddingModel.active()
        if active and active.pk == self.model_id:
            return active
        return EmbeddingModel.objects.defer("projection").filter(pk=self.model_id).first()

    def nearest(self, **options: Any) -> list[neighbours.Neighbour]:
        """`neighbours.nearest` to this photo, by the cosine of looks alone (`Projection.apply`)."""
        if self.model is None:
            return []
        length = float(np.linalg.norm(self.vector))
        found = neighbours.nearest(self.vector, self.model, of_photo=True, **options)
        return [replace(each, similarity=min(each.similarity * length, 1.0)) for each in found]


def query(file: IO[bytes], box: Box = WHOLE) -> PhotoQuery:
    """The vector of that piece of a shopper's photo: of the catalogue, if it has that very file, or computed.

    Raises `ImageRefused` with a sentence for the shopper, or `PhotoUnavailable`.
    """
    content = read_source(file)
    open_picture(io.BytesIO(content))
    found = _known(content) if box.is_whole else None
    return replace(found or _ask_worker(content, box), photo_id=secrets.token_urlsafe(9))


def query_piece(token: str, box: Box) -> PhotoQuery | None:
    """The vector of another piece of a photo, by the token of its small picture; None when that has ended.

    Raises `PhotoUnavailable`.
    """
    opened = piece.unsign(token)
    if opened is None:
        return None
    photo_id, content = opened
    return replace(_ask_worker(content, box), photo_id=photo_id)


def _known(content: bytes) -> PhotoQuery | None:
    """The vector of a catalogue picture with these very bytes, as they were brought or as we serve them."""
    model = EmbeddingModel.active()
    checksum = hashlib.sha256(content).hexdigest()
    images = ProductImage.objects.filter(Q(checksum=checksum) | Q(source_checksum=checksum))
    by_id = {image.pk: image for image in images[:10]}
    if model is None or not by_id:
        return None
    with binary_cursor() as cursor:
        cursor.execute(
            "SELECT image_id, vector FROM similarity_searchvector"
            " WHERE model_id = %s AND image_id = ANY(%s) LIMIT 1",
            [model.pk, list(by_id)],
        )
        row = cursor.fetchone()
    if row is None:
        return None
    with by_id[row[0]].picture.open() as file:  # the stored one: never larger than a screen needs
        picture = piece.small(upright_rgb(open_picture(file), piece.SIDE_PX))
    refinement, vector = switch.projection(model.pk), to_array(row[1])
    asking = refinement.as_photos(vector[None])[0] if refinement else vector
    # In half precision, as tokens carry it: whoever asks again gets the same figures.
    return PhotoQuery(model.pk, asking.astype(np.float16).astype(np.float32), picture=picture)


def _redis() -> redis.Redis:
    url = client_url(settings.REDIS_URL, settings.REDIS_DATABASE)
    return redis.Redis.from_url(url, socket_connect_timeout=1, socket_timeout=2)


def _ask_worker(content: bytes, box: Box = WHOLE) -> PhotoQuery:
    if not _places.acquire(blocking=False):
        raise PhotoBusy("Too many photos are waiting.")
    try:
        return _wait_for_worker(content, box)
    finally:
        _places.release()


def _wait_for_worker(content: bytes, box: Box) -> PhotoQuery:
    from similarity.tasks import photo_query

    deadline = time.monotonic() + settings.PHOTO_TIMEOUT_S
    key = f"photo:{secrets.token_urlsafe(16)}"
    try:
        with _redis() as client:
            if client.llen("photo") >= settings.PHOTO_QUEUE_MAX:
                raise PhotoBusy("Too many photos are waiting.")
            client.set(key, content, ex=int(settings.PHOTO_TIMEOUT_S) + 1)
            try:
                result = photo_query.apply_async(
                    (key, list(box.fields.values()), get_language()), expires=settings.PHOTO_TIMEOUT_S
                )
                answer = result.get(
                    timeout=max(deadline - time.monotonic(), 0.1), interval=0.02, propagate=False
                )
                result.forget()  # it holds the small picture; one that comes too late ends by itself
            finally:
                client.delete(key)
    except (CeleryTimeoutError, OperationalError, redis.RedisError, OSError) as error:
        raise PhotoUnavailable(f"The photo worker did not answer: {error}") from error
    if isinstance(answer, Exception):  # it came too late, or went wrong; the worker has said why
        raise PhotoUnavailable(f"The photo worker failed: {answer!r}")
    if "refused" in answer:
        raise ImageRefused(answer["refused"], code=answer["code"])
    if "unavailable" in answer:
        raise PhotoUnavailable(answer["unavailable"])
    vector = np.frombuffer(base64.b64decode(answer["vector"]), np.float16).astype(np.float32)
    return PhotoQuery(answer["model"], vector, box=box, picture=base64.b64decode(answer["picture"]))


def answer(key: str, box: Box) -> dict[str, Any]:
    """Worker side: vector and small picture of the photo under `key`, or in a word why there are none.

    A refusal is worded in the language that is active.
    """
    from similarity.weights import WeightsError

    with _redis() as client:
        content = client.getdel(key)
    model = EmbeddingModel.active()
    if content is None or model is None:
        return {"unavailable": "The photo had expired." if content is None else "There is no model yet."}
    try:
        vector, picture = looked_at(content, box, model)
    except ImageRefused as error:
        return {"refused": " ".join(error.messages), "code": error.code}
    except WeightsError as error:
        return {"unavailable": str(error)}
    return {
        "model": model.pk,
        "vector": base64.b64encode(vector.astype(np.float16).tobytes()).decode(),
        "picture": base64.b64encode(picture).decode(),
    }


def looked_at(content: bytes, box: Box, model: EmbeddingModel) -> tuple[np.ndarray, bytes]:
    """The vector (d,) of that piece of a photo, and its small picture.

    Raises `ImageRefused` or `WeightsError`.
    """
    height, width = model.backbone.input_height, model.backbone.input_width
    picture = decoded(content, height, width)
    if box.is_whole:
        features = embedding.of_all_looks(embedding.features_of_looks([picture], model.backbone))
    else:  # a piece is chosen as close as it should be
        seen = letterbox(box.cut(picture), height, width)
        features = embedding.embedder_for(model.backbone).features(seen[None])
    vectors = search_vectors(switch.projection(model.pk), features, of_photos=True)
    return vectors[0], piece.small(picture)


def decoded(content: bytes, height: int, width: int) -> Image.Image:
    """A photo upright, no smaller than the network and the small picture need."""
    return upright_rgb(open_picture(io.BytesIO(content)), max(2 * max(height, width), piece.SIDE_PX))
