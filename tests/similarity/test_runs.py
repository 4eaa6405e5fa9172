"""Evaluating, refining and calibrating from the admin."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from similarity import learn, runs
from similarity.evaluation import Figure
from similarity.learn import RefinementRefused, Report
from similarity.models import Run
from similarity.runs import Kind, State
from tests.factories import make_embedding, make_image, make_product, make_user
from tests.pages import text

pytestmark = pytest.mark.django_db
QUALITY = reverse("admin:similarity_run_changelist")


def logged_in(group: str) -> Client:
    client = Client()
    client.force_login(make_user(group))
    return client


def started(kind: Run.Kind) -> Run:
    run = runs.start(kind)
    assert run
    return run


def press(client: Client, kind: str):
    return client.post(reverse("admin:similarity_run_start", args=[kind]))


def figure(value: float) -> Figure:
    return Figure(value, value - 0.01, value + 0.01, 300)


def a_refinement(gain: float) -> Report:
    return Report(
        method="supervised", products=100, held_out=10, attributes=["baseColour"],
        raw={"baseColour": figure(0.5)}, refined={"baseColour": figure(0.5 + gain)}, gain=figure(gain),
        raw_instance_recall_at_1=figure(0.8), refined_instance_recall_at_1=figure(0.79), lost=figure(0.01),
    )  # fmt: skip


def test_a_button_leaves_a_run_that_waits_for_a_worker():
    assert press(logged_in("operator"), "evaluate")["Location"] == QUALITY
    run = Run.objects.get()
    assert (run.kind, run.state, run.created_by.groups.get().name) == ("evaluate", "waiting", "operator")
    assert runs.waiting() == [run.pk]


def test_viewers_and_merchandisers_look_but_press_nothing():
    for group in ("viewer", "merchandiser"):
        client = logged_in(group)
        assert press(client, "refine").status_code == 403
        page = client.get(QUALITY)
        assert page.status_code == 200
        assert "start/refine" not in page.content.decode()
    assert not Run.objects.exists()


def test_there_is_one_run_at_a_time():
    started(Kind.EVALUATE)
    assert runs.start(Kind.REFINE) is None
    page = logged_in("operator").post(reverse("admin:similarity_run_start", args=["refine"]), follow=True)
    assert "Another run is under way." in text(page)
    assert Run.objects.count() == 1


def test_after_the_end_of_one_there_may_be_another():
    runs.carry_out(started(Kind.EVALUATE).pk)
    assert runs.start(Kind.EVALUATE)


def test_what_is_refused_says_why_with_its_figures(monkeypatch):
    def refine(activate, advance):
        raise RefinementRefused("No refinement was activated. It is not better.", a_refinement(-0.02))

    monkeypatch.setattr(learn, "refine", refine)
    run = started(Kind.REFINE)
    runs.carry_out(run.pk)
    run.refresh_from_db()
    assert (run.state, run.reason) == ("refused", "No refinement was activated. It is not better.")
    assert run.report["raw"] == {"baseColour": 0.5}
    assert run.report["intervals"]["lost"] == [0.0, 0.02]
    client = logged_in("viewer")
    words = text(client.get(reverse("admin:similarity_run_change", args=[run.pk])))
    assert "refused" in words
    assert "It is not better." in words
    assert "0.480" in words  # refined, in the plot
    assert "precision@5 -0.0200" in text(client.get(QUALITY))


def test_nothing_to_measure_is_a_refusal():
    run = started(Kind.EVALUATE)
    runs.carry_out(run.pk)
    run.refresh_from_db()
    assert (run.state, run.reason) == ("refused", "0 products have features; at least 10 are needed.")


def test_an_unexpected_error_ends_the_run_and_not_the_worker(monkeypatch):
    def refine(activate, advance):
        raise ValueError("odd")

    monkeypatch.setattr(learn, "refine", refine)
    run = started(Kind.REFINE)
    runs.carry_out(run.pk)
    run.refresh_from_db()
    assert (run.state, run.reason) == ("failed", "ValueError: odd")


def test_a_cancelled_run_stops_at_its_next_step(monkeypatch):
    steps = []

    def refine(activate, advance):
        advance("fitting", 0, 100)
        steps.append("before")
        assert logged_in("operator").post(reverse("admin:similarity_run_cancel", args=[run.pk]))
        advance("proving", 0, 1)
        steps.append("after")

    monkeypatch.setattr(learn, "refine", refine)
    run = started(Kind.REFINE)
    runs.carry_out(run.pk)
    run.refresh_from_db()
    assert steps == ["before"]
    assert (run.state, run.stage) == ("cancelled", "fitting")
    assert run.finished_at


def test_progress_is_in_the_row_and_on_the_page(monkeypatch):
    def refine(activate, advance):
        advance("fitting", 40, 100)
        page = logged_in("viewer").get(QUALITY, headers={"hx-request": "true"}).content.decode()
        assert 'hx-trigger="every 2s"' in page
        assert 'value="40"' in page
        return a_refinement(0.02)

    monkeypatch.setattr(learn, "refine", refine)
    run = started(Kind.REFINE)
    runs.carry_out(run.pk)
    run.refresh_from_db()
    assert (run.state, run.done, run.report["gain"]) == ("done", 40, 0.02)
    ended = logged_in("viewer").get(QUALITY, headers={"hx-request": "true"})
    assert ended["HX-Refresh"] == "true"


def test_a_run_that_another_worker_is_at_is_left_alone():
    run = started(Kind.EVALUATE)
    Run.objects.filter(pk=run.pk).update(state=State.RUNNING, heartbeat_at=timezone.now())
    runs.carry_out(run.pk)
    run.refresh_from_db()
    assert (run.state, run.attempts) == ("running", 0)
    assert runs.waiting() == []


def test_a_run_whose_worker_is_silent_is_begun_anew_but_not_for_ever():
    run = started(Kind.EVALUATE)
    silent = {"state": State.RUNNING, "heartbeat_at": timezone.now() - timedelta(minutes=31)}
    Run.objects.filter(pk=run.pk).update(**silent)
    assert runs.waiting() == [run.pk]
    Run.objects.filter(pk=run.pk).update(attempts=runs.MAX_ATTEMPTS)
    runs.carry_out(run.pk)
    run.refresh_from_db()
    assert (run.state, run.reason) == ("failed", "The worker ended 2 times on the way; see its log.")


def test_the_page_shows_the_last_evaluation_with_examples_right_and_wrong():
    products = [make_product(base_colour="Navy" if number % 2 else "Red") for number in range(3)]
    for product in products:
        make_embedding(make_image(product), 1)
    report = {
        "raw": {"baseColour": 0.5},
        "refined": {"baseColour": 0.6},
        "instance_recall_at_1": 0.9,
        "instance_recall_at_5": 1.0,
        "index_recall_at_5": 1.0,
        "intervals": {"raw.baseColour": [0.4, 0.6]},
        "weakest": [["Scarves", 7, 0.1]],
        "confusions": {"articleType": [["Scarves", "Stoles", 0.25]]},
        "examples": [
            {
                "query": products[0].pk,
                "judged": ["baseColour"],
                "results": [
                    {"product": products[1].pk, "agrees": []},
                    {"product": products[2].pk, "agrees": ["baseColour"]},
                    {"product": 10**9, "agrees": ["baseColour"]},  # gone by now
                ],
            }
        ],
    }
    Run.objects.create(kind=Kind.EVALUATE, state=State.DONE, report=report)
    page = logged_in("viewer").get(QUALITY).content.decode()
    assert page.count("look-right") == 1
    assert page.count("look-wrong") == 1
    assert page.count('<rect class="look-refined"') == 4
    assert 'x1="314.0"' in page  # 170 + 360 * 0.4
    assert "Scarves" in page
    assert "Stoles for Scarves" in page
    assert "<script" not in page[page.index('id="runs"') : page.index("look-examples")]


def test_the_page_draws_the_calibration_of_the_model_that_answers():
    page = logged_in("viewer").get(QUALITY).content.decode()
    assert page.count("<polyline") == 2
    assert "Close match: from" in page
