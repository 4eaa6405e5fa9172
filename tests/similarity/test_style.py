"""Style vectors: search vectors without what a category has in common."""

import numpy as np
import pytest
from django.core.cache import cache

from similarity import pending, rounds, style, switch, tasks
from similarity.models import EmbeddingModel, SearchVector, StyleVector
from similarity.vectors import binary_cursor, normalise
from tests.factories import make_category, make_embedding, make_image, make_product

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _small_categories_count(monkeypatch):
    monkeypatch.setattr(style, "MEMBERS_MIN", 2)


@pytest.fixture
def model() -> EmbeddingModel:
    return EmbeddingModel.active()


def picture(category, *values: float):
    """A product of `category` whose picture's search vector begins with `values`."""
    image = make_image(make_product(category=category))
    make_embedding(image, *values)
    return image


def search_vector(image) -> np.ndarray:
    return np.asarray(SearchVector.objects.get(image=image).vector, np.float64)


def style_of(image) -> np.ndarray:
    return np.asarray(StyleVector.objects.get(image=image).vector, np.float64)


def without_mean(image, *others) -> np.ndarray:
    """By the definition: the picture's vector less the mean of these pictures, at unit length."""
    return normalise(search_vector(image) - np.mean([search_vector(other) for other in others], axis=0))


def test_it_is_the_vector_less_the_mean_of_its_category(model):
    shirts, shoes = make_category(), make_category()
    one, two = picture(shirts, 1, 0.2), picture(shirts, 1, 0, 0.5)
    shoe, other_shoe = picture(shoes, 0, 0, 0, 1), picture(shoes, 0, 0, 0.3, 1)
    assert style.refresh(model) == 4
    assert style_of(one) == pytest.approx(without_mean(one, one, two), abs=2e-3)
    assert style_of(shoe) == pytest.approx(without_mean(shoe, shoe, other_shoe), abs=2e-3)


def test_style_waits_until_a_catalogue_is_filled(model, monkeypatch):
    shirts = make_category()
    picture(shirts, 1, 0.2), picture(shirts, 1, 0, 0.5)
    monkeypatch.setattr(pending, "FILLING", 0)
    waiting = make_image(make_product(category=shirts))
    tasks.sweep()
    assert not StyleVector.objects.exists()
    make_embedding(waiting, 1, 0.3)
    tasks.sweep()
    assert StyleVector.objects.count() == 3


def test_a_small_category_takes_the_mean_of_the_one_above(model):
    jewellery = make_category()
    ring = picture(make_category(parent=jewellery), 1, 0.2)
    chain = picture(make_category(parent=jewellery), 1, 0, 0.5)
    style.refresh(model)
    assert style_of(ring) == pytest.approx(without_mean(ring, ring, chain), abs=2e-3)
    assert StyleVector.objects.get(image=ring).category == jewellery


def test_without_enough_pictures_the_vector_stays_as_it_is(model):
    lonely = picture(make_category(), 1, 0.2)
    style.refresh(model)
    assert style_of(lonely) == pytest.approx(search_vector(lonely), abs=1e-3)


def test_a_second_time_makes_none(model):
    category = make_category()
    for step in range(3):
        picture(category, 1, step)
    assert style.refresh(model) == 3
    assert style.refresh(model) == 0


def test_a_few_new_pictures_take_the_mean_there_is(model):
    category = make_category()
    first = [picture(category, 1, step / 5) for step in range(6)]
    style.refresh(model)
    before = style_of(first[0])
    new = picture(category, 0, 0, 1)
    assert style.refresh(model) == 1
    assert style_of(new) == pytest.approx(without_mean(new, *first), abs=2e-3)
    assert style_of(first[0]).tolist() == before.tolist()


def test_a_mean_that_has_drifted_is_taken_anew(model):
    category = make_category()
    pictures = [picture(category, 1, 0.2), picture(category, 1, 0.4)]
    style.refresh(model)
    pictures += [picture(category, 0, step, 1) for step in range(2)]
    assert style.refresh(model) == 4
    assert style_of(pictures[0]) == pytest.approx(without_mean(pictures[0], *pictures), abs=2e-3)


def test_a_product_in_another_category_gets_another_style(model):
    shirts, tops = make_category(), make_category()
    shirt = [picture(shirts, 1, step) for step in range(4)]
    top = [picture(tops, 0, step, 1) for step in range(4)]
    style.refresh(model)
    shirt[0].product.category = tops
    shirt[0].product.save()
    assert style.refresh(model) == 1
    assert style_of(shirt[0]) == pytest.approx(without_mean(shirt[0], *top), abs=2e-3)


def test_a_picture_that_was_embedded_anew_gets_a_new_style(model):
    category = make_category()
    one, _ = picture(category, 1, 0.2), picture(category, 1, 0, 0.5)
    style.refresh(model)
    with binary_cursor() as cursor:
        vector = np.eye(1, model.dimensions, 5, dtype=np.float32)
        switch.store_vectors(cursor, model, [one.pk], [one.product_id], vector)
    assert not StyleVector.objects.filter(image=one).exists()
    assert style.refresh(model) == 1
    assert style_of(one)[5] > 0.5


def test_a_model_takes_over_with_its_styles(model):
    category = make_category()
    images = [picture(category, 1, step) for step in range(3)]
    style.refresh(model)
    successor = EmbeddingModel.objects.create(backbone=model.backbone, dimensions=2048)
    assert switch.activate_when_complete() == successor
    of_successor = StyleVector.objects.filter(model=successor)
    assert set(of_successor.values_list("image", flat=True)) == {image.pk for image in images}
    assert len(of_successor.first().vector) == 2048


class TestRounds:
    @pytest.fixture(autouse=True)
    def _parts_of_four(self, monkeypatch, model):
        cache.delete(f"{style.ROUND}.{model.pk}")
        monkeypatch.setattr(rounds, "PICTURES", 4)

    def test_a_new_mean_makes_its_whole_category_at_once(self, model):
        category = make_category()
        for step in range(9):
            picture(category, 1, step)
        assert style.tend(model) == 9
        assert style.tend(model) == 0

    def test_what_is_missing_is_made_when_its_turn_comes(self, model):
        category = make_category()
        pictures = [picture(category, 1, step) for step in range(9)]
        assert style.tend(model) == 9  # the round has begun: pictures 0 to 3 are looked at
        StyleVector.objects.filter(image__in=[pictures[0], pictures[5], pictures[8]]).delete()
        assert style.tend(model) == 2  # 4 to 7, and the newest
        assert not StyleVector.objects.filter(image=pictures[0]).exists()
        assert style.tend(model) == 0  # 8, and the round has ended
        assert style.tend(model) == 1
        assert style_of(pictures[0]) == pytest.approx(without_mean(pictures[0], *pictures), abs=2e-3)

    def test_means_are_looked_at_only_when_a_round_begins(self, model):
        category = make_category()
        for step in range(9):
            picture(category, 1, step)
        style.tend(model)
        for step in range(9):
            picture(category, 0, step, 1)  # the mean has drifted
        while not rounds.next_part(f"{style.ROUND}.{model.pk}").begins:
            style.tend(model)
        assert model.style_means.get().members == 9
        assert style.tend(model) == 18
        assert model.style_means.get().members == 18

    def test_a_product_that_moved_gets_another_style_when_its_turn_comes(self, model):
        shirts, tops = make_category(), make_category()
        shirt = [picture(shirts, 1, step) for step in range(5)]
        top = [picture(tops, 0, step, 1) for step in range(5)]
        style.tend(model)
        shirt[4].product.category = tops
        shirt[4].product.save()
        style.tend(model)
        assert StyleVector.objects.get(image=shirt[4]).category == tops
        assert style_of(shirt[4]) == pytest.approx(without_mean(shirt[4], *top), abs=2e-3)


def test_a_category_that_has_become_small_loses_its_mean(model):
    above = make_category()
    small, large = make_category(parent=above), make_category(parent=above)
    first = [picture(small, 1, step) for step in range(2)]
    others = [picture(large, 0, step, 1) for step in range(3)]
    style.refresh(model)
    first[0].product.delete()
    style.refresh(model)
    assert StyleVector.objects.get(image=first[1]).category == above
    assert style_of(first[1]) == pytest.approx(without_mean(first[1], first[1], *others), abs=2e-3)
