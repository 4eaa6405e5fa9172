"""What models that no longer answer have left: it takes space, and saves the way back from embedding anew."""

from collections import Counter

from django.db import connection
from django.db.models import QuerySet

from similarity import index, runtime, switch
from similarity.models import Backbone, EmbeddingModel, SearchVector, StyleVector


def models() -> "QuerySet[EmbeddingModel]":
    """Those that neither answer nor may answer next."""
    return EmbeddingModel.objects.exclude(pk__in=[model.pk for model in switch.models_in_use()])


def backbones() -> "QuerySet[Backbone]":
    """Those that no picture needs features of."""
    return Backbone.objects.exclude(pk__in=[backbone.pk for backbone in switch.backbones_in_use()])


def delete() -> Counter[str]:
    """Delete them with their vectors, features and indexes; returns how many rows of what.

    Safe to interrupt and to repeat. Raises `WeightsError` while the configured weights cannot be read: which
    model is being built would not be known.
    """
    runtime.configured()
    deleted: Counter[str] = Counter()
    old = list(models().values_list("pk", flat=True))
    with connection.cursor() as cursor:
        for kind in (StyleVector, SearchVector):  # Django would read a million of them to delete their styles
            cursor.execute(f"DELETE FROM {kind._meta.db_table} WHERE model_id = ANY(%s)", [old])  # noqa: S608
            deleted[kind._meta.label] += cursor.rowcount
    for rows in (EmbeddingModel.objects.filter(pk__in=old), backbones()):
        deleted.update(rows.delete()[1])
    index.drop_others(switch.models_in_use())
    return +deleted
