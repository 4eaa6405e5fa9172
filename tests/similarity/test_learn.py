"""Refining and evaluating a whole, small shop: real TensorFlow, real PostgreSQL."""

import io
import json
import shutil
import zipfile

import h5py
import numpy as np
import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from PIL import Image, ImageDraw

from catalog.models import Product
from similarity import calibration, gallery, holdout, learn, neighbours, pending, queries, switch, weights
from similarity.bands import Calibration
from similarity.embedding import embed_pending
from similarity.evaluation import Figure
from similarity.learn import RefinementRefused, Report
from similarity.models import Backbone, EmbeddingModel, SearchVector
from similarity.refinement import Projection
from similarity.weights import WeightsError
from tests.factories import make_category, make_image, make_product

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

COLOURS = ["red", "navy", "green", "black"]


def garment(kind: str, colour: str, seed: int) -> bytes:
    """A tee or trousers of sorts, never twice the same."""
    rng = np.random.default_rng(seed)
    picture = Image.new("RGB", (120, 160), "white")
    draw = ImageDraw.Draw(picture)
    left, top = (int(value) for value in rng.integers(20, 32, 2))
    if kind == "Tees":
        draw.rectangle((left, top, left + 60, top + 80), colour)
        draw.rectangle((left - 15, top, left + 75, top + 25), colour)
    else:
        draw.rectangle((left, top, left + 25, top + 110), colour)
        draw.rectangle((left + 32, top, left + 57, top + 110), colour)
    draw.rectangle(
        (left + 10, top + 5, left + 14, top + 9), tuple(int(value) for value in rng.integers(0, 255, 3))
    )
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=90)
    return out.getvalue()


@pytest.fixture
def shop() -> None:
    """64 embedded products of two kinds in four colours."""
    for kind in ("Tees", "Trousers"):
        category = make_category(kind)
        for number in range(32):
            colour = COLOURS[number % 4]
            product = make_product(category=category, base_colour=colour.title())
            make_image(product, garment(kind, colour, number))
    embed_pending("test", 60)


def test_a_backbone_whose_weights_are_gone_does_not_hold_up_the_others():
    make_image(make_product(), garment("Tees", "red", 1))
    gone = Backbone.objects.create(weights_sha256="0" * 64, input_height=80, input_width=60)
    EmbeddingModel.objects.update(is_active=False)
    EmbeddingModel.objects.create(backbone=gone, is_active=True)
    assert pending.enqueue() == 1
    assert embed_pending("test", 60) == 1
    with pytest.raises(WeightsError, match="needs weights with sha256 000000000000"):
        embed_pending("test", 60)
    assert gone.embeddings.get().state == "pending"
    assert gone.embeddings.get().attempts == 0


def test_a_dry_run_reports_and_changes_nothing(shop, capsys):
    call_command("refine", json=True)
    report = json.loads(capsys.readouterr().out)
    assert report["method"] == "supervised"
    assert report["attributes"] == ["articleType", "baseColour"]
    assert (report["products"], report["held_out"], report["activated"]) == (64, 6, False)
    assert EmbeddingModel.objects.count() == 1


def test_an_activated_refinement_answers_with_a_vector_for_every_picture(shop, monkeypatch):
    monkeypatch.setattr(Report, "objection", "")
    old = EmbeddingModel.active()
    report = learn.refine(activate=True)
    new = EmbeddingModel.active()
    assert report.activated
    assert new != old
    assert new.refinement == "supervised"
    assert SearchVector.objects.filter(model=new).count() == 64
    product = SearchVector.objects.filter(model=new).first().product
    assert len(neighbours.of_product(product)) == 5


def test_a_picture_saved_after_the_switch_is_embedded_for_the_new_model(shop, monkeypatch):
    monkeypatch.setattr(Report, "objection", "")
    learn.refine(activate=True)
    image = make_image(make_product(), garment("Tees", "red", 99))
    embed_pending("test", 60)
    assert image.search_vectors.get(model=EmbeddingModel.active())


def exactly(value: float) -> Figure:
    return Figure(value, value - 0.01, value + 0.01, 300)


def a_report(method: str = "supervised", **figures: float) -> Report:
    values = {"gain": 0.1, "before": 0.8, "after": 0.8} | figures
    return Report(
        method=method,
        products=100,
        held_out=10,
        attributes=["gender"],
        raw={"gender": exactly(0.5)},
        refined={"gender": exactly(0.5 + values["gain"])},
        gain=exactly(values["gain"]),
        raw_instance_recall_at_1=exactly(values["before"]),
        refined_instance_recall_at_1=exactly(values["after"]),
        lost=exactly(values["before"] - values["after"]),
    )


def test_a_refinement_that_is_not_better_is_not_activated(shop, monkeypatch):
    monkeypatch.setattr(learn, "prove", lambda method, *args: a_report(method, gain=-0.01))
    refused = (
        r"supervised: 10 held-out products do not show that it is better: precision@5 -0\.0100 "
        r"\(-0\.0200 to \+0\.0000\); photos: 10 held-out products do not show.*; pca: 10 held-out"
    )
    with pytest.raises(CommandError, match=refused):
        call_command("refine", activate=True)
    assert EmbeddingModel.objects.count() == 1


def test_a_gain_that_chance_explains_does_not_count():
    assert a_report(gain=0.011).objection == ""
    assert "do not show that it is better: precision@5 +0.0090 (-0.0010" in a_report(gain=0.009).objection


def test_photos_that_find_more_are_worth_a_hundredth_of_precision():
    assert a_report(gain=-0.009, after=0.82).objection == ""
    assert "precision@5 -0.0110" in a_report(gain=-0.011, after=0.82).objection
    assert "precision@5 -0.0090" in a_report(gain=-0.009, after=0.809).objection  # that many by chance


def test_nothing_is_activated_while_new_weights_are_prepared(shop, settings, tmp_path):
    prepared = shutil.copy(weights.BUNDLED, tmp_path / "new.weights.h5")
    with h5py.File(prepared, "a") as file:
        file.attrs["another"] = "file, another sha256"
    card = {"backbone": "ResNet50", "sha256": weights.sha256_of(prepared), "input": [80, 60]}
    (tmp_path / "new.json").write_text(json.dumps(card))
    settings.EMBEDDER_WEIGHTS = str(prepared)
    with pytest.raises(CommandError, match="New weights are being prepared"):
        call_command("refine", activate=True)


def test_a_refinement_takes_over_once_a_late_picture_is_embedded(shop, monkeypatch, capsys):
    monkeypatch.setattr(Report, "objection", "")
    late = make_image(make_product(), garment("Tees", "red", 99))
    call_command("refine", activate=True)
    assert "takes over as soon as every picture is embedded for it" in capsys.readouterr().out
    assert EmbeddingModel.active().refinement == "shipped"
    embed_pending("test", 60)
    switch.activate_when_complete()
    assert EmbeddingModel.active().refinement == "supervised"
    assert late.search_vectors.filter(model=EmbeddingModel.active()).exists()


def test_a_model_that_learned_is_only_asked_what_it_was_not_taught(shop, monkeypatch, capsys):
    monkeypatch.setattr(Report, "objection", "")
    learn.refine(activate=True)
    asked = set()
    real = queries.of_rows
    monkeypatch.setattr(
        queries, "of_rows", lambda products, rows: asked.update(products.skus[rows]) or real(products, rows)
    )
    call_command("evaluate", json=True)
    figures = json.loads(capsys.readouterr().out)
    skus = list(Product.objects.order_by("pk").values_list("sku", flat=True))
    assert figures["queries"] == figures["photos"] == 6
    assert asked == {skus[row] for row in holdout.rows(skus, 6)}


def test_of_a_large_catalogue_a_sample_is_read(shop, monkeypatch):
    monkeypatch.setattr(gallery, "AT_MOST", 32)
    some = gallery.load(EmbeddingModel.active().backbone)
    assert 0 < len(some) < 64
    assert len(some.skus) == len(some.features) == len(some.attributes["articleType"])


def test_a_refinement_that_loses_photos_may_not_be_used():
    told = "photos would find their own product less often: 0.700 instead of 0.800 of 300"
    assert a_report(before=0.8, after=0.7).objection == told
    assert a_report(before=0.8, after=0.79).objection == ""


@pytest.mark.parametrize(
    ("method", "others"), [("photos", ["supervised"]), ("pca", ["supervised", "photos"])]
)
def test_the_next_takes_the_place_of_a_refinement_that_loses_photos(shop, monkeypatch, method, others):
    monkeypatch.setattr(
        learn, "prove", lambda tried, *args: a_report(tried, after=0.7 if tried in others else 0.79)
    )
    report = learn.refine(activate=True)
    assert (report.method, EmbeddingModel.active().refinement) == (method, method)
    assert [other.method for other in report.others] == others
    assert SearchVector.objects.filter(model=EmbeddingModel.active()).count() == 64


def test_the_report_gives_the_interval_of_every_figure(shop, capsys):
    call_command("refine", json=True)
    report = json.loads(capsys.readouterr().out)
    assert set(report["intervals"]) == {
        "raw.articleType", "raw.baseColour", "raw.articleType+baseColour",
        "refined.articleType", "refined.baseColour", "refined.articleType+baseColour",
        "raw_instance_recall_at_1", "refined_instance_recall_at_1", "gain", "lost",
    }  # fmt: skip
    low, high = report["intervals"]["refined.articleType"]
    assert low <= report["refined"]["articleType"] <= high


def test_a_refinement_that_is_stopped_while_it_takes_over_leaves_nothing_behind(shop, monkeypatch):
    monkeypatch.setattr(Report, "objection", "")

    class Stop(Exception):
        pass

    def advance(stage: str, done: int, total: int) -> None:
        if stage == "switching":
            raise Stop

    old = EmbeddingModel.active()
    with pytest.raises(Stop):
        learn.refine(activate=True, advance=advance)
    assert list(EmbeddingModel.objects.all()) == [old]


def test_a_refined_model_is_calibrated_before_it_answers(shop, monkeypatch):
    monkeypatch.setattr(Report, "objection", "")
    learn.refine(activate=True)
    found = Calibration.from_json(EmbeddingModel.active().calibration)
    assert (found.labels, found.queries) == (["articleType", "baseColour"], 6)
    assert found.pictures.probability(1.0) == 1


def test_without_attributes_nor_photos_the_refinement_is_pca(shop, monkeypatch):
    Product.objects.update(base_colour="", category=Product.objects.first().category)
    shutil.rmtree(settings.MEDIA_ROOT)
    assert learn.refine(activate=False).method == "pca"


def test_without_attributes_photos_alone_teach(monkeypatch):
    monkeypatch.setattr(Report, "objection", "")  # six products prove nothing
    category = make_category("All")
    for number in range(60):
        make_image(make_product(category=category), garment("Tees", COLOURS[number % 4], number))
    embed_pending("test", 60)
    assert learn.refine(activate=False).method == "photos"


def test_too_few_products_are_refused():
    make_image(make_product())
    with pytest.raises(RefinementRefused, match="at least 50"):
        learn.refine(activate=False)


def test_filling_a_model_goes_on_where_it_was_interrupted(shop):
    old = EmbeddingModel.active()
    new = EmbeddingModel.objects.create(
        backbone=old.backbone, refinement="pca", dimensions=256, projection=bytes(old.projection)
    )
    switch.fill(new)
    SearchVector.objects.filter(
        model=new, pk__in=list(new.vectors.values_list("pk", flat=True)[:10])
    ).delete()
    assert not switch.is_complete(new)
    assert switch.activate_when_complete() == new
    assert new.vectors.count() == 64


def test_the_old_model_answers_until_the_new_one_is_complete(shop):
    old = EmbeddingModel.active()
    EmbeddingModel.objects.create(
        backbone=old.backbone, refinement="pca", dimensions=256, projection=bytes(old.projection)
    )
    assert EmbeddingModel.active() == old
    assert len(neighbours.of_product(SearchVector.objects.first().product)) == 5


def test_evaluate_prints_every_figure_with_its_interval(shop, capsys):
    call_command("evaluate", json=True, photos=10)
    figures = json.loads(capsys.readouterr().out)
    assert figures["queries"] == 64
    assert 0 <= figures["raw_instance_recall_at_1"] <= figures["raw_instance_recall_at_5"] <= 1
    assert (
        set(figures["raw"])
        == set(figures["refined"])
        == {
            "articleType",
            "baseColour",
            "articleType+baseColour",
        }
    )
    assert figures["refined"]["articleType"] > 0.9
    assert figures["index_recall_at_5"] > 0.9
    low, high = figures["intervals"]["refined.articleType"]
    assert low <= figures["refined"]["articleType"] <= high
    assert 0 <= figures["instance_recall_at_1"] <= figures["instance_recall_at_5"] <= 1


def test_the_kinds_that_are_taken_for_each_other_are_named(shop, tmp_path, capsys):
    styles, images = tmp_path / "styles.csv", tmp_path / "images.zip"
    styles.write_text("id,articleType\nq,Parkas\n")  # of which there are none: all five are wrong
    with zipfile.ZipFile(images, "w") as archive:
        archive.writestr("q.jpg", garment("Tees", COLOURS[0], 200))
    call_command("evaluate", styles=styles, images=images)
    assert "100.0% of the results of a wrong articleType: Tees for Parkas" in capsys.readouterr().out


def test_evaluate_takes_labelled_queries_from_files(shop, tmp_path, capsys):
    styles, images = tmp_path / "styles.csv", tmp_path / "images.zip"
    rows = ["id,articleType,baseColour"]
    with zipfile.ZipFile(images, "w") as archive:
        for number in range(8):
            rows.append(f"q{number},Tees,{COLOURS[number % 4].title()}")
            archive.writestr(f"images/q{number}.jpg", garment("Tees", COLOURS[number % 4], 200 + number))
    styles.write_text("\n".join([*rows, "q9,Tees,Red"]))
    call_command("evaluate", json=True, styles=styles, images=images)
    figures = json.loads(capsys.readouterr().out)
    assert figures["queries"] == 8
    assert figures["refined"]["articleType"] > 0.9
    # None of them is in the catalogue, so its own pictures are photographed.
    assert figures["photos"] == 64
    assert 0 < figures["instance_recall_at_1"] <= figures["instance_recall_at_5"] <= 1


def test_pictures_of_known_products_are_the_photos_and_do_not_find_themselves(shop, tmp_path, capsys):
    styles, images = tmp_path / "styles.csv", tmp_path / "images.zip"
    sku = Product.objects.filter(category__name="Tees").earliest("pk").sku
    styles.write_text(f"id,articleType,baseColour\n{sku},Tees,NA\n")
    with zipfile.ZipFile(images, "w") as archive:
        archive.writestr(f"{sku}.jpg", garment("Tees", COLOURS[0], 0))
    call_command("evaluate", json=True, styles=styles, images=images)
    figures = json.loads(capsys.readouterr().out)
    assert (figures["queries"], figures["photos"], figures["instance_recall_at_1"]) == (1, 1, 1.0)
    assert figures["refined"]["articleType"] == 1.0
    assert figures["refined"]["baseColour"] == 0.0  # "NA" is no colour: nothing was asked


def test_pictures_in_files_can_ask_as_phone_photos(shop, tmp_path, capsys):
    styles, images = tmp_path / "styles.csv", tmp_path / "images.zip"
    skus = Product.objects.filter(category__name="Tees").order_by("pk").values_list("sku", flat=True)[:8]
    styles.write_text("\n".join(["id,articleType", *(f"{sku},Tees" for sku in skus)]))
    with zipfile.ZipFile(images, "w") as archive:
        for number, sku in enumerate(skus):
            archive.writestr(f"{sku}.jpg", garment("Tees", COLOURS[number % 4], number))
    figures = {}
    for spoiled in (False, True):
        call_command("evaluate", json=True, styles=styles, images=images, spoiled=spoiled)
        figures[spoiled] = json.loads(capsys.readouterr().out)
    assert figures[False]["photos"] == figures[True]["photos"] == 8
    assert figures[True]["instance_recall_at_1"] < figures[False]["instance_recall_at_1"]


def test_only_pictures_in_files_are_asked_to_be_spoiled(shop):
    with pytest.raises(CommandError, match="--spoiled is for the pictures of --images"):
        call_command("evaluate", spoiled=True)


def test_the_command_calibrates_the_model_and_ships_it_beside_the_weights(shop, tmp_path, settings, capsys):
    shutil.copy(weights.BUNDLED.with_name("resnet50-fashion.json"), tmp_path / "mine.json")
    settings.EMBEDDER_WEIGHTS = str(shutil.copy(weights.BUNDLED, tmp_path / "mine.weights.h5"))
    call_command("calibrate", ship=True)
    shipped = json.loads((tmp_path / "mine.bands.json").read_text())
    assert EmbeddingModel.active().calibration == shipped
    shipped_with = Projection.from_bytes((tmp_path / "mine.projection.npz").read_bytes())
    assert np.array_equal(shipped_with.matrix, switch.projection(EmbeddingModel.active().pk).matrix)
    found = Calibration.from_json(shipped)
    assert (found.labels, found.queries) == (["articleType", "baseColour"], 64)
    assert found.photos
    assert 0.5 < found.same_photo < 1
    assert "the same photo from" in capsys.readouterr().out


def test_a_model_that_came_without_is_calibrated_once_everything_is_embedded(shop):
    EmbeddingModel.objects.update(calibration=None)
    late = make_image(make_product(), garment("Tees", "red", 99))
    calibration.calibrate_active_if_needed()
    assert EmbeddingModel.active().calibration is None
    late.delete()
    calibration.calibrate_active_if_needed()
    assert EmbeddingModel.active().calibration["queries"] == 64


def test_too_few_products_are_not_calibrated_on():
    with pytest.raises(CommandError, match="0 products have features; a calibration needs at least 50"):
        call_command("calibrate")


def test_evaluate_says_when_there_is_nothing_to_measure():
    with pytest.raises(CommandError, match="0 products have features"):
        call_command("evaluate")
    assert pending.counts()["ready"] == 0
