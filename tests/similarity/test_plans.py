"""How PostgreSQL answers each shape of question in a catalogue of 12,000 products."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.http import QueryDict

from catalog.listing import Listing
from catalog.models import Category, Product, ProductImage
from catalog.tree import CategoryTree
from catalog.words import text_query
from similarity import complements, curation, duplicates, evaluation, gallery, index, neighbours, photo
from similarity.bench import catalogue
from similarity.engines import pgvector
from similarity.models import EmbeddingModel, Group, SearchVector, StyleVector
from similarity.vectors import binary_cursor
from tests.factories import picture_bytes
from tests.similarity.made_up import clusters
from tests.statements import statements

SIZE, DIMENSIONS, KINDS = 12_000, 32, 40


@pytest.fixture(scope="module")
def model(django_db_setup, django_db_blocker) -> Iterator[EmbeddingModel]:
    """The model of a catalogue in a database of its own, with its indexes."""
    real = clusters(KINDS, 800, DIMENSIONS, brands=60, colours=50)
    with django_db_blocker.unblock(), catalogue.own_database():
        model = catalogue.grow(real, SIZE)
        catalogue.grow_style(model)
        assert all(index.build(model, kind) for kind in index.KINDS)
        yield model


@pytest.fixture
def vectors(model) -> np.ndarray:
    return gallery.load_vectors(model)[2]


@dataclass(frozen=True)
class Plan:
    """What PostgreSQL does: (kind of scan, index or else table)."""

    scans: set[tuple[str, str]]
    sorts: bool

    @property
    def read_whole(self) -> set[str]:
        return {name for kind, name in self.scans if kind == "Seq Scan"} & LARGE

    @classmethod
    def of(cls, explained: dict[str, Any]) -> "Plan":
        waiting, nodes = [explained["Plan"]], []
        while waiting:
            nodes.append(waiting.pop())
            waiting += nodes[-1].get("Plans", [])
        scans = {
            (node["Node Type"], node.get("Index Name") or node.get("Relation Name", "")) for node in nodes
        }
        return cls(scans, any("Sort" in node["Node Type"] for node in nodes))


LARGE = {each._meta.db_table for each in (Product, ProductImage, SearchVector, StyleVector)}


def plan_of(model: EmbeddingModel, vector: np.ndarray, among, kind=SearchVector) -> Plan:
    with pgvector.asking(vector, model, among, kind) as question:
        return Plan.of(pgvector.explained(question, 5))


def half_of_the_categories():
    return Category.objects.filter(parent__name__in=[f"Hall {group}" for group in list(Group)[:4]])


WIDE = {
    "everything": lambda: {},
    "in stock": lambda: {"stock__gt": 0},
    "gender": lambda: {"gender": "Men"},
    "a season": lambda: {"season": "Summer"},
    "a usage": lambda: {"usage": "Casual"},
    "a price range": lambda: {"price__gte": 10, "price__lte": 90},
    "categories with descendants": lambda: {"category__in": list(half_of_the_categories())},
    "words that most are called": lambda: {"search_vector": text_query("brand kind")},
}
NARROW = {
    "a category": lambda: {"category": Category.objects.get(name="Kind 3")},
    "a brand": lambda: {"brand__slug": "b7"},
    "a colour": lambda: {"base_colour": "Colour 8"},
    "a narrow price range": lambda: {"price__gte": 30, "price__lte": "30.50"},
    "sold out in a category": lambda: {"stock": 0, "category": Category.objects.get(name="Kind 3")},
    "a season and a usage of a brand": lambda: {"season": "Summer", "usage": "Casual", "brand__slug": "b7"},
}
# Some hundreds of this shop: compared in one pass over all of it, as its planner thinks best.
MIDDLING = {
    "sold out": lambda: {"stock": 0},
    "a season and a usage": lambda: {"season": "Winter", "usage": "Formal"},
    "words that few are called": lambda: {"search_vector": text_query("brand 59")},
}
IMPOSSIBLE = {
    "a category without products": lambda: {"category": Category.objects.get(name="Hall bag")},
    "a price that nothing has": lambda: {"price__gte": 90_000, "price__lte": 95_000},
    "from more than up to": lambda: {"price__gte": 90, "price__lte": 10},
    "a colour that nothing has": lambda: {"base_colour": "Beige"},
    "words that nothing is called": lambda: {"search_vector": text_query("umbrella")},
    "sold out and in stock": lambda: {"stock": 0, "stock__gt": 0},
}


@pytest.mark.parametrize("shape", WIDE)
@pytest.mark.parametrize("kind", index.KINDS)
def test_among_many_the_index_answers(model, vectors, shape, kind):
    plan = plan_of(model, vectors[0], neighbours.visible().filter(**WIDE[shape]()), kind)
    assert ("Index Scan", index.name(model.pk, kind)) in plan.scans
    assert plan.read_whole == set()
    assert not plan.sorts


@pytest.mark.parametrize("shape", NARROW | IMPOSSIBLE)
def test_among_few_all_are_compared_without_reading_a_whole_table(model, vectors, shape):
    plan = plan_of(model, vectors[0], neighbours.visible().filter(**(NARROW | IMPOSSIBLE)[shape]()))
    assert ("Index Scan", index.name(model.pk)) not in plan.scans
    assert plan.read_whole == set()


@pytest.mark.parametrize("shape", MIDDLING)
def test_what_is_compared_here_the_index_answers_in_a_large_shop(model, vectors, shape):
    among = neighbours.visible().filter(**MIDDLING[shape]())
    with pgvector.asking(vectors[0], model, among, SearchVector) as question:
        assert not pgvector._index_effort(question, 5)
        assert pgvector._index_effort(replace(question, indexed=1_000_000), 5)


@pytest.mark.parametrize(("pictures_each", "rows"), [(1, 10), (1.9, 15), (4, 25)])
def test_as_many_rows_are_read_as_products_have_pictures(model, vectors, pictures_each, rows):
    with pgvector.asking(vectors[0], model, neighbours.visible(), SearchVector) as question:
        question = replace(question, indexed=pictures_each * question.products)
        assert pgvector.rows_for(question, 5) == rows


@pytest.mark.parametrize(("of_photo", "kept"), [(False, "120"), (True, "800")])
def test_for_a_photo_the_index_keeps_more_in_view(model, vectors, monkeypatch, of_photo, kept):
    seen = []
    effort = pgvector._index_effort

    def looking(question, limit):
        seen.append(question.cursor.execute("SHOW hnsw.ef_search").fetchone()[0])
        return effort(question, limit)

    monkeypatch.setattr(pgvector, "_index_effort", looking)
    assert len(neighbours.nearest(vectors[0], model, of_photo=of_photo)) == 5
    assert seen == [kept]


def test_what_goes_well_is_compared_for_its_wearer_and_occasion(model, vectors):
    product = Product.objects.filter(gender="Men", usage="Casual").first()
    among = complements.worn_with(product).filter(category__in=list(Category.objects.filter(name="Kind 4")))
    plan = plan_of(model, vectors[0], among, StyleVector)
    assert ("Index Scan", index.name(model.pk, StyleVector)) not in plan.scans
    assert plan.read_whole == set()


@pytest.mark.parametrize("shape", IMPOSSIBLE)
def test_what_nothing_can_be_is_not_found(model, vectors, shape):
    among = neighbours.visible().filter(**IMPOSSIBLE[shape]())
    assert neighbours.search(vectors[0], model, 5, among) == []


LOOKUPS = {
    "the vector of a product": lambda model: neighbours.vector_of(Product(pk=7), model),
    "its style": lambda model: neighbours.vector_of(Product(pk=7), model, StyleVector),
    "other listings of it": lambda model: duplicates.other_listings(Product(pk=7)),
    "what was decided on its strip": lambda model: curation.decisions(Product(pk=7)),
    "a picture of the catalogue, by its bytes": lambda model: photo._known(known_picture()),
    "what each facet of the whole shop counts": lambda model: (
        Listing(QueryDict(), None, CategoryTree()).facets
    ),
}


def known_picture() -> bytes:
    """The bytes of a picture that the catalogue has."""
    content = picture_bytes()
    image = ProductImage.objects.get(pk=7)
    image.checksum = hashlib.sha256(content).hexdigest()
    default_storage.save(image.picture.name, ContentFile(content))
    ProductImage.objects.filter(pk=7).update(checksum=image.checksum)
    return content


@pytest.mark.parametrize("lookup", LOOKUPS)
def test_what_is_looked_up_is_found_without_reading_a_whole_table(model, lookup):
    with statements() as sent:
        assert LOOKUPS[lookup](model) is not None
    asked = [(query, parameters) for query, parameters in sent if query.lstrip().startswith("SELECT")]
    assert asked
    with binary_cursor() as cursor:
        for query, parameters in asked:
            cursor.execute(f"EXPLAIN (FORMAT JSON) {query}", parameters)
            (((plan,),),) = cursor.fetchall()
            assert Plan.of(plan).read_whole == set()


@pytest.mark.parametrize("shape", WIDE | NARROW | MIDDLING)
def test_five_are_found_nearly_always_the_right_ones(model, vectors, shape):
    among = neighbours.visible().filter(**(WIDE | NARROW | MIDDLING)[shape]())
    allowed = set(among.values_list("pk", flat=True))
    products = np.arange(1, SIZE + 1)
    kept = np.isin(products, list(allowed))
    shares = []
    for row in evaluation.sample(SIZE, 40):
        exact = products[kept][np.argsort(-(vectors[kept] @ vectors[row]), kind="stable")[:5]].tolist()
        found = [product for product, _, _ in neighbours.search(vectors[row], model, 5, among)]
        assert len(found) == 5
        assert allowed.issuperset(found)
        shares.append(len(set(found) & set(exact)) / 5)
    assert np.mean(shares) >= 0.95


# All that a page sends, whatever its number of products: those for vectors too, which Django does not count.
PAGES = {
    "/p/b7/": 16,
    "/search/goes-well/b7/": 28,
    "/search/like/b7/": 18,
    "/search/photo/results/?photo={token}": 13,
    "/search/photo/results/?photo={token}&words=colour+8": 19,
    "/api/products/b7/similar/": 11,
    "/api/products/b7/complements/": 26,
    "/api/search/photo/?token={token}": 7,
}


@pytest.mark.parametrize(("address", "count"), PAGES.items())
def test_a_page_sends_so_many_statements(model, vectors, client, address, count):
    address = address.format(token=photo.PhotoQuery(model.pk, vectors[0]).to_token())
    client.get(address)  # the types of a fresh connection are looked up once
    with statements() as sent:
        assert client.get(address).status_code == 200
    assert len(sent) == count, "\n".join(str(query)[:150] for query, _ in sent)


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
