"""`manage.py train_embedder` on a small collection: real Keras, small pictures, few steps."""

import json
import shutil
from pathlib import Path

import h5py
import numpy as np
import pytest
from django.core.management import CommandError, call_command

from similarity import weights
from similarity.training import run
from tests.similarity.training import shop

pytestmark = pytest.mark.slow


def train(folder: Path, files: tuple[Path, Path], epochs: float, **options: object) -> None:
    styles, images = files
    call_command(
        "train_embedder", folder, styles=styles, images=images, epochs=epochs, input=[32, 32], **options
    )


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, tuple[Path, Path]]:
    """The folder of a short training, and the files it learned from: 96 products."""
    folder = tmp_path_factory.mktemp("training")
    out, files = folder / "out", shop.write(folder, 96)
    train(out, files, 0.7)
    return out, files


def test_it_writes_weights_that_the_shop_can_use_with_a_card_of_figures(
    trained: tuple[Path, tuple[Path, Path]],
):
    out, files = trained
    found = weights.read(str(out / "resnet50-fashion.weights.h5"))
    assert (found.height, found.width) == (32, 32)
    card = (out / "resnet50-fashion.md").read_text()
    assert found.sha256 in card
    assert f"products of {files[0].name} and {files[1].name}" in card
    assert "spoiled photo, recall@1" in card
    curve = [json.loads(line) for line in (out / "curve.jsonl").read_text().splitlines()]
    assert curve[-1]["share"] == 1.0
    assert curve[-1]["queries"] == 8  # of 96 products these were held out


def test_an_interrupted_training_goes_on_where_it_was(
    trained: tuple[Path, tuple[Path, Path]], tmp_path: Path
):
    begun, files = trained
    out = shutil.copytree(begun, tmp_path / "out")
    with np.load(out / "checkpoint.npz") as before:
        step, first = int(before["step"]), before["arr_0"].copy()
    train(out, files, 0.7)
    with np.load(out / "checkpoint.npz") as after:
        assert int(after["step"]) == step
        np.testing.assert_array_equal(after["arr_0"], first)
    train(out, files, 2.1)
    with np.load(out / "checkpoint.npz") as more:
        assert int(more["step"]) > step
        assert not np.array_equal(more["arr_0"], first)


def test_it_goes_on_from_given_weights(tmp_path: Path):
    out = tmp_path / "out"
    train(out, shop.write(tmp_path, 96), 0.7, start="fashion", rate=1e-6)
    assert "from the weights it was given" in (out / "resnet50-fashion.md").read_text()
    # At this rate the first kernel hardly moves from where it began.
    tuned, given = first_kernel(out / "resnet50-fashion.weights.h5"), first_kernel(weights.BUNDLED)
    np.testing.assert_allclose(tuned, given, atol=1e-3)


def first_kernel(path: Path) -> np.ndarray:
    """The 7 × 7 kernel of a ResNet50's first convolution."""
    kernels: list[np.ndarray] = []
    with h5py.File(path) as file:
        file.visititems(lambda name, item: kernels.append(item[()]) if is_first_kernel(item) else None)
    return kernels[0]


def is_first_kernel(item: object) -> bool:
    return isinstance(item, h5py.Dataset) and item.shape == (7, 7, 3, 64)


def test_pictures_grow_and_the_rate_falls():
    new = run.Plan(80, 60, epochs=16, learning_rate=0.04)
    assert [new.size(share) for share in (0, 0.2, 0.5, 0.9)] == [(32, 24), (48, 36), (64, 48), (80, 60)]
    tuned = run.Plan(80, 60, epochs=4, learning_rate=0.02, start=Path("any.weights.h5"))
    assert [tuned.size(share) for share in (0, 0.9)] == [(64, 48), (80, 60)]
    rates = [new.rate(step, 1000) for step in (0, 99, 500, 999)]
    assert rates[0] < rates[1] > rates[2] > rates[3] > 0


def test_too_few_products_are_refused_with_their_number(tmp_path: Path):
    with pytest.raises(CommandError, match="30 products with a picture"):
        train(tmp_path / "out", shop.write(tmp_path, 30), 1)
    assert not (tmp_path / "out").exists()


def test_styles_without_images_are_refused(tmp_path: Path):
    styles, _ = shop.write(tmp_path, 4)
    with pytest.raises(CommandError, match="belong together"):
        call_command("train_embedder", tmp_path / "out", styles=styles)
