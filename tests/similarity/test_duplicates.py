"""The same photo, or nearly, on two products."""

import io
from typing import Any

import numpy as np
import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from PIL import Image, ImageDraw

from catalog.models import ProductImage
from similarity import calibration, duplicates, rounds, switch
from similarity.models import Compared, EmbeddingModel, NearDuplicate
from similarity.vectors import binary_cursor
from tests.factories import make_embedding, make_image, make_product, make_user
from tests.pages import cards

pytestmark = pytest.mark.django_db


def drawn(colour: str = "navy", quality: int = 95, size: tuple[int, int] = (240, 320)) -> bytes:
    """A tee, drawn large and brought to `size`."""
    picture = Image.new("RGB", (480, 640), "white")
    draw = ImageDraw.Draw(picture)
    draw.rectangle((120, 160, 360, 520), colour)
    draw.polygon([(120, 160), (40, 280), (100, 320), (160, 240)], colour)
    draw.polygon([(360, 160), (440, 280), (380, 320), (320, 240)], colour)
    out = io.BytesIO()
    picture.resize(size, Image.Resampling.BICUBIC).save(out, "JPEG", quality=quality)
    return out.getvalue()


def with_picture(content: bytes, *values: float, **fields: Any) -> ProductImage:
    image = make_image(make_product(**fields), content)
    make_embedding(image, *values)
    return image


def pairs() -> list[tuple[int, int]]:
    return list(NearDuplicate.objects.order_by("id").values_list("one_id", "other_id"))


def upcoming() -> list[int]:
    images = list(ProductImage.objects.values_list("pk", flat=True))
    return duplicates._upcoming(EmbeddingModel.active(), images)


def test_a_smaller_and_rougher_copy_is_found():
    one = with_picture(drawn(), 1, 0)
    other = with_picture(drawn(quality=60, size=(180, 240)), 1, 0.05)
    assert duplicates.find(10) is False
    assert pairs() == [(one.pk, other.pk)]
    pair = NearDuplicate.objects.get()
    assert pair.similarity == pytest.approx(0.999, abs=0.001)
    assert not pair.is_same_file


def test_copies_are_told_from_another_colour():
    original, copy, other = drawn(), drawn(quality=70, size=(192, 256)), drawn("teal")
    images = [with_picture(content, 1, 0) for content in (original, copy, other)]
    small = [duplicates._small(image.picture.name) for image in images]
    assert duplicates.difference(small[0], small[1]) < duplicates.MAX_DIFFERENCE / 2
    assert duplicates.difference(small[0], small[2]) > duplicates.MAX_DIFFERENCE


def test_two_white_things_on_white_are_still_two():
    with_picture(drawn("whitesmoke"), 1, 0)
    with_picture(drawn("floralwhite"), 1, 0)
    duplicates.find(10)
    assert pairs() == []


def test_pictures_that_only_look_alike_to_the_network_are_no_duplicates():
    with_picture(drawn("navy"), 1, 0)
    with_picture(drawn("teal"), 1, 0)
    duplicates.find(10)
    assert pairs() == []


def test_equal_pixels_far_apart_in_the_space_are_not_even_proposed():
    with_picture(drawn(), 1, 0)
    with_picture(drawn(quality=60), 0, 1)
    duplicates.find(10)
    assert pairs() == []


def test_the_very_same_file_in_two_listings_is_marked():
    with_picture(drawn(), 1, 0)
    with_picture(drawn(), 1, 0)
    duplicates.find(10)
    assert NearDuplicate.objects.get().is_same_file


def test_two_pictures_of_one_product_are_no_duplicates():
    one = with_picture(drawn(), 1, 0)
    make_embedding(make_image(one.product, drawn(quality=60), position=1), 1, 0)
    duplicates.find(10)
    assert pairs() == []


def test_what_was_compared_is_not_compared_again():
    for number in range(3):
        with_picture(drawn(), 1, number / 100)
    duplicates.find(10)
    assert Compared.objects.count() == 3
    assert upcoming() == []
    assert duplicates.counts() == duplicates.Counts(pairs=3, same_file=3, to_compare=0)
    newcomer = with_picture(drawn("teal"), 0, 1)
    assert duplicates.counts().to_compare == 1
    assert upcoming() == [newcomer.pk]


def test_no_time_leaves_the_rest_for_the_next_turn():
    with_picture(drawn(), 1, 0)
    assert duplicates.find(0) is True
    assert Compared.objects.count() == 0


def test_it_goes_round_a_large_catalogue_a_part_at_a_time(monkeypatch):
    cache.delete(duplicates.ROUND)
    monkeypatch.setattr(rounds, "PICTURES", 4)
    images = [with_picture(drawn(), 1, number / 100) for number in range(9)]
    parts = []
    for _ in range(3):
        before = set(Compared.objects.values_list("image", flat=True))
        parts.append((duplicates.find(10), Compared.objects.exclude(image__in=before).count()))
    assert parts == [(True, 5), (True, 4), (False, 0)]  # the newest came with the first part
    Compared.objects.filter(image=images[5]).delete()
    duplicates.find(10)
    assert upcoming() == [images[5].pk]  # not in the first part
    duplicates.find(10)
    assert upcoming() == []


def test_a_part_that_took_too_long_comes_again(monkeypatch):
    cache.delete(duplicates.ROUND)
    monkeypatch.setattr(rounds, "PICTURES", 4)
    for number in range(6):
        with_picture(drawn(), 1, number / 100)
    assert duplicates.find(0) is True
    assert duplicates.find(10) is True
    assert Compared.objects.count() == 5


def test_a_picture_with_a_new_vector_is_compared_anew():
    one = with_picture(drawn(), 1, 0)
    with_picture(drawn(quality=60), 1, 0.01)
    duplicates.find(10)
    model = EmbeddingModel.active()
    with binary_cursor() as cursor:
        switch.store_vectors(cursor, model, [one.pk], [one.product_id], np.eye(1, model.dimensions))
    assert pairs() == []
    assert duplicates.counts().to_compare == 1
    duplicates.find(10)
    assert len(pairs()) == 1


def test_another_listing_of_the_picture_is_not_shown_as_similar(client: Client):
    product = make_product(name="Tee")
    make_embedding(make_image(product, drawn()), 1, 0)
    with_picture(drawn(), 1, 0, name="Tee, listed again")
    with_picture(drawn("teal"), 1, 0.05, name="Another tee")
    assert cards(client.get(product.get_absolute_url())) == ["Another tee"]
    results = client.get(f"/api/products/{product.slug}/similar/").json()["results"]
    assert [result["name"] for result in results] == ["Another tee"]


def test_the_admin_shows_both_pictures_and_leads_to_both_products():
    one, other = with_picture(drawn(), 1, 0, name="Left"), with_picture(drawn(quality=60), 1, 0, name="Right")
    duplicates.find(10)
    client = Client()
    client.force_login(make_user("viewer"))
    page = client.get(reverse("admin:similarity_nearduplicate_changelist")).content.decode()
    for image in (one, other):
        assert reverse("admin:catalog_product_change", args=[image.product_id]) in page
        assert image.checksum in page
    assert "1.000" in page


def test_the_list_costs_the_same_number_of_queries(django_assert_max_num_queries, django_assert_num_queries):
    client = Client()
    client.force_login(make_user("viewer"))
    address = reverse("admin:similarity_nearduplicate_changelist")
    for number in range(2):
        with_picture(drawn(), 1, number / 100)
    duplicates.find(10)
    with django_assert_max_num_queries(9) as few:
        client.get(address)
    for number in range(3):
        with_picture(drawn(), 1, number / 100)
    duplicates.find(10)
    with django_assert_num_queries(len(few)):
        client.get(address)


def test_a_copy_as_the_calibration_makes_it_passes():
    picture = Image.open(io.BytesIO(drawn()))
    (copy,) = calibration.copied([picture])
    assert copy.size == (192, 256)
    small = [np.asarray(each.resize((24, 24), Image.Resampling.BOX), np.float32) for each in (picture, copy)]
    assert duplicates.difference(*small) < duplicates.MAX_DIFFERENCE / 2
