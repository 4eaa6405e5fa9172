"""Catalogues of any size for benchmarks, in a database of their own, grown from the shop's real vectors.

Uniform noise would flatter an index, or ruin it. A made-up picture lies between two real ones of one kind,
moved a little: v = normalise(a x + (1 - a) y + e), a uniform in [0.5, 1), e normal, 0.3 long.
"""

import random
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from django.db import connection
from django.test import override_settings
from django.utils import timezone
from pgvector import HalfVector

from catalog.models import Brand, Category, Product, ProductImage
from similarity import style, switch
from similarity.groups import Groups
from similarity.models import Backbone, CategoryGroup, EmbeddingModel, Group, SearchVector, StyleVector
from similarity.vectors import binary_cursor, normalise

NOISE = 0.3
CHUNK = 10_000
MIN_REAL = 100


class BenchRefused(Exception):
    """There is nothing to measure with; says in a sentence what to do."""


class Attributes(NamedTuple):
    """What the shop says of the product in a picture, and as what it is worn."""

    category: str
    brand: str | None
    colour: str
    gender: str
    season: str
    usage: str
    group: Group


@dataclass(frozen=True)
class Real:
    """The shop's vectors float32 (n, d), and the attributes of each."""

    vectors: np.ndarray
    attributes: list[Attributes]
    weights_sha256: str


def real() -> Real:
    """Read them from the shop. Raises `BenchRefused` when there are too few."""
    model = EmbeddingModel.active()
    rows = []
    if model:
        with binary_cursor() as cursor:
            cursor.execute(
                """
                SELECT v.vector, c.id, c.name, b.name, p.base_colour, p.gender, p.season, p.usage
                FROM similarity_searchvector v JOIN catalog_product p ON p.id = v.product_id
                JOIN catalog_category c ON c.id = p.category_id LEFT JOIN catalog_brand b ON b.id = p.brand_id
                WHERE v.model_id = %s ORDER BY v.image_id LIMIT 50000
                """,
                [model.pk],
            )
            rows = cursor.fetchall()
    if model is None or len(rows) < MIN_REAL:
        raise BenchRefused(
            f"The shop has {len(rows)} embedded pictures; a benchmark grows its catalogue from at least "
            f"{MIN_REAL}. Run `make demo`, or import a catalogue and embed it."
        )
    vectors = np.stack([row[0].to_numpy() for row in rows]).astype(np.float32)
    groups = Groups()
    attributes = [Attributes._make([*row[2:], groups.of(row[1])]) for row in rows]
    return Real(vectors, attributes, model.backbone.weights_sha256)


@contextmanager
def own_database(keep: bool = False) -> Iterator[None]:
    """Inside, Django's connection is one to `<database>_bench`, made empty and migrated; dropped afterwards.

    With `keep` an existing one is used as it is, and stays.
    """
    name = connection.settings_dict["NAME"]
    test = connection.settings_dict["TEST"]
    before = test["NAME"]
    test["NAME"] = f"{name}_bench"
    try:
        connection.creation.create_test_db(verbosity=0, autoclobber=True, keepdb=keep)
        switch.projection.cache_clear()  # other models have the same numbers there
        try:
            # A Milvus holds the shop's vectors, not these.
            with override_settings(VECTOR_ENGINE_URL=""):
                yield
        finally:
            switch.projection.cache_clear()
            connection.creation.destroy_test_db(name, verbosity=0, keepdb=keep)
    finally:
        test["NAME"] = before


def grow(source: Real, size: int, seed: int = 0) -> EmbeddingModel:
    """Fill an empty database with `size` products of one picture each, and the vectors of an active model."""
    model = _model(source)
    categories, brands = _shelves(source)
    like = _alike(source)
    rng = np.random.default_rng(seed)
    for start in range(0, size, CHUNK):
        count = min(CHUNK, size - start)
        chosen = rng.integers(len(source.vectors), size=count)
        attributes = [source.attributes[row] for row in chosen]
        _copy_products(start, attributes, categories, brands, seed)
        _copy_images(start, count)
        _copy_vectors(start, model, between(source.vectors, chosen, like, rng))
    with connection.cursor() as cursor:
        for each in (Product, ProductImage, SearchVector):
            cursor.execute(
                f"SELECT setval(pg_get_serial_sequence('{each._meta.db_table}', 'id'), {size + 1})"
            )
            cursor.execute(f"VACUUM ANALYZE {each._meta.db_table}")
    return model


def grow_style(model: EmbeddingModel) -> None:
    """Give every grown picture its style vector: without them nothing goes well with anything."""
    style.refresh(model)
    with connection.cursor() as cursor:
        cursor.execute(f"VACUUM ANALYZE {StyleVector._meta.db_table}")


def between(
    vectors: np.ndarray, chosen: np.ndarray, like: list[np.ndarray], rng: np.random.Generator
) -> np.ndarray:
    """Unit vectors float32 (n, d) near the rows `chosen` int (n,), each drawn towards one of its kind."""
    partners = np.array([rng.choice(like[row]) for row in chosen.tolist()])
    share = rng.uniform(0.5, 1, (len(chosen), 1)).astype(np.float32)
    noise = rng.standard_normal((len(chosen), vectors.shape[1]), np.float32)
    mixed = share * vectors[chosen] + (1 - share) * vectors[partners]
    return normalise(mixed + noise * (NOISE / vectors.shape[1] ** 0.5)).astype(np.float32)


def _alike(source: Real) -> list[np.ndarray]:
    """For each vector the rows of its category."""
    names = np.array([each.category for each in source.attributes])
    rows = {name: np.flatnonzero(names == name) for name in np.unique(names)}
    return [rows[name] for name in names]


def _model(source: Real) -> EmbeddingModel:
    EmbeddingModel.objects.update(is_active=False)
    backbone, _ = Backbone.objects.get_or_create(
        weights_sha256=source.weights_sha256, defaults={"input_height": 80, "input_width": 60}
    )
    return EmbeddingModel.objects.create(
        backbone=backbone, dimensions=source.vectors.shape[1], refinement="pca", is_active=True
    )


def _shelves(source: Real) -> tuple[dict[str, int], dict[str | None, int]]:
    """Keys of categories, in a hall for each group, and of brands, by their names."""
    halls = {group: Category.objects.create(name=f"Hall {group}", slug=f"hall-{group}") for group in Group}
    CategoryGroup.objects.bulk_create(
        CategoryGroup(category=hall, group=group) for group, hall in halls.items()
    )
    kinds = sorted({(each.category, each.group) for each in source.attributes})
    categories = {
        name: Category.objects.create(name=name, slug=f"c{number}", parent=halls[group]).pk
        for number, (name, group) in enumerate(kinds)
    }
    brands = sorted({each.brand for each in source.attributes if each.brand})
    made = Brand.objects.bulk_create(
        Brand(name=name, slug=f"b{number}") for number, name in enumerate(brands)
    )
    return categories, {brand.name: brand.pk for brand in made}


def _copy_products(
    start: int,
    attributes: list[Attributes],
    categories: dict[str, int],
    brands: dict[str | None, int],
    seed: int,
) -> None:
    now, chance = timezone.now(), random.Random(seed + start)  # noqa: S311 - prices, not secrets
    columns = (
        "id, sku, slug, name, description, category_id, brand_id, base_colour, gender, season, usage, price, "
        "currency, stock, is_active, search_text, created_at, updated_at"
    )
    with connection.cursor() as cursor, cursor.copy(f"COPY catalog_product ({columns}) FROM STDIN") as copy:
        for number, each in enumerate(attributes, start + 1):
            price = round(chance.lognormvariate(3.5, 0.8), 2)
            stock = chance.choice((0, 1, 3, 8, 20, 5, 9, 2, 4, 7))
            name = f"{each.brand or ''} {each.colour} {each.category}".strip()
            copy.write_row(
                (
                    number, f"B{number}", f"b{number}", name, "", categories[each.category],
                    brands.get(each.brand), each.colour, each.gender, each.season, each.usage,
                    price, "EUR", stock, True, name, now, now,
                )
            )  # fmt: skip


def _copy_images(start: int, count: int) -> None:
    now = timezone.now()
    columns = "id, product_id, picture, alt, position, checksum, source_checksum, width, height, created_at"
    with (
        connection.cursor() as cursor,
        cursor.copy(f"COPY catalog_productimage ({columns}) FROM STDIN") as copy,
    ):
        for number in range(start + 1, start + count + 1):
            checksum = f"{number:064x}"
            copy.write_row(
                (number, number, f"products/{checksum}.jpg", "", 0, checksum, checksum, 60, 80, now)
            )


def _copy_vectors(start: int, model: EmbeddingModel, vectors: np.ndarray) -> None:
    columns = "id, model_id, image_id, product_id, vector"
    statement = f"COPY similarity_searchvector ({columns}) FROM STDIN (FORMAT BINARY)"
    with binary_cursor() as cursor, cursor.copy(statement) as copy:
        copy.set_types(["int8", "int8", "int8", "int8", "halfvec"])
        for number, vector in enumerate(vectors, start + 1):
            copy.write_row((number, model.pk, number, number, HalfVector(vector)))
