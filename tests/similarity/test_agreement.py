"""How well complements agree with their product, in figures."""

import pytest

from similarity import agreement, style
from similarity.models import EmbeddingModel
from tests.factories import make_category, make_embedding, make_image, make_product

pytestmark = pytest.mark.django_db


@pytest.fixture
def wardrobe():
    """Five reds and five blues of tops and bottoms, each alike within its colour."""
    shelves = [make_category("Topwear"), make_category("Bottomwear")]
    for number in range(5):
        for shelf in shelves:
            for colour, axis in (("Red", (1, 0)), ("Navy Blue", (0, 1))):
                product = make_product(category=shelf, base_colour=colour, season="", usage="Casual")
                make_embedding(make_image(product), *axis, number / 100)
    style.refresh(EmbeddingModel.active())


def test_styles_agree_more_often_than_chance(wardrobe):
    figures = agreement.measure(EmbeddingModel.active(), 100)
    assert (figures["queries"], figures["shown"]) == (20, 1.0)
    assert figures["colour"]["agree"].value == 1.0
    assert 0.2 < figures["colour"]["random"].value < 0.8
    assert figures["colour"]["lift"] == pytest.approx(1 / figures["colour"]["random"].value, abs=0.01)


def test_what_all_have_in_common_is_no_lift(wardrobe):
    assert agreement.measure(EmbeddingModel.active(), 100)["usage"]["lift"] == 1.0


def test_unknown_values_do_not_count(wardrobe):
    season = agreement.measure(EmbeddingModel.active(), 100)["season"]
    assert (season["agree"].queries, season["lift"]) == (0, None)


def test_a_shop_without_styles_has_nothing_to_say(db):
    assert agreement.measure(EmbeddingModel.active(), 100)["queries"] == 0
