"""What a cosine is told as: bands and percentages, calibrated on labelled pairs."""

import json
import math
import re
from typing import Any

import numpy as np
import pytest
from django.test import Client

from catalog.models import Product
from similarity import bands, calibration, queries, weights
from similarity.bands import Band, Calibration, Curve
from similarity.gallery import Gallery
from similarity.models import EmbeddingModel
from similarity.photo import PhotoQuery
from similarity.vectors import normalise
from tests.factories import make_embedding, make_image, make_product
from tests.pages import cards, text

CUTS = {Band.CLOSE: 0.8, Band.SIMILAR: 0.6, Band.LOOSE: 0.3}
CURVE = Curve([(0.0, 0.0), (0.3, 0.05), (0.6, 0.25), (0.8, 0.5), (1.0, 1.0)], CUTS)


def calibrate_active(curve: Curve = CURVE, photos: Curve | None = None) -> None:
    content = Calibration(curve, photos, ["articleType"], 10, 100, 0.9).as_json()
    EmbeddingModel.objects.filter(is_active=True).update(calibration=content)


def product_at(cosine: float, **fields: Any) -> Product:
    """A product whose picture has this cosine with the direction (1, 0)."""
    product = make_product(**fields)
    make_embedding(make_image(product), cosine, math.sqrt(1 - cosine**2))
    return product


class TestCurve:
    def test_probabilities_are_those_of_the_pairs_and_never_fall(self):
        cosines = np.concatenate([np.full(100, 0.1), np.full(100, 0.5), np.full(100, 0.9)])
        alike = np.concatenate([np.arange(100) < 10, np.arange(100) < 60, np.arange(100) < 50])
        curve = Curve.of_labelled(cosines, alike)
        assert curve.probability(0.1) == pytest.approx(0.10, abs=0.01)
        assert curve.probability(0.5) == pytest.approx(0.55, abs=0.01)  # 0.60 and 0.50, pooled
        assert curve.probability(0.9) == pytest.approx(0.55, abs=0.01)
        probabilities = [probability for _, probability in curve.knots]
        assert probabilities == sorted(probabilities)

    def test_the_same_picture_is_alike(self):
        assert Curve.of_labelled(np.array([0.2, 0.8]), np.array([False, False])).probability(1.0) == 1

    def test_pooling_keeps_the_mean_of_what_it_pools(self):
        assert bands.rising([(0.1, 1), (0.6, 1), (0.3, 2), (0.9, 1)]) == pytest.approx([0.1, 0.4, 0.4, 0.9])

    def test_a_band_begins_where_its_probability_is_reached(self):
        rng = np.random.default_rng(0)
        cosines = rng.uniform(0, 1, 40_000)
        curve = Curve.of_labelled(cosines, rng.uniform(0, 1, 40_000) < cosines)
        assert curve.cuts[Band.CLOSE] == pytest.approx(0.5, abs=0.03)
        assert curve.cuts[Band.SIMILAR] == pytest.approx(0.25, abs=0.03)
        assert curve.cuts[Band.LOOSE] == pytest.approx(0.05, abs=0.03)

    def test_below_the_floor_there_is_no_band(self):
        assert CURVE.bands([0.9, 0.7, 0.5]) == [Band.CLOSE, Band.SIMILAR, Band.LOOSE]
        assert CURVE.bands([0.29]) == [None]

    def test_far_behind_the_best_a_result_is_a_band_less_but_still_there(self):
        assert CURVE.bands([0.81]) == [Band.CLOSE]
        assert CURVE.bands([1.0, 0.81, 0.79, 0.31]) == [Band.CLOSE, Band.CLOSE, Band.LOOSE, Band.LOOSE]
        wide = Curve(CURVE.knots, CUTS | {Band.SIMILAR: 0.7})
        assert wide.bands([1.0, 0.85]) == [Band.CLOSE, Band.SIMILAR]

    def test_without_labels_bands_tell_how_rare_such_a_pair_is_and_no_percentage(self):
        curve = Curve.of_random(np.linspace(0, 1, 10_001))
        assert curve.cuts == pytest.approx({Band.CLOSE: 0.9995, Band.SIMILAR: 0.995, Band.LOOSE: 0.95})
        assert curve.probability(0.97) is None
        assert curve.bands([0.97, 0.94]) == [Band.LOOSE, None]

    def test_it_survives_being_stored(self):
        found = Calibration(CURVE, None, ["articleType"], 10, 100, 0.97)
        assert Calibration.from_json(json.loads(json.dumps(found.as_json()))) == found
        assert found.curve(of_photo=True) is CURVE


class TestMeasuring:
    def gallery(self, **attributes: list[str]) -> Gallery:
        """Sixty products in two tight groups."""
        rng = np.random.default_rng(0)
        centres = np.repeat(np.eye(2, 8, dtype=np.float32), 30, axis=0)
        features = normalise(centres + rng.normal(0, 0.05, (60, 8)).astype(np.float32))
        ids = np.arange(60)
        named = {name: np.array(values) for name, values in attributes.items()}
        return Gallery(ids, ids, ids.astype(str), features, named)

    def test_near_pairs_of_well_labelled_groups_are_surely_alike(self):
        products = self.gallery(articleType=["Shirt"] * 30 + ["Dress"] * 30)
        asked = queries.of_rows(products, np.arange(60))
        found = calibration.measure(products, None, asked, None)
        assert found.labels == ["articleType"]
        assert found.pictures.probability(0.98) == 1
        assert found.pictures.probability(0.0) == 0

    def test_labels_that_mean_nothing_promise_nothing(self):
        products = self.gallery(articleType=["Shirt", "Dress"] * 30)
        found = calibration.measure(products, None, queries.of_rows(products, np.arange(60)), None)
        assert 0.3 < found.pictures.probability(0.95) < 0.7

    def test_unlabelled_products_are_calibrated_by_rarity(self):
        products = self.gallery(articleType=[""] * 60)
        found = calibration.measure(products, None, queries.of_rows(products, np.arange(60)), None)
        assert found.labels == []
        assert found.pictures.knots == []


def test_the_bundled_model_comes_with_its_calibration():
    found = Calibration.from_json(json.loads(weights.read("fashion").calibration.read_text()))
    assert found.labels == ["articleType", "baseColour"]
    assert found.photos
    for curve in (found.pictures, found.photos):
        assert -1 < curve.cuts[Band.LOOSE] < curve.cuts[Band.SIMILAR] < curve.cuts[Band.CLOSE] < 1


def told(response: Any) -> list[tuple[str, str]]:
    """(percentage, band) of each card: the one on request, the other in sight."""
    pill = (
        r'title="Of pairs that look as alike as this, (\S+) agree in kind and colour\."[^>]*>'
        r".*?</span>\s*([\w ]+)"
    )
    return [(share, band.strip()) for share, band in re.findall(pill, response.content.decode())]


@pytest.mark.django_db
class TestShown:
    def test_a_fresh_database_has_the_bundled_calibration(self):
        shipped = json.loads(weights.read("fashion").calibration.read_text())
        assert EmbeddingModel.active().calibration == shipped

    def test_a_card_says_the_band_and_keeps_the_percentage_back(self, client: Client):
        calibrate_active()
        asking = product_at(1.0)
        for cosine in (0.9, 0.82, 0.75, 0.65):
            product_at(cosine)
        page = client.get(asking.get_absolute_url())
        assert told(page) == [
            ("75%", "Close match"),
            ("55%", "Close match"),
            ("44%", "Similar"),
            ("31%", "Loosely similar"),  # similar by itself, but far behind the best
        ]
        assert "%" not in text(page)

    def test_the_page_of_look_alikes_says_what_the_bands_mean(self, client: Client):
        calibrate_active()
        asking = product_at(1.0)
        product_at(0.9)
        words = text(client.get(f"/search/like/{asking.slug}/"))
        assert "Close match 50% or more Similar 25% or more Loosely similar 5% or more" in words

    def test_where_nothing_was_measured_no_share_is_told(self, client: Client):
        calibrate_active(Curve([], {Band.CLOSE: 0.8, Band.SIMILAR: 0.6, Band.LOOSE: 0.3}))
        asking = product_at(1.0)
        product_at(0.9)
        page = client.get(f"/search/like/{asking.slug}/")
        assert "Similarity: Close match" in text(page)
        assert "%" not in text(page)
        assert told(page) == []

    def test_below_the_floor_the_strip_shows_fewer(self, client: Client):
        calibrate_active()
        asking = product_at(1.0)
        for number, cosine in enumerate((0.9, 0.4, 0.2, 0.1)):
            product_at(cosine, name=f"Alike {number}")
        assert cards(client.get(asking.get_absolute_url())) == ["Alike 0", "Alike 1"]

    def test_without_any_that_is_near_enough_there_is_no_strip(self, client: Client):
        calibrate_active()
        asking = product_at(1.0)
        product_at(0.1)
        assert "Looks similar" not in text(client.get(asking.get_absolute_url()))

    def test_the_page_of_look_alikes_says_when_nothing_is_close(self, client: Client):
        calibrate_active()
        asking = product_at(1.0, name="Tent")
        product_at(0.1, name="Sock")
        words = text(client.get(f"/search/like/{asking.slug}/"))
        assert "Nothing close to Tent" in words
        assert "More like Tent" not in words
        assert words.index("The nearest we have:") < words.index("Sock")
        assert "Similarity:" not in words

    def test_a_photo_that_nothing_is_close_to_gets_the_nearest_under_another_heading(self, client: Client):
        calibrate_active()
        product_at(0.1, name="Sock")
        words = text(client.get("/search/photo/results/", {"photo": photo_token()}))
        assert "Nothing close to your photo" in words
        assert "Looks like your photo" not in words
        assert words.index("The nearest we have:") < words.index("Sock")

    def test_photos_have_a_curve_of_their_own(self, client: Client):
        photos = Curve(
            [(0.0, 0.0), (0.4, 0.5), (1.0, 1.0)], {Band.CLOSE: 0.4, Band.SIMILAR: 0.3, Band.LOOSE: 0.1}
        )
        calibrate_active(photos=photos)
        asking = product_at(1.0)
        product_at(0.42)
        results = client.get("/search/photo/results/", {"photo": photo_token()})
        # The second is close by itself, but far behind the best.
        assert told(results) == [("100%", "Close match"), ("52%", "Similar")]
        assert told(client.get(asking.get_absolute_url())) == [("13%", "Loosely similar")]

    def test_the_api_gives_all_with_band_and_percent_beside_the_raw_cosine(self, client: Client):
        calibrate_active()
        asking = product_at(1.0)
        for cosine in (0.9, 0.1):
            product_at(cosine)
        near, far = client.get(f"/api/products/{asking.slug}/similar/").json()["results"]
        assert (near["band"], near["match"]) == ("close", 75)
        assert near["similarity"] == pytest.approx(0.9, abs=1e-3)
        assert (far["band"], far["match"]) == (None, 2)

    def test_a_model_without_calibration_shows_all_and_claims_nothing(self, client: Client):
        EmbeddingModel.objects.update(calibration=None)
        asking = product_at(1.0)
        product_at(0.05, name="Sock")
        response = client.get(asking.get_absolute_url())
        assert cards(response) == ["Sock"]
        assert "Similarity:" not in text(response)
        result = client.get(f"/api/products/{asking.slug}/similar/").json()["results"][0]
        assert (result["band"], result["match"]) == (None, None)


def photo_token() -> str:
    model = EmbeddingModel.active()
    return PhotoQuery(model.pk, np.eye(1, model.dimensions, dtype=np.float32)[0]).to_token()
