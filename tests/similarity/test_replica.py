"""Look-alikes and complements are read from a replica where there is one."""

import pytest
from django.db import connections

from similarity import complements, curation, neighbours, style
from similarity.engines import pgvector
from similarity.models import EmbeddingModel, Group
from tests.factories import make_category, make_embedding, make_image, make_product

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(params=["", "/nowhere,"], ids=["one host", "the second of two hosts"])
def replica(settings, request):
    """A second connection to the same server, which cannot write."""
    second = connections["default"].copy("replica")
    options = second.settings_dict["OPTIONS"]
    options["host"] = f"{request.param}{options.get('host') or second.settings_dict['HOST']}"
    options["options"] = "-c default_transaction_read_only=on"
    second.settings_dict["HOST"] = ""
    connections["replica"] = second
    settings.LOOKALIKE_READS = "replica"
    yield second
    second.close()
    del connections["replica"]


@pytest.fixture
def asked(monkeypatch) -> list[str]:
    """The databases that vectors were read from."""
    names: list[str] = []

    for module in (neighbours, pgvector):
        original = module.binary_cursor

        def seen(using="default", original=original):
            names.append(using)
            return original(using)

        monkeypatch.setattr(module, "binary_cursor", seen)
    return names


def embedded(*values: float, **fields):
    product = make_product(**fields)
    make_embedding(make_image(product), *values)
    return product


def test_a_strip_is_read_from_it(replica, asked):
    shirt, other = embedded(1.0), embedded(1.0, 0.1)
    (match,) = curation.strip(shirt)
    assert match.product == other
    assert set(asked) == {"replica"}
    assert match.product._state.db == "replica"


def test_complements_are_read_from_it(replica, asked):
    shirts, shoes = make_category("Topwear"), make_category("Footwear")
    shirt, shoe = embedded(1.0, category=shirts), embedded(1.0, 0.1, category=shoes)
    style.refresh(EmbeddingModel.active())
    assert [(one.product, one.group) for one in complements.of_product(shirt)] == [(shoe, Group.FOOTWEAR)]
    assert set(asked) == {"replica"}


def test_a_strip_costs_the_same_queries_as_without(replica, django_assert_num_queries):
    shirt = embedded(1.0)
    embedded(1.0, 0.1)
    neighbours.of_product(shirt)
    with django_assert_num_queries(1):  # which model answers
        neighbours.of_product(shirt)
    # Products and their pictures; and two searches, in stock and sold out, begin and end a transaction each.
    with django_assert_num_queries(6, connection=replica):
        neighbours.of_product(shirt)


def test_what_a_worker_asks_is_read_from_where_it_writes(replica, asked):
    shirt = embedded(1.0)
    model = EmbeddingModel.active()
    vector = neighbours.vector_of(shirt, model)
    asked.clear()
    neighbours.search(vector, model, 5, neighbours.visible())
    assert set(asked) == {"default"}


def test_without_one_everything_is_read_from_the_one_database(asked):
    shirt = embedded(1.0)
    embedded(1.0, 0.1)
    assert len(neighbours.of_product(shirt)) == 1
    assert set(asked) == {"default"}
