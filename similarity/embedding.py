"""What an embedding worker does: claim pending rows, read their pictures, compute features, write them."""

import logging
import time
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from django.conf import settings
from django.core.files.storage import storages
from PIL import Image

from catalog.images import ImageRefused
from similarity import pending, runtime, switch, weights
from similarity.models import Backbone, Focus
from similarity.pending import Claimed
from similarity.piece import WHOLE, Box
from similarity.preprocess import looks, network_input
from similarity.vectors import normalise

if TYPE_CHECKING:  # only workers may load them
    from similarity.embedder import Embedder
    from similarity.int8 import Int8Embedder

log = logging.getLogger(__name__)

BATCH = 32  # the embedder's compiled batch


def embedder_for(backbone: Backbone) -> "Embedder | Int8Embedder":
    """The embedder with this backbone's weights, in this process. Raises `WeightsError`."""
    found = runtime.find(backbone.weights_sha256)
    if found.network:  # only workers get here, and load one of the two
        from similarity import int8

        return int8.load(found)
    from similarity import embedder

    return embedder.load(found)


def trained_beside(fast: "Embedder | Int8Embedder") -> "Embedder | None":
    """The network as it was trained, to compare with `fast`; None where that is the one."""
    from similarity import embedder

    if not fast.weights.network:
        return None
    return embedder.load(weights.read(settings.EMBEDDER_WEIGHTS))


def prepare_weights() -> None:
    """See that the configured weights are here and registered. Raises `WeightsError`."""
    if settings.EMBEDDER_WEIGHTS == "imagenet":
        try:
            weights.read("imagenet")
        except weights.WeightsError:
            from similarity import embedder

            embedder.download_imagenet()
    switch.register(runtime.configured())


def features_of_looks(photos: Sequence[Image.Image], backbone: Backbone) -> np.ndarray:
    """Features float32 (n, 2, 2048) of the looks at RGB photos. Raises `WeightsError`."""
    height, width = backbone.input_height, backbone.input_width
    seen = np.concatenate([looks(photo, height, width) for photo in photos])
    return embedder_for(backbone).features(seen).reshape(len(photos), 2, -1)


def of_all_looks(features: np.ndarray) -> np.ndarray:
    """Photos' features float32 (n, 2048), unit length, of those of their looks (n, 2, 2048)."""
    return normalise(features.mean(axis=1))


def embed_pending(worker: str, seconds: float) -> int:
    """Embed pending pictures for about `seconds`, or until there are none; returns how many were written.

    The next batch is decoded while the network computes this one. Raises `WeightsError` when a backbone's
    weights cannot be had, after the other backbones had their turn; its rows stay pending.
    """
    end = time.monotonic() + seconds
    written, problem = 0, None
    for backbone in switch.backbones_in_use():
        try:
            written += _embed_for(backbone, worker, end)
        except weights.WeightsError as error:
            problem = error
    # While the others still have work, that is the news: the missing weights are told when it is done.
    if problem and not written:
        raise problem
    return written


@dataclass(frozen=True)
class _Computing:
    """Rows whose pictures are in the network."""

    rows: list[Claimed]
    features: Future | None

    def write(self, backbone: Backbone) -> int:
        """Wait for the network and write what it gives; how many rows took it."""
        return pending.write(backbone, self.rows, self.features.result()) if self.features else 0


def _embed_for(backbone: Backbone, worker: str, end: float) -> int:
    """Three batches are under way at once: one is decoded, one is computed, one is written.

    The database is this thread's alone; the network has a thread of its own, so that it never waits for it.
    """
    claimed = pending.claim(backbone, worker, BATCH)
    if not claimed:
        return 0
    written = 0
    try:
        embedder = embedder_for(backbone)
        with (
            ThreadPoolExecutor(2, thread_name_prefix="decode") as decoders,
            ThreadPoolExecutor(1, thread_name_prefix="network") as network,
        ):
            reads, computing = _decode(decoders, backbone, claimed), _Computing([], None)
            while claimed or computing.rows:
                # A picture that was tried before may end this worker: no other is held beside it, or would be
                # counted in with it, and given up in the end.
                alone = bool(claimed) and claimed[0].attempts > 1
                if alone:
                    written += computing.write(backbone)
                    computing = _Computing([], None)
                rows, pictures = _collect(claimed, reads)
                upcoming = _Computing(rows, network.submit(embedder.features, pictures) if rows else None)
                if alone:
                    written += upcoming.write(backbone)
                    upcoming = _Computing([], None)
                claimed = _claim_next(backbone, worker, end) if claimed else []
                reads = _decode(decoders, backbone, claimed)
                written += computing.write(backbone)
                computing = upcoming
    except BaseException:
        pending.release(claimed)  # not those in the network: one of them may be the reason
        raise
    return written


def _claim_next(backbone: Backbone, worker: str, end: float) -> list[Claimed]:
    return pending.claim(backbone, worker, BATCH) if time.monotonic() < end else []


def _decode(pool: ThreadPoolExecutor, backbone: Backbone, claimed: Sequence[Claimed]) -> list[Future]:
    boxes = {focus.pk: focus.box() for focus in Focus.objects.filter(pk__in=[row.image for row in claimed])}
    size = backbone.input_height, backbone.input_width
    return [pool.submit(_read, row.picture, *size, boxes.get(row.image, WHOLE)) for row in claimed]


def _read(name: str, height: int, width: int, box: Box) -> np.ndarray:
    with storages["default"].open(name) as file:
        return network_input(file, height, width, box)


def _collect(claimed: Sequence[Claimed], reads: Sequence[Future]) -> tuple[list[Claimed], np.ndarray]:
    """The rows whose pictures could be read, and those pictures; the others say why not."""
    rows, pictures = [], []
    for row, read in zip(claimed, reads, strict=True):
        try:
            pictures.append(read.result())
            rows.append(row)
        except FileNotFoundError:
            pending.fail(row, f"The picture's file is missing from the storage: {row.picture}.")
        except ImageRefused as error:
            pending.fail(row, " ".join(error.messages))
        except Exception as error:  # the storage does not answer, say: it may the next time
            log.exception("%s could not be read", row.picture)
            pending.postpone(row, f"{type(error).__name__}: {error}")
    return rows, np.stack(pictures) if pictures else np.empty((0,))
