"""What a picture most likely shows, learned from the shop's attributes."""

import numpy as np
import pytest

from similarity import classifier
from similarity.classifier import Classifier, fit_classifier
from tests.similarity.test_refinement import clouds


def likely(learned: Classifier, features: np.ndarray, mean: np.ndarray, head: int = 0) -> np.ndarray:
    return classifier.by_head(learned.probabilities(features - mean), learned.sizes)[head]


def test_products_that_it_has_not_seen_are_taken_for_what_they_are():
    (features, labels), (new, new_labels) = clouds(seed=3), clouds(seed=4)
    mean = features.mean(axis=0)
    learned = fit_classifier(features, {"articleType": labels}, mean)
    taken_for = np.unique(labels)[likely(learned, new, mean).argmax(axis=1)]
    assert (taken_for == new_labels).mean() > 0.7


def test_each_attribute_has_probabilities_of_its_own():
    features, labels = clouds(per_class=20)
    halves = np.where(labels < "4", "low", "high")
    mean = features.mean(axis=0)
    learned = fit_classifier(features, {"articleType": labels, "gender": halves}, mean)
    assert learned.sizes == [8, 2]
    for head in (0, 1):
        assert likely(learned, features, mean, head).sum(axis=1) == pytest.approx(1, abs=1e-4)
    agreed = np.array(["high", "low"])[likely(learned, features, mean, 1).argmax(axis=1)] == halves
    assert agreed.mean() > 0.9


def test_unknown_values_teach_nothing():
    features, labels = clouds(per_class=20)
    mean = features.mean(axis=0)
    half = labels.copy()
    half[1::2] = ""
    learned = fit_classifier(features, {"articleType": half}, mean)
    assert learned.sizes == [8]
    taken_for = np.unique(labels)[likely(learned, features, mean).argmax(axis=1)]
    assert (taken_for == labels)[half != ""].all()


def test_no_more_numbers_are_kept_than_say_it():
    features, labels = clouds(per_class=20)
    learned = fit_classifier(features, {"articleType": labels}, features.mean(axis=0))
    assert learned.apply(features).shape == (160, 8)
    assert np.linalg.norm(learned.apply(features), axis=1) == pytest.approx(1, abs=1e-4)


def test_of_many_classes_those_numbers_are_kept_that_say_the_most(monkeypatch):
    monkeypatch.setattr(classifier, "DIMENSIONS", 4)
    features, labels = clouds(per_class=20)
    learned = fit_classifier(features, {"articleType": labels}, features.mean(axis=0))
    assert learned.apply(features).shape == (160, 4)


def test_fitting_is_repeatable():
    features, labels = clouds(per_class=20)
    one, two = (fit_classifier(features, {"gender": labels}, features.mean(axis=0)) for _ in range(2))
    assert np.array_equal(one.weights, two.weights)


def test_progress_is_told_to_the_end():
    features, labels = clouds(per_class=5)
    shares: list[float] = []
    fit_classifier(features, {"gender": labels}, features.mean(axis=0), shares.append)
    assert shares == sorted(shares)
    assert shares[-1] == 1
