"""The drawings: every kind can be drawn from every side, the same way each time."""

import hashlib
import os
import subprocess
import sys

import numpy as np
import pytest

from catalog.demo.assortment import DemoView, draw, products
from catalog.demo.drawing import KINDS


def one_of_each_kind() -> list[DemoView]:
    """The views of the first product of each kind, its close-up included where there is one."""
    first: dict[str, list[DemoView]] = {}
    for product in products():
        kind = product.views[0].item.kind
        if kind not in first and len(product.views) == 2:
            first[kind] = list(product.views)
    return [view for views in first.values() for view in views]


def checksum(view: DemoView) -> str:
    return hashlib.sha256(np.asarray(draw(view)).tobytes()).hexdigest()


def test_every_kind_is_sold():
    assert {view.item.kind for view in one_of_each_kind()} == set(KINDS)


@pytest.mark.parametrize("view", one_of_each_kind(), ids=lambda view: f"{view.item.kind}-{view.angle}")
def test_every_kind_is_drawn_from_every_side(view):
    picture = draw(view)
    pixels = np.asarray(picture)

    assert picture.size == (600, 800)
    assert picture.mode == "RGB"
    # Light ground in the corners, something on it in the middle.
    assert view.angle == "detail" or pixels[:12, :12].mean() > 225
    assert pixels.std() > 8


def test_a_close_up_can_be_drawn():
    view = next(view for product in products() for view in product.views if view.angle == "detail")

    assert draw(view).size == (600, 800)


def test_the_same_view_gives_the_same_pixels():
    for product in products()[::211]:
        view = product.views[0]
        assert checksum(view) == checksum(view)


def test_pixels_do_not_depend_on_the_process():
    """Python seeds the hashes of strings anew in each process; no pixel may hang on them."""
    code = (
        "import hashlib, numpy as np\n"
        "from catalog.demo.assortment import draw, products\n"
        "for product in products()[::311]:\n"
        "    print(hashlib.sha256(np.asarray(draw(product.views[-1])).tobytes()).hexdigest())\n"
    )
    printed = [
        subprocess.run(
            [sys.executable, "-c", code],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    ]

    assert printed[0] == printed[1]
    assert len(printed[0].split()) >= 2


def test_different_products_look_different():
    views = [product.views[0] for product in products()[::60]]

    assert len({checksum(view) for view in views}) == len(views)


def test_colourways_of_a_look_differ():
    shop = products()
    first, second = shop[0].views[0], shop[1].views[0]

    assert first.item.kind == second.item.kind
    difference = np.asarray(draw(first), dtype=int) - np.asarray(draw(second), dtype=int)
    assert np.abs(difference).mean() > 1
