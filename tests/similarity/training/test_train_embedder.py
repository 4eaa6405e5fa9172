"""`manage.py train_embedder` on a small collection: real Keras, small pictures, few steps."""

import json
from pathlib import Path

import numpy as np
import pytest
from django.core.management import CommandError, call_command

from similarity import weights
from tests.similarity.training import shop

pytestmark = pytest.mark.slow


def train(folder: Path, files: tuple[Path, Path], epochs: float, **options: object) -> None:
    styles, images = files
    call_command(
        "train_embedder", folder, styles=styles, images=images, epochs=epochs, input=[32, 32], **options
    )


def test_it_writes_weights_that_the_shop_can_use_with_a_card_of_figures(tmp_path: Path):
    out = tmp_path / "out"
    train(out, shop.write(tmp_path, 96), 2)
    found = weights.read(str(out / "resnet50-fashion.weights.h5"))
    assert (found.height, found.width) == (32, 32)
    card = (out / "resnet50-fashion.md").read_text()
    assert found.sha256 in card
    assert "spoiled photo, recall@1" in card
    curve = [json.loads(line) for line in (out / "curve.jsonl").read_text().splitlines()]
    assert curve[-1]["share"] == 1.0
    assert curve[-1]["queries"] == 8  # of 96 products these were held out


def test_an_interrupted_training_goes_on_where_it_was(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    out, files = tmp_path / "out", shop.write(tmp_path, 96)
    train(out, files, 0.7)
    with np.load(out / "checkpoint.npz") as before:
        step, first = int(before["step"]), before["arr_0"].copy()
    train(out, files, 0.7)
    with np.load(out / "checkpoint.npz") as after:
        assert int(after["step"]) == step
        np.testing.assert_array_equal(after["arr_0"], first)
    capsys.readouterr()
    train(out, files, 2.1)
    with np.load(out / "checkpoint.npz") as more:
        assert int(more["step"]) > step
        assert not np.array_equal(more["arr_0"], first)


def test_too_few_products_are_refused_with_their_number(tmp_path: Path):
    with pytest.raises(CommandError, match="30 products with a picture"):
        train(tmp_path / "out", shop.write(tmp_path, 30), 1)
    assert not (tmp_path / "out").exists()


def test_styles_without_images_are_refused(tmp_path: Path):
    styles, _ = shop.write(tmp_path, 4)
    with pytest.raises(CommandError, match="belong together"):
        call_command("train_embedder", tmp_path / "out", styles=styles)
