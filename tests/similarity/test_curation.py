"""Pinned and hidden look-alikes: the shopper's strip, the API and the admin obey."""

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from similarity import curation, matches
from similarity.bands import Band, Calibration, Curve
from similarity.models import Curation, EmbeddingModel
from tests.catalog.test_admin_products import change, form
from tests.factories import make_embedding, make_image, make_product, make_user
from tests.pages import text

pytestmark = pytest.mark.django_db


def product_like(*values: float, **fields):
    product = make_product(**fields)
    make_embedding(make_image(product), *values)
    return product


@pytest.fixture
def shirt():
    return product_like(1, 0, name="The Shirt")


@pytest.fixture
def others():
    """Six products, each a little less like the shirt."""
    return [product_like(1, 0.1 * step, name=f"Other {step}") for step in range(1, 7)]


def decide(product, other, decision: str, position: int = 0) -> Curation:
    return Curation.objects.create(product=product, other=other, decision=decision, position=position)


def strip(product, **options) -> list:
    return [neighbour.product for neighbour in curation.strip(product, **options)]


class TestTheStrip:
    def test_nothing_decided_leaves_the_nearest(self, shirt, others):
        assert strip(shirt) == others[:5]

    def test_the_pinned_come_first_in_their_order(self, shirt, others):
        decide(shirt, others[5], "pinned", position=2)
        decide(shirt, others[3], "pinned", position=1)
        assert strip(shirt) == [others[3], others[5], *others[:3]]

    def test_the_hidden_never_appear_and_leave_their_place(self, shirt, others):
        decide(shirt, others[0], "hidden")
        assert strip(shirt) == others[1:6]

    def test_a_pin_beyond_the_limit_waits(self, shirt, others):
        for place, other in enumerate(others):
            decide(shirt, other, "pinned", position=-place % 7)
        assert strip(shirt, limit=2) == [others[0], others[5]]

    def test_a_strip_of_certain_products_stays_one(self, shirt, others):
        decide(shirt, others[5], "pinned")
        only = type(shirt).objects.filter(pk__in=[other.pk for other in others[:2]])
        assert strip(shirt, among=only) == others[:2]

    def test_sold_out_a_pinned_one_counts_like_any_other(self, shirt, others):
        type(shirt).objects.filter(pk=others[5].pk).update(stock=0)
        decide(shirt, others[5], "pinned")
        assert strip(shirt, limit=6) == others

    def test_an_inactive_one_is_not_shown_because_it_is_pinned(self, shirt, others):
        type(shirt).objects.filter(pk=others[5].pk).update(is_active=False)
        decide(shirt, others[5], "pinned")
        assert strip(shirt) == others[:5]

    def test_the_word_counts_for_this_strip_alone(self, shirt, others):
        decide(shirt, others[0], "hidden")
        assert others[0] in strip(others[1])

    def test_a_pin_counts_more_than_the_floor(self, shirt, others):
        nothing_is_alike = Curve([], dict.fromkeys(Band, 0.9999))
        calibration = Calibration(nothing_is_alike, None, [], queries=0, pairs=0, same_photo=1.0)
        EmbeddingModel.objects.update(calibration=calibration.as_json())
        decide(shirt, others[5], "pinned")
        assert [match.product for match in matches.shown(curation.strip(shirt))] == [others[5]]


class TestTheRows:
    def test_a_pair_is_decided_once(self, shirt, others):
        decide(shirt, others[0], "pinned")
        with pytest.raises(IntegrityError, match="curation_once_per_pair"), transaction.atomic():
            decide(shirt, others[0], "hidden")

    def test_a_product_is_not_in_its_own_strip(self, shirt):
        with pytest.raises(IntegrityError, match="curation_of_another_product"), transaction.atomic():
            decide(shirt, shirt, "pinned")

    def test_only_two_decisions_exist(self, shirt, others):
        with pytest.raises(IntegrityError, match="curation_known_decision"), transaction.atomic():
            decide(shirt, others[0], "loved")


class TestForShoppers:
    def test_page_page_of_all_and_api_obey(self, client, shirt, others):
        decide(shirt, others[5], "pinned")
        decide(shirt, others[0], "hidden")
        found = client.get(f"/api/products/{shirt.slug}/similar/").json()["results"]
        assert [each["name"] for each in found] == ["Other 6", "Other 2", "Other 3", "Other 4", "Other 5"]
        for address in (shirt.get_absolute_url(), f"/search/like/{shirt.slug}/"):
            words = text(client.get(address))
            assert words.index("Other 6") < words.index("Other 2")
            assert "Other 1" not in words

    def test_nobody_is_told_what_is_pinned(self, client, shirt, others):
        decide(shirt, others[5], "pinned")
        assert "pinned" not in client.get(shirt.get_absolute_url()).content.decode()
        assert "pinned" not in client.get(f"/api/products/{shirt.slug}/similar/").content.decode()


def logged_in(role: str) -> Client:
    client = Client()
    client.force_login(make_user(role))
    return client


class TestInTheAdmin:
    def press(self, client: Client, product, word: str) -> int:
        return client.post(
            reverse("admin:catalog_product_curate", args=[product.pk]), {"curate": word}
        ).status_code

    def test_a_button_pins_behind_what_is_pinned(self, shirt, others):
        decide(shirt, others[1], "pinned", position=4)
        assert self.press(logged_in("merchandiser"), shirt, f"pinned:{others[5].pk}") == 302
        assert strip(shirt)[:2] == [others[1], others[5]]

    def test_a_button_hides_and_another_takes_the_word_back(self, shirt, others):
        merchandiser = logged_in("merchandiser")
        self.press(merchandiser, shirt, f"hidden:{others[0].pk}")
        assert others[0] not in strip(shirt)
        self.press(merchandiser, shirt, f"none:{others[0].pk}")
        assert strip(shirt) == others[:5]

    @pytest.mark.parametrize("word", ["", "pinned:", "pinned:²", "pinned:0", "hidden:99999999999999999999"])
    def test_a_garbled_word_changes_nothing(self, shirt, others, word):
        assert self.press(logged_in("merchandiser"), shirt, word) == 404
        assert not Curation.objects.exists()

    def test_the_page_marks_what_is_pinned_and_offers_the_buttons(self, shirt, others):
        decide(shirt, others[5], "pinned")
        page = logged_in("merchandiser").get(change(shirt)).content.decode()
        assert page.count('<b class="look-state look-ready">pinned</b>') == 1
        assert f'value="none:{others[5].pk}"' in page
        assert f'value="hidden:{others[0].pk}"' in page

    @pytest.mark.parametrize("role", ["viewer", "operator"])
    def test_others_see_the_mark_but_no_buttons(self, shirt, others, role):
        decide(shirt, others[5], "pinned")
        page = logged_in(role).get(change(shirt)).content.decode()
        assert '<b class="look-state look-ready">pinned</b>' in page
        assert 'name="curate"' not in page
        assert self.press(logged_in(role), shirt, f"hidden:{others[0].pk}") == 403

    def test_rows_are_added_in_place_by_autocomplete(self, shirt, others):
        merchandiser = logged_in("merchandiser")
        asked = {
            "app_label": "similarity",
            "model_name": "curation",
            "field_name": "other",
            "term": "Other 6",
        }
        offers = merchandiser.get(reverse("admin:autocomplete"), asked).json()["results"]
        (offered,) = [offer for offer in offers if offer["id"] == str(others[5].pk)]
        sent = form(shirt) | {
            "curations-TOTAL_FORMS": "1",
            "curations-0-product": shirt.pk,
            "curations-0-other": offered["id"],
            "curations-0-decision": "pinned",
            "curations-0-position": "0",
        }
        assert merchandiser.post(change(shirt), sent).status_code == 302
        assert strip(shirt)[0] == others[5]

    def test_the_same_product_twice_is_an_error_in_words(self, shirt, others):
        decide(shirt, others[5], "hidden")
        sent = form(shirt) | {
            "curations-TOTAL_FORMS": "1",
            "curations-0-product": shirt.pk,
            "curations-0-other": others[5].pk,
            "curations-0-decision": "pinned",
            "curations-0-position": "0",
        }
        answer = logged_in("merchandiser").post(change(shirt), sent)
        assert "This product is pinned or hidden here already." in answer.content.decode()
