"""What a shopper's photo costs: one decoding at a fraction, two looks by the network, one search."""

import base64
import io

import numpy as np
import pytest
from PIL import Image

from similarity import embedding, neighbours, photo
from similarity.models import EmbeddingModel
from similarity.piece import WHOLE, Box
from tests.factories import make_embedding, make_image, make_product, picture_bytes

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("tensorflow")]


@pytest.fixture
def seen(monkeypatch) -> dict[str, list]:
    """The sizes of the pictures that were decoded, and the shapes of what went into the network."""
    found: dict[str, list] = {"decoded": [], "network": []}
    embedder = embedding.embedder_for(EmbeddingModel.active().backbone)
    decode, compute = photo.upright_rgb, embedder.features

    def decoding(*arguments):
        picture = decode(*arguments)
        found["decoded"].append(picture.size)
        return picture

    def computing(pictures: np.ndarray) -> np.ndarray:
        found["network"].append(pictures.shape)
        return compute(pictures)

    monkeypatch.setattr(photo, "upright_rgb", decoding)
    monkeypatch.setattr(embedder, "features", computing)
    return found


def answer(content: bytes, box: Box = WHOLE) -> dict:
    """As the worker does it, in this process."""
    with photo._redis() as client:
        client.set("photo:cost", content, ex=5)
    return photo.answer("photo:cost", box)


def test_a_photo_of_12_megapixels_is_decoded_at_a_quarter_and_looked_at_twice(seen):
    found = answer(picture_bytes("teal", (3000, 4000)))
    assert found["model"] == EmbeddingModel.active().pk
    assert seen == {"decoded": [(750, 1000)], "network": [(2, 80, 60, 3)]}


def test_a_piece_is_looked_at_once(seen):
    answer(picture_bytes("teal", (3000, 4000)), Box(0.25, 0.25, 0.5, 0.5))
    assert seen == {"decoded": [(750, 1000)], "network": [(1, 80, 60, 3)]}


def test_a_small_picture_grows_no_larger_than_the_network_wants(seen):
    found = answer(picture_bytes("teal", (30, 40)))
    assert seen == {"decoded": [(30, 40)], "network": [(2, 80, 60, 3)]}
    with Image.open(io.BytesIO(base64.b64decode(found["picture"]))) as small:
        assert small.size == (30, 40)


def test_its_look_alikes_are_one_search(monkeypatch):
    for number in range(7):
        make_embedding(make_image(make_product()), 1, number / 10)
    searches, search = [], neighbours.search
    monkeypatch.setattr(
        neighbours, "search", lambda *args, **options: searches.append(args) or search(*args, **options)
    )
    model = EmbeddingModel.active()
    query = photo.PhotoQuery(model.pk, np.eye(1, model.dimensions, dtype=np.float32)[0])
    assert len(query.nearest()) == 5
    assert len(searches) == 1


def test_a_picture_of_the_catalogue_is_neither_asked_of_a_worker_nor_computed(seen, monkeypatch):
    monkeypatch.setattr(photo, "_ask_worker", lambda *args: pytest.fail("a worker was asked"))
    content = picture_bytes("teal", (300, 400))
    make_embedding(make_image(make_product(), content), 1.0)
    assert photo.query(io.BytesIO(content)).vector[0] == pytest.approx(2**0.5, abs=1e-3)
    assert seen["network"] == []
