"""The catalogue as arrays: features and attributes of its products, for fitting and measuring."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from catalog.models import Product
from similarity.models import Backbone, EmbeddingModel
from similarity.vectors import binary_cursor, to_array

# Names as the field's data sets write them, and where the catalogue holds them.
ATTRIBUTES = {
    "articleType": "c.name",
    "baseColour": "p.base_colour",
    "gender": "p.gender",
    "season": "p.season",
    "usage": "p.usage",
}
CHUNK = 2000
# Larger catalogues are judged, and learned from, by about so many products: with them every figure is known
# to a tenth of a per cent, and their features take 0.8 GB.
AT_MOST = 100_000


@dataclass(frozen=True)
class Gallery:
    """Products with the features of their first ready picture: all arrays have n rows.

    `features` float32 (n, 2048); `attributes` by name, each str (n,), "" where the catalogue knows nothing.
    """

    products: np.ndarray
    images: np.ndarray
    skus: np.ndarray
    features: np.ndarray
    attributes: dict[str, np.ndarray]

    def __len__(self) -> int:
        return len(self.products)

    def usable(self) -> list[str]:
        """The attributes that can teach anything: half of the products have one, two values are frequent."""
        names = []
        for name, values in self.attributes.items():
            known = values[values != ""]
            _, counts = np.unique(known, return_counts=True)
            if len(known) * 2 >= len(self) and (counts >= 5).sum() >= 2:
                names.append(name)
        return names


def load(backbone: Backbone) -> Gallery:
    """Read the catalogue's visible products, of more than `AT_MOST` a sample; memory: 8 kB per product."""
    rows, features = [], []
    for chunk in _chunks(backbone):
        rows += [row[:-1] for row in chunk]
        features.append(np.stack([row[-1].to_numpy() for row in chunk]).astype(np.float32))
    columns = list(zip(*rows, strict=True)) or [()] * (3 + len(ATTRIBUTES))
    return Gallery(
        products=np.array(columns[0], np.int64),
        images=np.array(columns[1], np.int64),
        skus=np.array(columns[2], np.str_),
        features=np.concatenate(features) if features else np.empty((0, 2048), np.float32),
        attributes={
            name: np.array(values, np.str_) for name, values in zip(ATTRIBUTES, columns[3:], strict=True)
        },
    )


def load_vectors(model: EmbeddingModel) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Image ids (n,), product ids (n,) and search vectors float32 (n, d) of all visible products."""
    with binary_cursor() as cursor:
        cursor.execute(
            """
            SELECT v.image_id, v.product_id, v.vector
            FROM similarity_searchvector v JOIN catalog_product p ON p.id = v.product_id
            WHERE v.model_id = %s AND p.is_active ORDER BY v.image_id
            """,
            [model.pk],
        )
        rows = cursor.fetchall()
    vectors = np.stack([row[2].to_numpy() for row in rows]).astype(np.float32) if rows else np.empty((0, 1))
    return np.array([row[0] for row in rows]), np.array([row[1] for row in rows]), vectors


def sample_vectors(model: EmbeddingModel, count: int) -> list[tuple[int, np.ndarray]]:
    """Up to `count` product ids and search vectors float32 (d,) from all over the catalogue.

    Does not read all of it.
    """
    found = []
    with binary_cursor() as cursor:
        cursor.execute(
            "SELECT min(image_id), max(image_id) FROM similarity_searchvector WHERE model_id = %s", [model.pk]
        )
        ((low, high),) = cursor.fetchall()
        for start in np.linspace(low, high, count, dtype=np.int64).tolist() if low else []:
            cursor.execute(
                "SELECT product_id, vector FROM similarity_searchvector"
                " WHERE model_id = %s AND image_id >= %s ORDER BY image_id LIMIT 1",
                [model.pk, start],
            )
            found += cursor.fetchall()
    return [(product, to_array(vector)) for product, vector in found]


def _chunks(backbone: Backbone) -> Iterator[list[tuple]]:
    after = 0
    share = min(1.0, AT_MOST / max(1, Product.objects.visible().count()))
    while True:
        with binary_cursor() as cursor:
            cursor.execute(
                f"""
                SELECT p.id, first.image_id, p.sku, {", ".join(ATTRIBUTES.values())}, first.features
                FROM catalog_product p
                JOIN catalog_category c ON c.id = p.category_id
                JOIN LATERAL (
                    SELECT e.image_id, e.features
                    FROM catalog_productimage i JOIN similarity_embedding e ON e.image_id = i.id
                    WHERE i.product_id = p.id AND e.backbone_id = %s AND e.state = 'ready'
                    ORDER BY i.position, i.id LIMIT 1
                ) first ON true
                WHERE p.is_active AND p.id > %s AND (hashint8(p.id) & 65535) < 65536 * %s
                ORDER BY p.id LIMIT %s
                """,  # noqa: S608 - the columns are constants
                [backbone.pk, after, share, CHUNK],
            )
            chunk = cursor.fetchall()
        if not chunk:
            return
        yield chunk
        after = chunk[-1][0]
