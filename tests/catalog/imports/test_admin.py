"""Imports in the admin: as a merchandiser does it, and who may not."""

import csv
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from catalog.imports import jobs
from catalog.imports.models import ImportJob, ImportProblem
from catalog.models import Product
from tests.catalog.imports.files import archive, kaggle
from tests.factories import make_product, make_user, picture_bytes

pytestmark = pytest.mark.django_db(transaction=True)
ADD = reverse("admin:catalog_importjob_add")
State = ImportJob.State


@pytest.fixture(autouse=True)
def state_folder(settings, tmp_path):
    settings.STATE_DIR = tmp_path / "state"


def log_in(group: str) -> Client:
    client = Client()
    client.force_login(make_user(group))
    return client


@pytest.fixture
def merchandiser() -> Client:
    return log_in("merchandiser")


def send(client: Client, tmp_path, *rows, **fields):
    table = SimpleUploadedFile("my styles.csv", kaggle(tmp_path, *rows).read_bytes())
    return client.post(ADD, {"table": table, "policy": "refuse_rows", "price": "0", "stock": "1"} | fields)


def url(name: str, job: ImportJob) -> str:
    return reverse(f"admin:catalog_importjob_{name}", args=[job.pk])


def work() -> ImportJob:
    """What the worker would do."""
    job = ImportJob.objects.get()
    assert jobs.work(job.pk, 60) is False
    job.refresh_from_db()
    return job


def test_the_form_has_one_button(merchandiser):
    words = merchandiser.get(ADD).content.decode()
    assert 'name="_save"' in words
    assert "_addanother" not in words
    assert "_continue" not in words


def test_preview_word_import(merchandiser, tmp_path):
    pictures = SimpleUploadedFile("p.zip", archive(tmp_path, **{"1": picture_bytes("red")}).read_bytes())
    rows = {"id": "1"}, {"id": "2", "productDisplayName": ""}
    response = send(merchandiser, tmp_path, *rows, archive=pictures, look_first="on")
    job = work()
    assert response.url == url("change", job)
    page = merchandiser.get(response.url).content.decode()
    assert "Nothing has been written yet" in page
    assert "Import now" in page
    assert "The cell is empty." in page
    assert not Product.objects.exists()

    merchandiser.post(url("start", job))
    job = work()
    page = merchandiser.get(url("change", job)).content.decode()
    assert job.state == State.DONE
    assert Product.objects.get().images.count() == 1
    assert "Import these files again" in page
    assert job.created_by.groups.get().name == "merchandiser"


def test_what_is_done_renews_only_what_is_still_to_come(merchandiser, tmp_path):
    pictures = SimpleUploadedFile("p.zip", archive(tmp_path, **{"1": picture_bytes("red")}).read_bytes())
    send(merchandiser, tmp_path, {"id": "1"}, archive=pictures)
    page = merchandiser.get(url("change", work())).content.decode()
    assert "1 picture waits for its look-alikes." in page
    assert page.count("every 2s") == page.count('hx-select="#follow-up"') == 1
    assert "Look again with these columns" not in page


def test_an_import_that_changed_nothing_says_so(merchandiser, tmp_path):
    send(merchandiser, tmp_path, {"id": "1"})
    job = work()
    assert "Nothing changed" not in merchandiser.get(url("change", job)).content.decode()
    merchandiser.post(url("start", job))
    page = merchandiser.get(url("change", work())).content.decode()
    assert "Nothing changed, nothing was written." in page


def test_a_preview_names_fields_as_people_do_and_lists_pictures(merchandiser, tmp_path):
    make_product(sku="1")
    pictures = SimpleUploadedFile("p.zip", archive(tmp_path, **{"1": picture_bytes("red")}).read_bytes())
    send(merchandiser, tmp_path, {"id": "1"}, archive=pictures, look_first="on")
    page = merchandiser.get(url("change", work())).content.decode()
    assert "<td>base colour</td>" in page
    assert "<td>1.jpg</td>" in page


def test_under_the_strict_policy_all_bad_rows_are_told_and_another_policy_imports_the_others(
    merchandiser, tmp_path
):
    rows = [{"id": str(n), "productDisplayName": "Shirt" if n == 1 else ""} for n in range(1, 4)]
    send(merchandiser, tmp_path, *rows, policy="refuse_all", look_first="on")
    job = work()
    page = merchandiser.get(url("change", job)).content.decode()
    assert (job.state, job.created, job.skipped, job.problems.count()) == (State.WAITING, 1, 2, 2)
    assert "because rows were refused (2)" in page
    assert url("failed", job) in page
    refused = merchandiser.post(url("start", job), follow=True).content.decode()
    assert refused.count("because rows were refused (2)") == 2
    job.refresh_from_db()
    assert job.state == State.WAITING
    merchandiser.post(url("start", job), {"policy": "refuse_rows"})
    assert work().state == State.DONE
    assert Product.objects.count() == 1


def test_a_policy_that_is_none_is_refused(merchandiser, tmp_path):
    send(merchandiser, tmp_path, {"id": "1"}, look_first="on")
    merchandiser.post(url("start", work()), {"policy": "whatever"})
    assert ImportJob.objects.get().state == State.WAITING


def test_an_import_without_a_look_first(merchandiser, tmp_path):
    send(merchandiser, tmp_path, {"id": "1"}, price="19.90", stock="4")
    work()
    product = Product.objects.get()
    assert (str(product.price), product.stock) == ("19.90", 4)


def test_a_file_that_cannot_be_imported_says_why(merchandiser, tmp_path):
    table = SimpleUploadedFile("x.csv", b"a,b\n1,2\n")
    merchandiser.post(ADD, {"table": table, "policy": "refuse_rows", "price": "0", "stock": "1"})
    page = merchandiser.get(url("change", work())).content.decode()
    assert "The file lacks the columns sku, name, category. It has: a, b." in page


def test_columns_can_be_corrected(merchandiser):
    table = SimpleUploadedFile("x.csv", b"Nummer,Titel,Art\n1,Hemd,Hemden\n")
    merchandiser.post(ADD, {"table": table, "policy": "refuse_rows", "price": "0", "stock": "1"})
    job = work()
    assert job.state == State.FAILED
    assert "<option>Titel</option>" in merchandiser.get(url("change", job)).content.decode()
    merchandiser.post(url("columns", job), {"sku": "Nummer", "name": "Titel", "category": "Art"})
    job = work()
    assert (job.state, job.created) == (State.WAITING, 1)


def test_columns_that_do_not_exist_are_refused(merchandiser, tmp_path):
    send(merchandiser, tmp_path, {"id": "1"}, look_first="on")
    job = work()
    wrong = {"sku": "id", "name": "nothing", "category": "articleType"}
    response = merchandiser.post(url("columns", job), wrong, follow=True)
    assert "The file lacks the column nothing." in response.content.decode()
    job.refresh_from_db()
    assert job.state == State.WAITING


def test_columns_of_a_table_that_is_gone_are_refused_in_words(merchandiser, tmp_path):
    send(merchandiser, tmp_path, {"id": "1"}, look_first="on")
    job = work()
    job.table.storage.delete(job.table.name)
    right = {"sku": "id", "name": "productDisplayName", "category": "articleType"}
    response = merchandiser.post(url("columns", job), right, follow=True)
    assert "The uploaded files are no longer there. Please upload them again." in response.content.decode()


def test_the_page_of_a_job_does_not_open_its_table(merchandiser, tmp_path):
    send(merchandiser, tmp_path, {"id": "1"}, look_first="on")
    job = work()
    job.table.storage.delete(job.table.name)
    assert "<option selected>articleType</option>" in merchandiser.get(url("change", job)).content.decode()


def test_failed_rows_of_a_table_that_is_gone_or_unreadable_are_refused_in_words(merchandiser, tmp_path):
    send(merchandiser, tmp_path, {"id": "1", "productDisplayName": ""})
    job = work()
    Path(job.table.path).write_bytes(b"\xff\xfe\x00")
    answer = merchandiser.get(url("failed", job), follow=True)
    assert "The uploaded table cannot be read: The file is not a CSV" in answer.content.decode()
    Path(job.table.path).unlink()
    answer = merchandiser.get(url("failed", job), follow=True)
    assert "The uploaded files are no longer there." in answer.content.decode()


def test_all_problems_can_be_downloaded_those_of_pictures_and_values_too(merchandiser, tmp_path):
    pictures = SimpleUploadedFile("p.zip", archive(tmp_path, **{"1": b"%PDF-1.7"}).read_bytes())
    rows = {"id": "1", "season": "=" + "x" * 31}, {"id": "2", "productDisplayName": ""}
    send(merchandiser, tmp_path, *rows, archive=pictures, policy="ignore_fields")
    job = work()
    assert url("problems", job) in merchandiser.get(url("change", job)).content.decode()
    answer = merchandiser.get(url("problems", job))
    assert answer["Content-Disposition"] == f'attachment; filename="import-{job.pk}-problems.csv"'
    lines = list(csv.reader(b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()))
    assert lines[0] == ["row", "column", "value", "reason", "row left out"]
    assert {(row, column, value[:3], left_out) for row, column, value, _reason, left_out in lines[1:]} == {
        ("2", "season", "'=x", "no"),
        ("2", "pictures", "1.j", "no"),
        ("3", "productDisplayName", "", "yes"),
    }


def test_a_merchandiser_deletes_an_import_with_its_files(merchandiser, tmp_path):
    send(merchandiser, tmp_path, {"id": "1", "productDisplayName": ""})
    job = work()
    assert url("delete", job) in merchandiser.get(url("change", job)).content.decode()
    asked = merchandiser.get(url("delete", job)).content.decode()
    assert "The cell is empty" not in asked
    merchandiser.post(url("delete", job), {"post": "yes"})
    assert not ImportJob.objects.exists()
    assert not Path(job.table.path).exists()


def test_files_that_were_dropped_are_told_and_nothing_is_offered_that_needs_them(merchandiser, tmp_path):
    send(merchandiser, tmp_path, {"id": "1", "productDisplayName": ""}, look_first="on")
    ImportJob.objects.filter(pk=work().pk).update(files_dropped_at=timezone.now())
    job = ImportJob.objects.get()
    page = merchandiser.get(url("change", job)).content.decode()
    assert "The uploaded files were deleted on" in page
    for name in ("start", "failed", "columns"):
        assert url(name, job) not in page
    assert url("problems", job) in page


def test_the_failed_rows_can_be_downloaded(merchandiser, tmp_path):
    send(merchandiser, tmp_path, {"id": "=1", "productDisplayName": ""}, {"id": "2"})
    response = merchandiser.get(url("failed", work()))
    assert response["Content-Disposition"].startswith("attachment; filename=")
    lines = b"".join(response.streaming_content).decode("utf-8-sig").splitlines()
    assert len(lines) == 2
    assert lines[1].startswith("'=1,")


def test_a_running_import_shows_how_far_it_is_and_can_be_cancelled(merchandiser, tmp_path):
    send(merchandiser, tmp_path, {"id": "1"})
    ImportJob.objects.update(rows=500, total=1000, begun_at=timezone.now() - timedelta(seconds=10))
    job = ImportJob.objects.get()
    page = merchandiser.get(url("change", job), headers={"HX-Request": "true"}).content.decode()
    assert 'value="500">500 / 1000</progress>' in page
    assert "every 2s" in page
    assert "rows a second" in page
    merchandiser.post(url("cancel", job))
    job.refresh_from_db()
    assert job.state == State.CANCELLED
    assert "every 2s" not in merchandiser.get(url("change", job)).content.decode()


def test_a_thousand_problems_cost_no_more_queries_than_one(
    merchandiser, tmp_path, django_assert_max_num_queries
):
    send(merchandiser, tmp_path, {"id": "1"})
    job = work()
    ImportProblem.objects.bulk_create(
        ImportProblem(job=job, row=n, reason="<b>bad</b>", skipped=True) for n in range(1000)
    )
    with django_assert_max_num_queries(12):
        page = merchandiser.get(url("change", job)).content.decode()
    assert "… and 950 more." in page
    assert "<b>bad</b>" not in page


@pytest.mark.parametrize("group", ["viewer", "operator"])
@pytest.mark.parametrize("action", ["start", "cancel", "columns"])
def test_who_may_only_look_cannot_act(tmp_path, merchandiser, group, action):
    send(merchandiser, tmp_path, {"id": "1"}, look_first="on")
    job = work()
    client = log_in(group)
    assert client.get(url("change", job)).status_code == 200
    assert "<button" not in client.get(url("change", job), headers={"HX-Request": "1"}).content.decode()
    assert client.post(url(action, job)).status_code == 403
    assert client.get(ADD).status_code == 403
    job.refresh_from_db()
    assert job.state == State.WAITING


@pytest.mark.parametrize("action", ["start", "cancel", "columns"])
def test_nothing_is_done_by_following_a_link(tmp_path, merchandiser, action):
    send(merchandiser, tmp_path, {"id": "1"}, look_first="on")
    assert merchandiser.get(url(action, work())).status_code == 405


def test_strangers_are_sent_to_the_login(tmp_path, merchandiser):
    send(merchandiser, tmp_path, {"id": "1"})
    job = work()
    for name in ("change", "failed"):
        assert Client().get(url(name, job)).status_code == 302


@pytest.mark.parametrize("number", ["0", "99999", "x", "9" * 40])
def test_an_import_that_does_not_exist_is_not_found(merchandiser, number):
    assert (
        merchandiser.get(reverse("admin:catalog_importjob_changelist") + f"{number}/change/").status_code
        == 404
    )


def test_the_list_of_imports(merchandiser, tmp_path):
    send(merchandiser, tmp_path, {"id": "1"})
    work()
    page = merchandiser.get(reverse("admin:catalog_importjob_changelist")).content.decode()
    assert "my_styles.csv" in page
    assert "look-ready" in page
