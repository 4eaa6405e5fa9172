"""The network in int8: real TensorFlow, NNCF and OpenVINO, on few pictures."""

import io
import json
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from django.conf import settings as django_settings
from django.core.management import CommandError, call_command
from PIL import Image, ImageDraw

from similarity import embedding, fidelity, runtime, switch, weights
from similarity.models import Backbone, Embedding, EmbeddingModel
from similarity.preprocess import network_input
from similarity.weights import WeightsError
from tests.factories import make_embedding, make_image, make_product
from tests.workers import ROOT, celery_worker, environment, wait_until

pytestmark = [pytest.mark.xdist_group("tensorflow"), pytest.mark.slow]
PICTURES = 90


def drawn(number: int) -> Image.Image:
    """Garments of sorts on white: each of its own colours, size and stripes."""
    rng = np.random.default_rng(number)
    picture = Image.new("RGB", (60, 80), "white")
    draw = ImageDraw.Draw(picture)
    main, second = (tuple(map(int, rng.integers(0, 256, 3))) for _ in range(2))
    left, top = (int(side) for side in rng.integers(3, 18, 2))
    shape = (draw.rectangle, draw.ellipse, draw.rounded_rectangle)[number % 3]
    shape((left, top, 59 - left, 79 - top), fill=main)
    for y in range(top + 5, 70 - top, int(rng.integers(6, 24))):
        draw.rectangle((left + 4, y, 55 - left, y + 2), fill=second)
    return picture


def pictures(count: int = PICTURES) -> np.ndarray:
    return np.stack([np.asarray(drawn(number)) for number in range(count)])


def png(number: int) -> bytes:
    out = io.BytesIO()
    drawn(number).save(out, "PNG")
    return out.getvalue()


@pytest.fixture(scope="module")
def made(tmp_path_factory) -> Path:
    """A state directory with the network of the bundled weights, made once; tests take copies."""
    from similarity import quantising

    state, before = tmp_path_factory.mktemp("state"), django_settings.STATE_DIR
    django_settings.STATE_DIR = state
    try:
        result = quantising.quantise(weights.read("fashion"), pictures()[:30], pictures()[30:], separate=True)
    finally:
        django_settings.STATE_DIR = before
    assert result.network is not None
    return state


@pytest.fixture
def state(settings, tmp_path: Path, made: Path) -> Path:
    """The shop as it computes in int8."""
    settings.STATE_DIR = shutil.copytree(made, tmp_path / "state")
    settings.EMBEDDER_RUNTIME = "openvino"
    return settings.STATE_DIR


def card(state: Path) -> Path:
    (path,) = (state / "int8").glob("*.json")
    return path


def write_fidelity(state: Path, **figures: float) -> None:
    """As if other pictures had been measured."""
    content = json.loads(card(state).read_text())
    content["fidelity"] |= figures
    card(state).write_text(json.dumps(content))


def opened_gate(state: Path) -> None:
    write_fidelity(state, cosine_mean=0.999, cosine_p1=0.998, top5_overlap=0.97, top5_overlap_mixed=0.97)


def closed_gate(state: Path) -> None:
    write_fidelity(state, cosine_p1=0.9)


def test_features_are_those_of_the_trained_network_within_the_gate(state):
    from similarity import embedder, int8

    fast = int8.load(runtime.configured())
    features = fast.features(pictures())
    assert (features.shape, features.dtype, fast.runtime) == ((PICTURES, 2048), np.float32, "openvino int8")
    assert np.linalg.norm(features, axis=1) == pytest.approx(1, abs=1e-5)
    cosines = (features * embedder.load(weights.read("fashion")).features(pictures())).sum(axis=1)
    assert cosines.mean() >= fidelity.COSINE_MEAN_MIN
    assert cosines.max() < 0.999999  # it is not the trained network itself


def test_the_batch_size_does_not_matter(state):
    from similarity import int8

    fast = int8.load(runtime.configured())
    together = fast.features(pictures(40))
    alone = np.concatenate([fast.features(picture[None]) for picture in pictures(40)])
    assert (together * alone).sum(axis=1).min() > 1 - 1e-4
    assert fast.features(pictures(1)[:0]).shape == (0, 2048)


def test_the_card_says_what_was_measured(state):
    content = json.loads(card(state).read_text())
    assert content["weights_sha256"] == weights.read("fashion").sha256
    assert content["fidelity"]["pictures"] == PICTURES - 30
    assert content["rates"].keys() >= {"tensorflow_images_per_s", "int8_images_per_s", "ratio"}
    assert content["gate_passed"] is (content["objection"] == "")
    assert len(list((state / "int8").iterdir())) == 3  # nothing else is left


def test_a_worker_of_its_own_computes_without_tensorflow(state):
    code = (
        "import django, sys; django.setup();"
        "import numpy as np; from similarity import int8, runtime;"
        "features = int8.load(runtime.configured()).features(np.zeros((1, 80, 60, 3), np.uint8));"
        "print(features.shape, {'tensorflow', 'keras', 'nncf'} & {*sys.modules})"
    )
    more = {"EMBEDDER_RUNTIME": "openvino", "LOOKALIKE_STATE": str(state), "SECRET_KEY": "abcdefgh" * 8}
    more |= {"DJANGO_SETTINGS_MODULE": "shop.settings"}
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=environment(**more), capture_output=True, text=True
    )
    assert done.stdout.strip() == "(1, 2048) set()", done.stderr


@pytest.mark.django_db
class TestModels:
    def test_a_faithful_network_computes_vectors_of_the_same_model(self, state):
        opened_gate(state)
        found = runtime.configured()
        assert found.sha256 == weights.read("fashion").sha256
        model = switch.register_configured()
        assert model == EmbeddingModel.objects.get()
        assert embedding.embedder_for(model.backbone).runtime == "openvino int8"

    def test_any_other_is_a_model_of_its_own_that_takes_over_when_complete(self, state):
        closed_gate(state)
        active = EmbeddingModel.active()
        other = switch.register_configured()
        assert other.backbone != active.backbone
        assert (other.backbone.name, other.is_active) == ("ResNet50 int8", False)
        assert other.backbone.weights_sha256 == json.loads(card(state).read_text())["sha256"]
        assert set(switch.backbones_in_use()) == {active.backbone, other.backbone}
        assert embedding.embedder_for(active.backbone).runtime == "tensorflow"
        assert embedding.embedder_for(other.backbone).runtime == "openvino int8"
        assert bytes(other.projection) == weights.read("fashion").projection.read_bytes()

    def test_without_a_network_tensorflow_computes_and_it_is_said_why(self, settings, tmp_path: Path):
        settings.STATE_DIR, settings.EMBEDDER_RUNTIME = tmp_path, "openvino"
        with pytest.raises(WeightsError, match=r"no network in int8 .* `manage.py quantise_embedder`"):
            runtime.configured()
        assert embedding.embedder_for(Backbone.objects.get()).runtime == "tensorflow"

    def test_a_network_that_is_gone_is_named_with_its_reason(self, state):
        closed_gate(state)
        backbone = switch.register_configured().backbone
        card(state).unlink()
        with pytest.raises(WeightsError, match=r"no network in int8 .* needs weights with sha256"):
            embedding.embedder_for(backbone)


@pytest.mark.django_db(transaction=True)
class TestAtWork:
    @pytest.fixture(autouse=True)
    def _is_faithful(self, state):
        opened_gate(state)

    def test_a_worker_embeds_with_it(self, state):
        from similarity import int8

        images = [make_image(make_product(), png(number)) for number in range(3)]
        more = {"EMBEDDER_RUNTIME": "openvino", "LOOKALIKE_STATE": str(state), "SECRET_KEY": "abcdefgh" * 8}
        with celery_worker("embed", name="int8", **more):
            wait_until(lambda: set(Embedding.objects.values_list("state", flat=True)) == {"ready"})
        fast = int8.load(runtime.configured())
        for image in images:
            with image.picture.open() as file:
                expected = fast.features(network_input(file, 80, 60)[None])[0]
            stored = np.asarray(Embedding.objects.get(image=image).features)
            assert stored @ expected == pytest.approx(1, abs=2e-4)

    def test_benchmarks_name_the_runtime_and_compare_it(self, state, capsys):
        for number in range(4):
            make_embedding(make_image(make_product(), png(number)), 1.0, number)
        call_command("bench", "embed", "--n", "4", "--json")
        figures = json.loads(capsys.readouterr().out)
        assert figures["runtime"] == "openvino int8"
        assert {"model_images_per_s", "tensorflow_images_per_s", "ratio_to_tensorflow"} <= figures.keys()
        call_command("bench", "photo", "--n", "1", "--json")
        figures = json.loads(capsys.readouterr().out)
        assert figures["runtime"] == "openvino int8"
        assert {"network_p50_ms", "tensorflow_network_p50_ms"} <= figures.keys()

    def test_without_it_they_name_tensorflow_and_compare_nothing(self, settings, capsys):
        settings.EMBEDDER_RUNTIME = "tensorflow"
        make_embedding(make_image(make_product(), png(1)), 1.0)
        call_command("bench", "photo", "--n", "1", "--json")
        figures = json.loads(capsys.readouterr().out)
        assert figures["runtime"] == "tensorflow"
        assert "tensorflow_network_p50_ms" not in figures


class TestDamage:
    def test_a_changed_network_is_refused(self, state):
        with card(state).with_suffix(".bin").open("r+b") as file:
            file.seek(1000)
            file.write(b"\1\2\3\4")
        with pytest.raises(WeightsError, match="damaged or not the network that its card describes"):
            runtime.configured()

    def test_a_missing_part_is_refused(self, state):
        card(state).with_suffix(".bin").unlink()
        with pytest.raises(WeightsError, match="damaged"):
            runtime.configured()

    @pytest.mark.parametrize("content", ["", "{}", '{"weights_sha256": "0", "sha256": "0", "fidelity": {}}'])
    def test_a_card_without_figures_is_refused(self, state, content: str):
        card(state).write_text(content)
        with pytest.raises(WeightsError, match="does not say how faithful its network is"):
            runtime.configured()

    def test_a_network_that_openvino_cannot_read_is_told_in_a_sentence(self, state, tmp_path: Path):
        from similarity import int8

        broken = tmp_path / "broken.xml"
        broken.write_text("<net")
        with pytest.raises(WeightsError, match="could not be loaded by OpenVINO"):
            int8.Int8Embedder(replace(weights.read("fashion"), network=broken))


@pytest.mark.django_db
class TestCommand:
    @pytest.fixture(autouse=True)
    def _shop(self, settings, tmp_path: Path, monkeypatch):
        from similarity import quantising

        monkeypatch.setattr(quantising, "PICTURES_MIN", 40)
        settings.STATE_DIR = tmp_path / "state"

    def run(self, capsys, *options: str) -> dict:
        call_command("quantise_embedder", "--json", *options)
        return json.loads(capsys.readouterr().out)

    def test_too_few_pictures_are_refused_with_a_sentence(self):
        with pytest.raises(CommandError, match="The shop has 0 pictures that can be read; at least 40"):
            call_command("quantise_embedder")

    def test_a_network_that_fails_is_not_kept_unless_it_is_to_be_another_model(
        self, settings, capsys, monkeypatch
    ):
        """Calibrated on black pictures, it knows nothing of what comes."""
        from similarity import quantising

        black = np.zeros((10, 80, 60, 3), np.uint8)
        monkeypatch.setattr(quantising, "sample", lambda height, width: (black, pictures(40)))
        with pytest.raises(CommandError, match="Not kept: cosine_mean is"):
            call_command("quantise_embedder", "--json")
        figures = json.loads(capsys.readouterr().out)
        assert (figures["gate_passed"], figures["network"]) == (False, None)
        assert list((settings.STATE_DIR / "int8").iterdir()) == []
        assert self.run(capsys, "--separate")["network"].endswith(".xml")
        assert runtime.in_int8(weights.read("fashion")).sha256 != weights.read("fashion").sha256

    def test_it_calibrates_with_some_of_the_shops_pictures_and_measures_others(self, settings, capsys):
        product = make_product()
        for number in range(44):
            make_image(product, png(number), position=number)
        figures = self.run(capsys, "--separate")
        assert figures["fidelity"]["pictures"] == 33
        assert figures["fidelity"]["cosine_mean"] > 0.99
        assert Path(figures["network"]).is_file()
