"""The part of a picture that is embedded: chosen in the admin, computed by a real worker."""

import io
from dataclasses import astuple

import numpy as np
import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from PIL import Image

from similarity import pending, preprocess
from similarity.models import Embedding, Focus, SearchVector
from similarity.piece import Box
from tests.catalog.test_admin_products import change, form
from tests.factories import make_embedding, make_image, make_product, make_user, picture_bytes
from tests.similarity.test_pipeline import shirt
from tests.workers import celery_worker, wait_until

pytestmark = pytest.mark.slow


@pytest.fixture
def merchandiser() -> Client:
    client = Client()
    client.force_login(make_user("merchandiser"))
    return client


def sent(product, x: str = "", y: str = "", size: str = "") -> dict:
    return form(product) | {"images-0-focus_x": x, "images-0-focus_y": y, "images-0-focus_size": size}


def state(image) -> str:
    return Embedding.objects.get(image=image).state


@pytest.fixture
def image():
    image = make_image(make_product())
    make_embedding(image, 1)
    return image


class TestTheWindow:
    @pytest.mark.parametrize(
        ("focus", "box"),
        [
            ((0.5, 0.5, 1), (0, 0, 1, 1)),
            ((0.5, 0.5, 0.5), (0.25, 0.25, 0.5, 0.5)),
            ((0, 1, 0.4), (0, 0.6, 0.4, 0.4)),
            ((0.9, 0.1, 0.5), (0.5, 0, 0.5, 0.5)),
        ],
    )
    def test_it_lies_around_the_point_and_never_leaves_the_picture(self, focus, box):
        x, y, size = focus
        assert astuple(Focus(x=x, y=y, size=size).box()) == pytest.approx(box)

    def test_the_network_sees_the_part_in_full_detail(self):
        picture = Image.effect_noise((640, 800), 100).convert("RGB")
        file = io.BytesIO()
        picture.save(file, "JPEG", quality=95)
        file.seek(0)
        seen = preprocess.network_input(file, 80, 60, Box(0.4, 0.4, 0.1, 0.1))
        part = preprocess.letterbox(picture.crop((256, 320, 320, 400)), 80, 60)
        assert np.abs(seen.astype(int) - part).mean() < 4

    @pytest.mark.django_db
    @pytest.mark.parametrize("wrong", [{"x": -0.1}, {"y": 1.1}, {"size": 0.05}])
    def test_the_database_refuses_what_is_outside(self, image, wrong):
        with pytest.raises(IntegrityError, match="focus_in_picture"), transaction.atomic():
            Focus.objects.create(image=image, **{"x": 0.5, "y": 0.5, "size": 0.5} | wrong)


@pytest.mark.django_db
class TestInTheAdmin:
    def test_three_numbers_make_a_focus_and_the_embedding_pending(self, merchandiser, image):
        assert (
            merchandiser.post(change(image.product), sent(image.product, "75", "25", "50")).status_code == 302
        )
        focus = Focus.objects.get()
        assert (focus.image, focus.x, focus.y, focus.size) == (image, 0.75, 0.25, 0.5)
        assert state(image) == "pending"
        assert SearchVector.objects.filter(image=image).exists()  # it serves until the new one is there

    def test_the_page_shows_numbers_and_frame(self, merchandiser, image):
        Focus.objects.create(image=image, x=0.75, y=0.25, size=0.5)
        page = merchandiser.get(change(image.product)).content.decode()
        assert '<rect x="50.0" y="0.0" width="50.0" height="50.0" />' in page
        assert 'value="75.0"' in page
        assert "admin/focus.js" in page

    def test_saving_it_unchanged_embeds_nothing(self, merchandiser, image):
        Focus.objects.create(image=image, x=0.75, y=0.25, size=0.5)
        Embedding.objects.update(state="ready")
        merchandiser.post(change(image.product), sent(image.product, "75.0", "25.0", "50.0"))
        assert state(image) == "ready"

    def test_without_numbers_the_whole_picture_counts_again(self, merchandiser, image):
        Focus.objects.create(image=image, x=0.75, y=0.25, size=0.5)
        Embedding.objects.update(state="ready")
        merchandiser.post(change(image.product), sent(image.product))
        assert not Focus.objects.exists()
        assert state(image) == "pending"

    @pytest.mark.parametrize(
        ("numbers", "field", "sentence"),
        [
            (("10", "", ""), "focus_y", "Fill in all three numbers of the focus, or none."),
            (("10", "10", ""), "focus_size", "Fill in all three numbers of the focus, or none."),
            (("10", "101", "50"), "focus_y", "Ensure this value is less than or equal to 100."),
            (("10", "10", "5"), "focus_size", "Ensure this value is greater than or equal to 10."),
        ],
    )
    def test_half_a_focus_is_an_error_at_its_field(self, merchandiser, image, numbers, field, sentence):
        answer = merchandiser.post(change(image.product), sent(image.product, *numbers))
        errors = answer.context["inline_admin_formsets"][0].formset.errors[0]
        assert errors == {field: [sentence]}
        assert (Focus.objects.count(), state(image)) == (0, "ready")

    def test_a_viewer_changes_nothing(self, image):
        client = Client()
        client.force_login(make_user("viewer"))
        assert client.post(change(image.product), sent(image.product, "75", "25", "50")).status_code == 403
        assert not Focus.objects.exists()


@pytest.mark.django_db
def test_a_claim_from_before_writes_nothing(image):
    Embedding.objects.update(state="pending")
    backbone = Embedding.objects.get().backbone
    claimed = pending.claim(backbone, "slow", 1)
    Focus.objects.create(image=image, x=0.5, y=0.5, size=0.5)
    assert pending.write(backbone, claimed, np.ones((1, 2048), np.float32)) == 0
    assert state(image) == "pending"


@pytest.mark.django_db
def test_a_replaced_picture_loses_the_focus_of_the_old_one(image):
    Focus.objects.create(image=image, x=0.5, y=0.5, size=0.5)
    from catalog.images import clean

    image.put(clean(io.BytesIO(picture_bytes("red", (90, 120)))))
    image.save()
    assert not Focus.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_the_vector_is_that_of_the_part():
    """Two shirts in one picture; the one that is chosen counts, as if it had a picture of its own."""
    red, navy = (Image.open(io.BytesIO(shirt(colour))) for colour in ("red", "navy"))
    both = Image.new("RGB", (600, 800), "white")
    both.paste(red, (0, 0))
    both.paste(navy, (300, 400))
    file = io.BytesIO()
    both.save(file, "JPEG", quality=95)
    image, alone = make_image(make_product(), file.getvalue()), make_image(make_product(), shirt("navy"))

    def similarity() -> float:
        one, two = (np.asarray(SearchVector.objects.get(image=each).vector) for each in (image, alone))
        return float(one @ two)

    def all_ready() -> bool:
        return set(Embedding.objects.values_list("state", flat=True)) == {"ready"}

    with celery_worker("embed"):
        wait_until(all_ready)
        assert similarity() < 0.8
        Focus.objects.create(image=image, x=0.75, y=0.75, size=0.5)
        wait_until(all_ready)
        assert similarity() > 0.98
        Focus.objects.get().delete()
        wait_until(all_ready)
        assert similarity() < 0.8
