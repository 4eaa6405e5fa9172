"""The gate for vectors that are computed in another way than the network was trained."""

import numpy as np
import pytest

from similarity.fidelity import Fidelity
from similarity.vectors import normalise


def unit(count: int, seed: int = 1, size: int = 32) -> np.ndarray:
    return normalise(np.random.default_rng(seed).normal(size=(count, size))).astype(np.float32)


def test_the_same_features_agree_in_everything():
    features = unit(40)
    found = Fidelity.measure(features, features)
    assert found.as_json() == {
        "pictures": 40, "cosine_mean": 1.0, "cosine_p1": 1.0, "top5_overlap": 1.0, "top5_overlap_mixed": 1.0,
    }  # fmt: skip
    assert found.objection == ""


def test_cosines_are_those_of_each_picture_with_itself():
    reference = np.eye(8, 16, dtype=np.float32)
    turned = reference.copy()
    turned[0] = 0
    turned[0, [0, 15]] = 0.6, 0.8
    found = Fidelity.measure(reference, turned)
    assert found.cosine_mean == pytest.approx((7 + 0.6) / 8, abs=1e-4)
    assert found.cosine_p1 == pytest.approx(0.6 + 0.07 * 0.4, abs=1e-4)


def test_other_neighbours_are_seen_when_all_or_only_those_who_ask_are_computed_anew():
    reference, other = unit(200), unit(200, seed=2)
    found = Fidelity.measure(reference, other)
    assert found.top5_overlap < 0.2
    assert found.top5_overlap_mixed < 0.2


def test_pictures_that_are_the_same_file_are_as_good_as_each_other():
    """Twelve equal ones have the same eleven neighbours: whichever five are found, they are right."""
    one = np.repeat(unit(1), 12, axis=0)
    noise = normalise(one + 1e-4 * unit(12, seed=3)).astype(np.float32)
    assert Fidelity.measure(one, noise).top5_overlap == 1.0


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("cosine_mean", 0.9899),
        ("cosine_p1", 0.9799),
        ("top5_overlap", 0.9499),
        ("top5_overlap_mixed", 0.9499),
    ],
)
def test_each_figure_alone_keeps_the_gate_closed(name: str, value: float):
    good = {"cosine_mean": 0.99, "cosine_p1": 0.98, "top5_overlap": 0.95, "top5_overlap_mixed": 0.95}
    assert Fidelity(pictures=9, **good).objection == ""
    assert Fidelity(pictures=9, **(good | {name: value})).objection.startswith(f"{name} is {value}, less")


def test_a_figure_that_is_no_number_keeps_it_closed():
    assert Fidelity(9, float("nan"), 1, 1, 1).objection == "cosine_mean is nan, less than 0.99"
