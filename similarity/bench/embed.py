"""`bench embed`: the pipeline from the queue to the vector, beside the bare model on the same machine."""

import resource
import time
from typing import TYPE_CHECKING, Any

import numpy as np
from django.utils import timezone

from catalog.models import Category, Product, ProductImage
from similarity import embedding, pending, switch
from similarity.bench import catalogue
from similarity.bench.timing import RUNS, rate
from similarity.models import Backbone, Embedding, SearchVector

if TYPE_CHECKING:
    from similarity.embedder import Embedder
    from similarity.int8 import Int8Embedder


def measure(size: int) -> dict[str, Any]:
    """Embed `size` of the shop's stored pictures into a database of their own, several times."""
    names = list(ProductImage.objects.order_by("pk").values_list("picture", "checksum")[:size])
    if not names:
        raise catalogue.BenchRefused("The shop has no pictures. Run `make demo`, or import a catalogue.")
    with catalogue.own_database():
        embedding.prepare_weights()
        (backbone,) = switch.backbones_in_use()
        _pictures(names)
        embedder = embedding.embedder_for(backbone)
        shape = (size, backbone.input_height, backbone.input_width, 3)
        pictures = np.random.default_rng(0).integers(0, 256, shape, dtype=np.uint8)
        embedder.features(pictures[:64])
        compared = _compared(embedder, pictures[:256])
        pipeline, bare, memory = [], [], []
        for _ in range(RUNS):  # in turns, so that both meet the same other load
            _begin_again(backbone)
            start = time.perf_counter()
            written = embedding.embed_pending("bench", 3600)
            pipeline.append(written / (time.perf_counter() - start))
            memory.append(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
            start = time.perf_counter()
            embedder.features(pictures)
            bare.append(size / (time.perf_counter() - start))
    return {
        "images": len(names),
        "runtime": embedder.runtime,
        "pipeline_images_per_s": round(float(np.median(pipeline)), 1),
        "model_images_per_s": round(float(np.median(bare)), 1),
        "ratio": round(float(np.median(np.array(pipeline) / np.array(bare))), 3),
        "peak_memory_mb": [round(peak) for peak in memory],
        **compared,
    }


def _compared(embedder: "Embedder | Int8Embedder", pictures: np.ndarray) -> dict[str, float]:
    """The rate of TensorFlow beside that of the runtime in use, where that is another."""
    trained = embedding.trained_beside(embedder)
    if trained is None:
        return {}
    slow, fast = rate(trained.features, pictures), rate(embedder.features, pictures)
    return {"tensorflow_images_per_s": slow, "ratio_to_tensorflow": round(fast / slow, 2)}


def _pictures(names: list[tuple[str, str]]) -> None:
    category = Category.objects.create(name="All", slug="all")
    product = Product.objects.create(sku="1", name="All", category=category)
    now = timezone.now()
    ProductImage.objects.bulk_create(
        ProductImage(
            product=product,
            picture=name,
            position=position,
            checksum=f"{position:064x}",
            source_checksum=checksum,
            width=60,
            height=80,
            created_at=now,
        )
        for position, (name, checksum) in enumerate(names)
    )


def _begin_again(backbone: Backbone) -> None:
    SearchVector.objects.all().delete()
    Embedding.objects.filter(backbone=backbone).delete()
    pending.enqueue()
