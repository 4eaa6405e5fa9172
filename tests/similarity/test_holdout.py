"""Which products nothing is learned from."""

import hashlib

from similarity import holdout

SKUS = [str(number) for number in range(200)]
DIGITS = [int(hashlib.sha256(sku.encode()).hexdigest(), 16) % 10 for sku in SKUS]


def test_held_out_are_those_whose_hash_is_1_modulo_10():
    kept = holdout.held_out(SKUS)
    assert kept.tolist() == [digit == 1 for digit in DIGITS]
    assert 5 < kept.sum() < 40


def test_rows_are_of_those_held_out_first():
    count = DIGITS.count(1)
    assert holdout.rows(SKUS, count).tolist() == [row for row in range(200) if DIGITS[row] == 1]
    assert set(holdout.rows(SKUS, count)) < set(holdout.rows(SKUS, count + 5))
    assert holdout.rows(SKUS, 1000).tolist() == list(range(200))


def test_a_product_stays_held_out_when_others_come():
    few = {SKUS[row] for row in holdout.rows(SKUS[:150], 10)}
    many = {SKUS[row] for row in holdout.rows(SKUS, 20)}
    assert len(few & many) >= 8


def test_the_others_are_neither_held_out_nor_among_those_that_prove():
    held = holdout.rows(SKUS, DIGITS.count(1) + 3)
    others = holdout.others(SKUS, held)
    assert len(others) + len(held) == 200
    few = holdout.rows(SKUS, 2)  # the rest of those held out is not learned from, either
    assert holdout.others(SKUS, few).tolist() == [row for row in range(200) if DIGITS[row] != 1]
