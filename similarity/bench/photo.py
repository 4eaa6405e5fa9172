"""`bench photo`: a 12-megapixel photo on its way to five products, step by step as the photo worker takes it.

Reads only.
"""

import io
from functools import partial
from typing import Any

from django.core.files.storage import default_storage
from PIL import Image

from catalog.images import open_picture, to_rgb
from catalog.models import ProductImage
from similarity import embedding, neighbours, photo, piece
from similarity.bench.catalogue import BenchRefused
from similarity.bench.timing import p50, p95, runs_ms
from similarity.models import EmbeddingModel, Worker
from similarity.photo import PhotoQuery
from similarity.piece import WHOLE
from similarity.preprocess import looks

SIZE = (3000, 4000)


def measure(photos: int) -> dict[str, Any]:
    """Times of `photos` photos; end to end as well while a photo worker is up."""
    model = EmbeddingModel.active()
    files = large_photos(photos)
    if model is None or not files:
        raise BenchRefused("The shop has no pictures. Run `make demo`, or import a catalogue.")
    height, width = model.backbone.input_height, model.backbone.input_width
    embedder = embedding.embedder_for(model.backbone)

    def answer(content: bytes) -> list[neighbours.Neighbour]:
        vector, _small = photo.looked_at(content, WHOLE, model)
        return PhotoQuery(model.pk, vector).nearest()

    opened = [photo.decoded(content, height, width) for content in files]
    pictures = [looks(picture, height, width) for picture in opened]
    queries = [PhotoQuery(model.pk, photo.looked_at(content, WHOLE, model)[0]) for content in files]
    decode = runs_ms([partial(photo.decoded, content, height, width) for content in files])
    whole = runs_ms([partial(_decode_whole, content) for content in files])
    network = runs_ms([partial(embedder.features, both) for both in pictures])
    preview = runs_ms([partial(piece.small, picture) for picture in opened])
    query = runs_ms([each.nearest for each in queries])
    total = runs_ms([partial(answer, content) for content in files])
    figures: dict[str, Any] = {
        "photos": len(files),
        "runtime": embedder.runtime,
        "pixels": SIZE[0] * SIZE[1],
        "decode_p50_ms": p50(decode),
        "full_decode_p50_ms": p50(whole),
        "network_p50_ms": p50(network),
        "preview_p50_ms": p50(preview),
        "query_p50_ms": p50(query),
        "p50_ms": p50(total),
        "p95_ms": p95(total),
        "ratio_to_network": round(p50(total) / p50(network), 2),
    }
    if trained := embedding.trained_beside(embedder):
        slow = p50(runs_ms([partial(trained.features, both) for both in pictures]))
        ratio = round(slow / p50(network), 2)
        figures |= {"tensorflow_network_p50_ms": slow, "network_ratio_to_tensorflow": ratio}
    if Worker.alive().filter(queue="photo", problem="").exists():
        through_worker = runs_ms([partial(_ask, content) for content in files])
        figures |= {"end_to_end_p50_ms": p50(through_worker), "end_to_end_p95_ms": p95(through_worker)}
    return figures


def large_photos(count: int) -> list[bytes]:
    """Pictures of the shop, enlarged to 12 megapixels, as JPEG."""
    files = []
    for name in ProductImage.objects.order_by("pk").values_list("picture", flat=True)[:count]:
        with default_storage.open(name) as file:
            picture = to_rgb(open_picture(file)).resize(SIZE, Image.Resampling.BICUBIC)
        out = io.BytesIO()
        picture.save(out, "JPEG", quality=90)
        files.append(out.getvalue())
    return files


def _decode_whole(content: bytes) -> None:
    Image.open(io.BytesIO(content)).convert("RGB").load()


def _ask(content: bytes) -> list[neighbours.Neighbour]:
    return photo.query(io.BytesIO(content)).nearest()
