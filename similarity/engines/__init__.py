"""Who finds the nearest vectors: PostgreSQL itself, or a Milvus that holds a copy of them.

Whoever asks, asks `similarity.neighbours`. The rows in PostgreSQL are the truth either way.
"""

from typing import TYPE_CHECKING, Protocol

import numpy as np
from django.conf import settings

from similarity.engines import pgvector
from similarity.models import EmbeddingModel, SearchVector, StyleVector

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from catalog.models import Product

Found = tuple[int, int, float]


class Engine(Protocol):
    """What an engine can do. Both are modules: `pgvector` and `milvus`."""

    def search(
        self,
        vector: np.ndarray,
        model: EmbeddingModel,
        limit: int,
        among: "QuerySet[Product]",
        kind: type[SearchVector | StyleVector] = ...,
        exact: bool = ...,
        of_photo: bool = ...,
    ) -> list[Found]:
        """(product, image, cosine distance) of the nearest picture of each of the `limit` nearest products.

        `limit` of them whenever `among` has so many with a vector of this `kind`, nearest first. With
        `exact` all of them are compared; `of_photo` says that the vector is a photo's, which asks by a part
        of what is stored (`Projection.apply`). The database that is asked is the one of `among`.
        """


def chosen() -> Engine:
    """The engine of the settings. `milvus` is only imported where it is used: it brings pandas and gRPC."""
    if not settings.VECTOR_ENGINE_URL:
        return pgvector
    from similarity.engines import milvus

    return milvus
