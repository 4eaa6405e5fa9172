"""From features to search vectors: how a picture looks, and what it most likely shows."""

from dataclasses import replace

import numpy as np
import pytest

from similarity.classifier import fit_classifier
from similarity.evaluation import instance_ranks, nearest_rows
from similarity.refinement import Projection, fit_pca, fit_photo_whitened, search_vectors
from similarity.vectors import normalise


def clouds(per_class: int = 60, classes: int = 8, seed: int = 3) -> tuple[np.ndarray, np.ndarray]:
    """Unit features (n, 2048) whose class shows in a few weak directions under much stronger noise."""
    rng = np.random.default_rng(seed)
    labels = np.repeat(np.arange(classes), per_class)
    features = np.zeros((len(labels), 2048), np.float32)
    features[:, :40] = rng.normal(0, 1, (len(labels), 40))
    features[np.arange(len(labels)), 100 + labels] += 1.2
    features += rng.normal(0, 0.02, features.shape)
    return normalise(features), labels.astype(str)


def agreement(vectors: np.ndarray, labels: np.ndarray) -> float:
    rows = np.arange(len(vectors))
    return float((labels[nearest_rows(vectors, vectors, rows)] == labels[:, None]).mean())


def test_search_vectors_have_unit_length_and_256_dimensions():
    features, _ = clouds()
    vectors = fit_pca(features).apply(features)
    assert vectors.shape == (480, 256)
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(1, abs=1e-4)


def test_principal_components_without_whitening_keep_the_neighbours():
    features, _ = clouds()
    centred = normalise(features - features.mean(axis=0))
    vectors = fit_pca(features, whitening=0.0).apply(features)
    rows = np.arange(len(features))
    same = nearest_rows(vectors, vectors, rows)[:, 0] == nearest_rows(centred, centred, rows)[:, 0]
    assert same.mean() > 0.95


def test_few_products_give_few_dimensions():
    features, _ = clouds(per_class=10)
    assert fit_pca(features).dimensions == 80


def photographed(features: np.ndarray, seed: int) -> np.ndarray:
    """Photos of these features: moved along half of the directions in which products differ."""
    rng = np.random.default_rng(seed)
    moved = np.zeros(features.shape, np.float32)
    moved[:, :20] = rng.normal(0, 0.5, (len(features), 20))
    return normalise(features + moved)


def found_first(projection: Projection, photos: np.ndarray, features: np.ndarray) -> float:
    own = np.arange(len(features))
    return float((instance_ranks(projection.apply(photos), projection.apply(features), own) == 0).mean())


def test_what_photos_change_counts_less():
    (features, _), (new, _) = clouds(seed=3), clouds(seed=5)
    before = fit_pca(features)
    learned = fit_photo_whitened(features, photographed(features, 1), np.arange(len(features)))
    asked = photographed(new, 2)
    assert found_first(learned, asked, new) > found_first(before, asked, new) + 0.3


def test_some_photos_teach_most_of_it():
    features, _ = clouds()
    rows = np.arange(0, len(features), 8)
    learned = fit_photo_whitened(features, photographed(features, 1)[rows], rows)
    asked = photographed(features, 2)
    assert found_first(learned, asked, features) > found_first(fit_pca(features), asked, features) + 0.1


def test_photos_of_few_products_leave_no_more_dimensions_than_these():
    features, _ = clouds(per_class=10)
    learned = fit_photo_whitened(features, photographed(features, 1), np.arange(80))
    assert learned.dimensions == 80
    assert np.linalg.norm(learned.apply(features), axis=1) == pytest.approx(1, abs=1e-4)


def classifying(per_class: int = 60) -> tuple[Projection, np.ndarray, np.ndarray]:
    features, labels = clouds(per_class)
    looks = fit_pca(features)
    learned = fit_classifier(features, {"articleType": labels}, looks.mean)
    return looks.classifying(learned), features, labels


def test_what_pictures_most_likely_show_brings_them_together():
    projection, _, _ = classifying()
    new, labels = clouds(seed=4)
    looks = replace(projection, classifier=None).apply(new)
    assert agreement(projection.apply(new), labels) > agreement(looks, labels) + 0.2


def test_both_parts_of_a_search_vector_count_the_same():
    projection, features, _ = classifying()
    vectors = projection.apply(features)
    assert vectors.shape == (480, 256)
    for part in np.split(vectors, [projection.matrix.shape[1]], axis=1):
        assert np.linalg.norm(part, axis=1) == pytest.approx(0.5**0.5, abs=1e-4)


def test_a_photo_asks_by_its_looks_alone():
    projection, features, _ = classifying()
    looks = replace(projection, classifier=None).apply(features)
    asked = projection.apply(features, of_photos=True)
    np.testing.assert_allclose(asked @ projection.apply(features).T, looks @ looks.T, atol=1e-5)


def test_a_known_picture_asks_as_a_photo_of_it_would():
    projection, features, _ = classifying(per_class=20)
    asked = projection.as_photos(projection.apply(features))
    np.testing.assert_allclose(asked, projection.apply(features, of_photos=True), atol=1e-5)


def test_without_a_projection_features_are_searched():
    features, _ = clouds(per_class=10)
    assert search_vectors(None, features, of_photos=True) is features


@pytest.mark.parametrize("is_classifying", [False, True])
def test_a_projection_survives_storage(is_classifying):
    projection, features, _ = classifying(per_class=20)
    if not is_classifying:
        projection = replace(projection, classifier=None)
    again = Projection.from_bytes(projection.to_bytes())
    assert again.dimensions == projection.dimensions
    assert (again.apply(features) * projection.apply(features)).sum(axis=1).min() > 0.999


def test_what_is_no_projection_is_refused():
    with pytest.raises(ValueError, match=r".+"):
        Projection.from_bytes(b"not a projection")
