"""Which model a request asks while another takes over."""

import pytest

from similarity.middleware import OneModelMiddleware
from similarity.models import EmbeddingModel

pytestmark = pytest.mark.django_db


def models_seen(request) -> list[EmbeddingModel | None]:
    """Before and after the active model has resigned."""
    before = EmbeddingModel.active()
    EmbeddingModel.objects.update(is_active=False)
    return [before, EmbeddingModel.active()]


def test_a_page_keeps_to_the_model_with_which_it_began(rf):
    model = EmbeddingModel.active()
    assert OneModelMiddleware(models_seen)(rf.get("/")) == [model, model]
    assert EmbeddingModel.active() is None


def test_a_photo_that_is_sent_meets_the_next_one(rf):
    model = EmbeddingModel.active()
    assert OneModelMiddleware(models_seen)(rf.post("/")) == [model, None]
