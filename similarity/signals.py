"""How the catalogue's changes reach the queue: the catalogue itself knows nothing of it."""

import logging
from collections.abc import Iterable
from typing import Any

from django.core.cache import cache
from django.db import transaction
from django.db.models.signals import post_delete, post_migrate, post_save
from django.dispatch import receiver

from catalog.models import Category, ProductImage
from catalog.signals import pictures_saved
from similarity import groups, pending, switch
from similarity.models import Embedding, Focus

log = logging.getLogger(__name__)

BULK_HINT_S = 20


@receiver(post_save, sender=ProductImage)
def enqueue_picture(instance: ProductImage, raw: bool = False, **kwargs: Any) -> None:
    """Leave a pending row in the transaction of the save, and tell the workers once it is committed."""
    if raw:  # loaded from a fixture: rows may precede what they point to; the sweep finds them
        return
    if pending.enqueue([instance.pk]):
        notify_workers_on_commit()


def notify_workers_on_commit() -> None:
    """`notify_workers` once after this transaction, however many pictures it saves."""
    waiting = transaction.get_connection().run_on_commit
    if all(function is not notify_workers for _, function, *_ in waiting):
        transaction.on_commit(notify_workers, robust=True)


@receiver(pictures_saved)
def enqueue_pictures(images: Iterable[int], **kwargs: Any) -> None:
    """The same for pictures that were written in bulk, without `post_save`."""
    if pending.enqueue(images) and is_first_of_bulk():
        notify_workers_on_commit()


def is_first_of_bulk() -> bool:
    """Whether no other chunk has told the workers lately.

    An import writes a chunk every second, and a worker that was told goes on until nothing is pending. More
    messages would only keep the import's own next slice waiting behind them.
    """
    try:
        return bool(cache.add("similarity.bulk", True, BULK_HINT_S))
    except Exception:  # without the cache's server there is no broker either: the sweep finds the rows
        return False


def notify_workers() -> None:
    """Hint that there is work. A broker that is down costs nothing: the sweep finds the rows."""
    from similarity.tasks import HINT_S, embed_pending

    try:
        embed_pending.apply_async(expires=HINT_S)
    except Exception as error:  # kombu, redis and socket errors: none of them is the saver's concern
        log.warning("The workers could not be told of new work: %s", error)


@receiver([post_save, post_delete], sender=Focus)
def embed_anew(instance: Focus, raw: bool = False, **kwargs: Any) -> None:
    """Another part of the picture counts: its embedding is pending again, the old vector serves until then.

    A worker that has read the old part loses its claim, so what it computes is not written.
    """
    if not raw and pending.redo(Embedding.objects.filter(image=instance.pk).values_list("pk", flat=True)):
        notify_workers_on_commit()


@receiver(post_save, sender=Category)
def group_category(instance: Category, created: bool, raw: bool = False, **kwargs: Any) -> None:
    """Give a new category the product group that its name stands for."""
    if created and not raw:
        groups.assign(instance)


@receiver(post_migrate)
def register_model(app_config: Any, apps: Any = None, **kwargs: Any) -> None:
    """See that a fresh database has a model to embed for; `apps` is what the migrations have led to."""
    taken_back = apps is not None and "backbone" not in apps.all_models["similarity"]
    if app_config.name == "similarity" and not taken_back:
        switch.register_configured()
