"""Celery tasks: thin, over plain functions. A message only says that there may be work."""

import logging
from typing import Any

from celery import Task, shared_task
from celery.signals import worker_ready
from django.utils import translation

from similarity import calibration, duplicates, embedding, index, pending, photo, runs, style, switch
from similarity.engines import copies
from similarity.models import EmbeddingModel, Worker
from similarity.piece import Box
from similarity.weights import WeightsError

log = logging.getLogger(__name__)

# A task gives way after this long, so that the worker reports and other tasks get their turn.
SLICE_S = 20.0
# Comparing Milvus's copies takes this much of every minute, until it is round.
COPY_S = 5.0
# A hint that waits longer finds the worker busy, most likely with a slice that goes on by itself. Without an
# end each hint would become one more such chain of tasks, and imports would wait behind all of them.
HINT_S = 10.0


@worker_ready.connect
def start(sender: Any, **kwargs: Any) -> None:
    """Load the network if it will be wanted at once; take back what a killed worker of this name held."""
    name, queues = sender.hostname, list(sender.app.amqp.queues.consume_from)
    pending.release_all_of(name)
    try:
        embedding.prepare_weights()
        # An idle embedding worker loads it with its first picture: it would only delay the photo worker's.
        if "photo" in queues or pending.waiting():
            for backbone in switch.backbones_in_use():
                embedding.embedder_for(backbone)
        Worker.report(name, queues[0])
    except WeightsError as error:
        log.error("%s", error)
        Worker.report(name, queues[0], problem=str(error))
    if "embed" in queues:
        sweep.delay()


@shared_task
def sweep() -> None:
    """Find what no message told of: pictures saved in bulk, replaced weights, a model that is complete.

    Sent by beat. Looks at a bounded part of the catalogue each time.
    """
    try:
        embedding.prepare_weights()
    except WeightsError as error:
        log.error("%s", error)
    pending.sweep()
    switch.activate_when_complete()
    is_filling = pending.is_filling()
    index.tend(switch.models_in_use(), is_filling)
    model = EmbeddingModel.active()
    # Of a catalogue that grows every mean would be taken, and every style vector made, many times over.
    if model and not is_filling:
        style.tend(model)
    calibration.calibrate_active_if_needed()
    for run_id in runs.waiting():
        carry_out.delay(run_id)
    embed_pending.apply_async(expires=HINT_S)


@shared_task(bind=True)
def embed_pending(self: Task) -> None:
    """Embed what is pending, and go on in a new task if there may be more."""
    name, problem, written = str(self.request.hostname), "", 0
    try:
        written = embedding.embed_pending(name, SLICE_S)
        if not written:  # with nothing to embed, missing weights are the news all the same
            embedding.prepare_weights()
    except WeightsError as error:
        log.error("%s", error)
        problem = str(error)
    Worker.report(name, "embed", problem)
    if written:
        log.info("embedded %d pictures", written)
        switch.activate_when_complete()
        embed_pending.delay()


@shared_task(acks_late=False)
def carry_out(run_id: int) -> None:
    """Do what was asked for in the admin. The row says whether it still is, and who is at it."""
    runs.carry_out(run_id)


@shared_task
def find_duplicates() -> None:
    """Compare new pictures with the catalogue for a while, when nothing is more urgent; sent by beat."""
    if not pending.waiting():
        duplicates.find(SLICE_S)


@shared_task
def copy_vectors() -> None:
    """Keep Milvus in step, where there is one; sent by beat. The first time round goes on in new tasks."""
    from similarity.engines import milvus

    try:
        if not copies.keep_in_step(switch.models_in_use(), COPY_S):
            copy_vectors.apply_async(expires=HINT_S)
    except milvus.Away as error:
        log.warning("%s The next walk makes it good.", error)


@shared_task(ignore_result=False, acks_late=False)
def photo_query(key: str, box: list[float], language: str | None) -> dict[str, Any]:
    """Vector of that piece of the photo that waits under `key`, as `photo.answer` gives it."""
    with translation.override(language):
        return photo.answer(key, Box(*box))


@shared_task(bind=True, acks_late=False)
def photo_alive(self: Task) -> None:
    """Say that the photo worker lives; sent by beat."""
    Worker.report(str(self.request.hostname), "photo")
