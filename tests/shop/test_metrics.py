"""`/metrics`: the rows' own figures, for staff and for whoever brings the token."""

import pytest
from django.test import Client
from prometheus_client.parser import text_string_to_metric_families

from catalog.models import ImportJob
from similarity.models import Embedding, Worker
from tests.factories import make_embedding, make_image, make_product, make_user

pytestmark = pytest.mark.django_db
TOKEN = "a-token-of-at-least-fifty-characters-for-the-metrics"


@pytest.fixture
def scraped(settings):
    """Reads the page as Prometheus does: values by name and labels."""
    settings.METRICS_TOKEN = TOKEN

    def scrape() -> dict:
        text = Client().get("/metrics", headers={"authorization": f"Bearer {TOKEN}"}).content.decode()
        samples = [sample for family in text_string_to_metric_families(text) for sample in family.samples]
        return {(sample.name, *sample.labels.values()): sample.value for sample in samples}

    return scrape


def test_states_are_counted(scraped):
    make_embedding(make_image(make_product()), 1)
    make_image(make_product())
    lost = make_embedding(make_image(make_product()), 1)
    Embedding.objects.filter(pk=lost.pk).update(state="failed")
    found = scraped()
    assert [found["lookalike_embeddings", state] for state in ("pending", "ready", "failed")] == [1, 1, 1]
    assert found["lookalike_products",] == 3
    assert 0 < found["lookalike_oldest_pending_seconds",] < 10


def test_only_workers_that_are_able_to_work_count(scraped):
    Worker.report("a", "embed")
    Worker.report("b", "embed", problem="The weights are missing.")
    found = scraped()
    assert found["lookalike_workers_alive", "embed"] == 1
    assert found["lookalike_workers_alive", "photo"] == 0


def test_imports_are_counted_by_state(scraped):
    for state in ("done", "done", "failed"):
        ImportJob.objects.create(table="t.csv", state=state)
    found = scraped()
    assert [found["lookalike_import_jobs", state] for state in ("done", "failed", "running")] == [2, 1, 0]


@pytest.mark.parametrize("brought", ["", "Bearer ", "Bearer wrong", f"Bearer {TOKEN[:-1]}", "Bearer é"])
def test_strangers_are_refused(settings, brought):
    settings.METRICS_TOKEN = TOKEN
    assert Client().get("/metrics", headers={"authorization": brought}).status_code == 403


def test_an_empty_token_opens_nothing(settings):
    settings.METRICS_TOKEN = ""
    assert Client().get("/metrics", headers={"authorization": "Bearer "}).status_code == 403


def test_staff_read_it_in_the_browser():
    client = Client()
    client.force_login(make_user())
    assert client.get("/metrics").status_code == 200
