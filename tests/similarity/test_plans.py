"""How PostgreSQL answers each shape of question in a catalogue of 12,000 products."""

from collections.abc import Iterator

import numpy as np
import pytest

from catalog.models import Category
from similarity import evaluation, gallery, index, neighbours
from similarity.bench import catalogue
from similarity.engines import pgvector
from similarity.models import EmbeddingModel, SearchVector
from similarity.vectors import binary_cursor
from tests.similarity.made_up import clusters

SIZE, DIMENSIONS, KINDS = 12_000, 32, 40


@pytest.fixture(scope="module")
def model(django_db_setup, django_db_blocker) -> Iterator[EmbeddingModel]:
    """The model of a catalogue in a database of its own, with its index."""
    real = clusters(KINDS, 800, DIMENSIONS, brands=60, colours=50)
    with django_db_blocker.unblock(), catalogue.own_database():
        model = catalogue.grow(real, SIZE)
        assert index.build(model)
        yield model


@pytest.fixture
def vectors(model) -> np.ndarray:
    return gallery.load_vectors(model)[2]


def by_index(model: EmbeddingModel, vector: np.ndarray, among) -> tuple[bool, str]:
    """Whether the index is asked, and the plan of the statement that is sent."""
    with pgvector.asking(vector, model, among, SearchVector) as question:
        effort = pgvector._index_effort(question, 5)
        operand = f"v.vector::halfvec({DIMENSIONS})" if effort else "v.vector"
        statement = f"EXPLAIN {pgvector.statement(question, operand)} ORDER BY distance LIMIT 20"
        question.cursor.execute(statement, [question.vector, *question.parameters])
        return bool(effort), "\n".join(row[0] for row in question.cursor.fetchall())


def half_of_the_categories():
    return Category.objects.filter(parent__name__in=[f"Hall {number}" for number in range(4)])


WIDE = {
    "everything": lambda: {},
    "in stock": lambda: {"stock__gt": 0},
    "gender": lambda: {"gender": "Men"},
    "a price range": lambda: {"price__gte": 10, "price__lte": 90},
    "categories with descendants": lambda: {"category__in": list(half_of_the_categories())},
}
NARROW = {
    "a category": lambda: {"category": Category.objects.get(name="Kind 3")},
    "a brand": lambda: {"brand__slug": "b7"},
    "a colour": lambda: {"base_colour": "Colour 8"},
    "a narrow price range": lambda: {"price__gte": 30, "price__lte": "30.50"},
}


@pytest.mark.parametrize("shape", WIDE)
def test_among_many_the_index_answers(model, vectors, shape):
    asks_index, plan = by_index(model, vectors[0], neighbours.visible().filter(**WIDE[shape]()))
    assert asks_index
    assert f"Index Scan using {index.name(model.pk)}" in plan
    assert "Seq Scan" not in plan
    assert "Sort" not in plan


@pytest.mark.parametrize("shape", NARROW)
def test_among_few_all_are_compared_without_reading_a_whole_table(model, vectors, shape):
    asks_index, plan = by_index(model, vectors[0], neighbours.visible().filter(**NARROW[shape]()))
    assert not asks_index
    assert "hnsw" not in plan
    assert "Seq Scan on catalog_product" not in plan
    assert "Seq Scan on similarity_searchvector" not in plan


@pytest.mark.parametrize("shape", [*WIDE, *NARROW])
def test_five_are_found_nearly_always_the_right_ones(model, vectors, shape):
    among = neighbours.visible().filter(**(WIDE | NARROW)[shape]())
    allowed = set(among.values_list("pk", flat=True))
    products = np.arange(1, SIZE + 1)
    kept = np.isin(products, list(allowed))
    shares = []
    for row in evaluation.sample(SIZE, 40):
        exact = evaluation.nearest_products(vectors[row], vectors[kept], products[kept], 5)
        found = [product for product, _, _ in neighbours.search(vectors[row], model, 5, among)]
        assert len(found) == 5
        assert allowed.issuperset(found)
        shares.append(len(set(found) & set(exact)) / 5)
    assert np.mean(shares) >= 0.95


def test_results_of_the_index_are_in_order(model, vectors):
    found = neighbours.search(vectors[5], model, 24, neighbours.visible())
    distances = [distance for _, _, distance in found]
    assert len(found) == 24
    assert distances == sorted(distances)


def test_where_the_index_ends_short_the_others_are_compared(model, vectors, monkeypatch):
    few = neighbours.visible().filter(pk__in=[9000, 9001, 9002, 9003, 9004])
    monkeypatch.setattr(pgvector, "_index_effort", lambda question, limit: 1)
    found = neighbours.search(vectors[0], model, 5, few)
    assert {product for product, _, _ in found} == {9000, 9001, 9002, 9003, 9004}


def test_a_model_has_an_index_from_some_thousand_vectors_on(model):
    assert index.is_wanted(model)
    assert not index.is_wanted(EmbeddingModel(pk=model.pk + 1))


def test_the_index_is_built_once(model):
    with binary_cursor() as cursor:
        cursor.execute("SELECT oid FROM pg_class WHERE relname = %s", [index.name(model.pk)])
        before = cursor.fetchall()
        assert index.build(model)
        cursor.execute("SELECT oid FROM pg_class WHERE relname = %s", [index.name(model.pk)])
        assert cursor.fetchall() == before


def test_a_build_has_memory_for_its_vectors():
    assert index.build_memory_mb(12_000, 256) == 64
    assert index.build_memory_mb(1_000_000, 256) == 1615
    assert index.build_memory_mb(100_000_000, 256) == 4096


def test_a_grown_catalogue_has_a_database_of_its_own(model):
    with binary_cursor() as cursor:
        cursor.execute("SELECT current_database()")
        ((name,),) = cursor.fetchall()
    assert name.endswith("_bench")
