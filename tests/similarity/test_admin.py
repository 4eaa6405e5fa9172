"""Similarity in the admin: states and reasons, doing work again, look-alikes of a product, operations."""

import math
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from catalog.models import ImportJob
from similarity import operations
from similarity.models import Embedding, EmbeddingModel, NearDuplicate, Run, Worker
from tests.factories import make_embedding, make_image, make_product, make_user

pytestmark = pytest.mark.django_db
PRODUCTS = reverse("admin:catalog_product_changelist")
EMBEDDINGS = reverse("admin:similarity_embedding_changelist")
OPERATIONS = reverse("operations")


def logged_in(group: str | None) -> Client:
    client = Client()
    client.force_login(make_user(group))
    return client


@pytest.fixture
def operator() -> Client:
    return logged_in("operator")


def failed(reason: str = "The picture is damaged or cut off.") -> Embedding:
    embedding = make_embedding(make_image(make_product()), 1)
    embedding.state, embedding.reason, embedding.attempts = "failed", reason, 3
    embedding.save()
    return embedding


def state(embedding: Embedding) -> tuple[str, str, int]:
    embedding.refresh_from_db()
    return embedding.state, embedding.reason, embedding.attempts


AGAIN = ("pending", "", 0)


def test_a_failed_picture_is_listed_with_its_reason(operator):
    failed("The picture is damaged.")
    page = operator.get(EMBEDDINGS, {"state__exact": "failed"}).content.decode()
    assert "The picture is damaged." in page
    assert "look-failed" in page


def test_the_list_costs_the_same_number_of_queries_and_reads_no_features(
    operator, django_assert_max_num_queries, django_assert_num_queries
):
    make_embedding(make_image(make_product()), 1)
    with django_assert_max_num_queries(8) as few:
        operator.get(EMBEDDINGS)
    for _ in range(8):
        make_embedding(make_image(make_product()), 1)
    with django_assert_num_queries(len(few)) as many:
        operator.get(EMBEDDINGS)
    assert not any("features" in query["sql"] for query in many.captured_queries)


def test_selected_failures_are_retried_and_nothing_else(operator):
    chosen, other, ready = failed(), failed(), make_embedding(make_image(make_product()), 1)
    sent = {"action": "retry", "_selected_action": [chosen.pk, ready.pk]}
    operator.post(EMBEDDINGS, sent)
    assert state(chosen) == AGAIN
    assert state(other)[0] == "failed"
    assert state(ready)[0] == "ready"


def test_all_failures_found_by_a_filter_are_retried(operator):
    many = [failed() for _ in range(3)]
    sent = {"action": "retry", "_selected_action": [many[0].pk], "select_across": "1"}
    operator.post(f"{EMBEDDINGS}?state__exact=failed", sent)
    assert [state(embedding) for embedding in many] == [AGAIN] * 3


def test_ready_pictures_are_computed_again_on_request(operator):
    ready = make_embedding(make_image(make_product()), 1)
    operator.post(EMBEDDINGS, {"action": "redo", "_selected_action": [ready.pk]})
    assert state(ready) == AGAIN


def test_a_viewer_retries_nothing():
    embedding = failed()
    viewer = logged_in("viewer")
    viewer.post(EMBEDDINGS, {"action": "retry", "_selected_action": [embedding.pk]})
    assert viewer.post(OPERATIONS).status_code == 403
    assert state(embedding)[0] == "failed"


def test_nobody_writes_an_embedding_by_hand(operator):
    embedding = make_embedding(make_image(make_product()), 1)
    change = reverse("admin:similarity_embedding_change", args=[embedding.pk])
    page = operator.get(change)
    assert page.status_code == 200
    assert 'name="state"' not in page.content.decode()
    assert operator.post(change, {"state": "failed"}).status_code == 403
    assert state(embedding)[0] == "ready"


def test_the_product_list_shows_the_state_of_the_worst_picture():
    product = make_product()
    make_embedding(make_image(product), 1)
    worst = make_embedding(make_image(product), 1)
    Embedding.objects.filter(pk=worst.pk).update(state="failed")
    page = logged_in("viewer").get(PRODUCTS).content.decode()
    assert "look-failed" in page
    assert "look-ready" not in page


def test_the_product_list_costs_the_same_number_of_queries(
    django_assert_max_num_queries, django_assert_num_queries
):
    client = logged_in("viewer")
    make_embedding(make_image(make_product()), 1)
    with django_assert_max_num_queries(12) as few:
        client.get(PRODUCTS)
    for _ in range(8):
        make_embedding(make_image(make_product()), 1)
    with django_assert_num_queries(len(few)) as many:
        client.get(PRODUCTS)
    assert not any('"features"' in query["sql"] for query in many.captured_queries)


def test_products_are_filtered_by_embedding():
    lost = failed().image.product
    make_embedding(make_image(make_product()), 1)
    answer = logged_in("viewer").get(PRODUCTS, {"embedding": "failed"})
    assert list(answer.context["cl"].result_list) == [lost]


def test_a_product_shows_its_five_look_alikes():
    products = [make_product(name=f"Shirt {number}") for number in range(7)]
    for number, product in enumerate(products):
        make_embedding(make_image(product), math.cos(number / 10), math.sin(number / 10))
    page = logged_in("viewer").get(reverse("admin:catalog_product_change", args=[products[0].pk]))
    page = page.content.decode()
    places = [page.find(f"<span>Shirt {number}</span>") for number in range(1, 6)]
    assert -1 not in places
    assert places == sorted(places)
    assert "<span>Shirt 6</span>" not in page


def test_the_button_beside_the_look_alikes_computes_them_again():
    embedding = make_embedding(make_image(make_product()), 1)
    again = reverse("admin:catalog_product_redo", args=[embedding.image.product.pk])
    assert logged_in("viewer").post(again).status_code == 403
    assert logged_in("merchandiser").get(again).status_code == 405
    assert logged_in("merchandiser").post(again).status_code == 302
    assert state(embedding) == AGAIN


def test_operations_count_states_and_group_reasons(operator):
    make_embedding(make_image(make_product()), 1)
    for reason in ("Damaged.", "Damaged.", "Missing."):
        failed(reason)
    now = operations.now()
    assert (now.ready, now.failed) == (1, 3)
    assert [(row.reason, row.count) for row in now.reasons] == [("Damaged.", 2), ("Missing.", 1)]
    page = operator.get(OPERATIONS).content.decode()
    assert "Damaged." in page
    assert "Missing." in page


def test_operations_tell_what_refinement_gained_and_of_near_duplicates_and_imports(operator):
    assert "Not measured yet" in operator.get(OPERATIONS).content.decode()
    report = {"raw": {"articleType": 0.8114}, "refined": {"articleType": 0.9016}}
    Run.objects.create(kind="evaluate", state="done", report=report)
    one, other = (make_image(make_product()) for _ in range(2))
    NearDuplicate.objects.create(
        model=EmbeddingModel.active(), one=one, other=other, similarity=0.999, is_same_file=False
    )
    ImportJob.objects.create(table="2026-11/spring.csv", state="running", total=1000, rows=500)
    now = operations.now()
    assert now.gain.rows == [("articleType", 0.8114, 0.9016)]
    assert (now.duplicates.pairs, [job.rows for job in now.imports]) == (1, [500])
    page = operator.get(OPERATIONS).content.decode()
    for text in ("0.811", "0.902", "spring.csv", 'value="500"'):
        assert text in page


def test_one_kind_of_failure_is_retried(operator):
    damaged, missing = failed("Damaged."), failed("Missing.")
    operator.post(OPERATIONS, {"reason": "Missing."})
    assert state(missing) == AGAIN
    assert state(damaged)[0] == "failed"


def test_every_failure_is_retried(operator):
    both = [failed("Damaged."), failed("Missing.")]
    operator.post(OPERATIONS)
    assert [state(embedding) for embedding in both] == [AGAIN, AGAIN]


@pytest.fixture
def embedded(monkeypatch):
    """Pictures that were embedded so many minutes ago, by a clock that stands still."""
    minute = timezone.now().replace(second=30, microsecond=0)
    monkeypatch.setattr(timezone, "now", lambda: minute)

    def embed(*ago: int) -> None:
        for minutes in ago:
            embedding = make_embedding(make_image(make_product()), 1)
            Embedding.objects.filter(pk=embedding.pk).update(updated_at=minute - timedelta(minutes=minutes))

    return embed


def test_the_rate_is_that_of_the_last_five_whole_minutes(embedded):
    embedded(0, 1, 1, 2, 5, 7)
    found = operations.now()
    assert list(found.per_minute[-8:]) == [1, 0, 1, 0, 0, 1, 2, 1]
    assert len(found.per_minute) == operations.RATE_MINUTES
    assert found.rate == pytest.approx(4 / 5)


def test_minutes_before_the_first_picture_do_not_count_into_the_rate(embedded):
    embedded(0, 1, 1, 1, 2)
    assert operations.now().rate == 2


def test_an_import_tells_how_long_its_pictures_will_wait(operator, embedded):
    job = ImportJob.objects.create(table="2026-11/spring.csv", state="done", images=1200)
    page = reverse("admin:catalog_importjob_change", args=[job.pk])
    for _ in range(6):
        make_image(make_product())
    told = operator.get(page).content.decode()
    assert "6 pictures wait for their look-alikes." in told
    assert "a minute" not in told
    embedded(1, 1, 2, 2)
    told = operator.get(page).content.decode()
    assert "2 a minute: about 3\N{NO-BREAK SPACE}minutes more." in told


def test_the_longest_wait_is_that_of_the_oldest_pending_picture():
    assert operations.oldest_pending() is None
    make_image(make_product())
    Embedding.objects.update(updated_at=timezone.now() - timedelta(minutes=3))
    make_image(make_product())
    assert operations.oldest_pending() == pytest.approx(timedelta(minutes=3), abs=timedelta(seconds=5))
    assert operations.now().longest_wait == "3\N{NO-BREAK SPACE}minutes"


def test_a_silent_worker_and_one_with_a_problem_serve_nobody(operator):
    Worker.report("embed@a", "embed", problem="The weights are missing.")
    Worker.objects.create(name="photo@a", queue="photo", seen_at=timezone.now() - timedelta(minutes=5))
    assert operations.now().missing_queues == ["embed", "photo"]
    page = operator.get(OPERATIONS).content.decode()
    assert "The weights are missing." in page
    Worker.report("embed@b", "embed")
    assert operations.now().missing_queues == ["photo"]


def test_the_page_refreshes_its_figures_only(operator):
    page = operator.get(OPERATIONS, headers={"hx-request": "true"}).content.decode()
    assert page.strip().startswith('<div id="figures"')
    assert "<html" not in page


def test_operations_cost_a_pinned_number_of_queries(operator, django_assert_num_queries):
    failed()
    with django_assert_num_queries(19):  # four of session and permissions, 15 of operations
        operator.get(OPERATIONS, headers={"hx-request": "true"})


@pytest.mark.parametrize("group", [None])
def test_staff_without_a_role_see_no_operations(group):
    assert logged_in(group).get(OPERATIONS).status_code == 403


def test_nobody_sees_operations_without_logging_in():
    assert Client().get(OPERATIONS)["Location"].startswith("/admin/login/")


def test_models_are_listed_without_their_projections(operator, django_assert_max_num_queries):
    with django_assert_max_num_queries(8) as queries:
        page = operator.get(reverse("admin:similarity_embeddingmodel_changelist"))
    assert str(EmbeddingModel.active()) in page.content.decode()
    assert not any('"projection"' in query["sql"] for query in queries.captured_queries)
