"""Vectors on their way into and out of PostgreSQL."""

import gc

import numpy as np
import pytest
from pgvector.psycopg.halfvec import HalfVectorBinaryDumper

from similarity.vectors import binary_cursor, to_array, to_halfvec

pytestmark = pytest.mark.django_db


def test_a_vector_comes_back_as_it_went():
    vector = np.array([0.5, -0.25, 1], np.float32)
    with binary_cursor() as cursor:
        cursor.execute("SELECT %s", [to_halfvec(vector)])
        ((back,),) = cursor.fetchall()
    assert to_array(back).tolist() == [0.5, -0.25, 1]


def test_so_does_a_list_of_them():
    vectors = [to_halfvec(np.full(2, value, np.float32)) for value in (1, 2)]
    with binary_cursor() as cursor:
        cursor.execute("SELECT * FROM unnest(%b::halfvec[])", [vectors])
        assert [to_array(row).tolist() for (row,) in cursor.fetchall()] == [[1, 1], [2, 2]]


def test_cursors_leave_no_classes_behind():
    def dumpers() -> int:
        gc.collect()
        return len(HalfVectorBinaryDumper.__subclasses__())

    def ask() -> None:
        with binary_cursor() as cursor:
            cursor.execute("SELECT %s", [to_halfvec(np.ones(2, np.float32))])

    ask()
    before = dumpers()
    for _ in range(20):
        ask()
    assert dumpers() == before
