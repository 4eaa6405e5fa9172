"""Import jobs: preview, word, import; killed, cancelled, taken over."""

import errno
import io
import json
import logging
import logging.config
import os
import time
import uuid
from datetime import timedelta
from typing import Any

import openpyxl
import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import Storage
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation

from catalog.imports import failed, jobs, mapping, run
from catalog.imports.models import ImportJob, ImportProblem
from catalog.imports.tables import open_table
from catalog.models import Product, ProductImage
from shop import logs
from tests.catalog.imports.files import archive, kaggle
from tests.factories import make_user, picture_bytes

pytestmark = pytest.mark.django_db(transaction=True)

State = ImportJob.State
PICTURES = {str(n): picture_bytes((n * 9, 90, 200)) for n in range(1, 8)}


@pytest.fixture(autouse=True)
def state_folder(settings, tmp_path):
    settings.STATE_DIR = tmp_path / "state"
    return settings.STATE_DIR


@pytest.fixture
def small_chunks(monkeypatch):
    monkeypatch.setattr(run, "CHUNK_ROWS", 2)


def make_job(tmp_path, *rows, pictures=None, **fields: Any) -> ImportJob:
    job = ImportJob(created_by=make_user(), **{"state": State.RUNNING} | fields)
    job.table.save("styles.csv", ContentFile(kaggle(tmp_path, *rows).read_bytes()), save=False)
    if pictures is not None:
        job.archive.save("images.zip", ContentFile(archive(tmp_path, **pictures).read_bytes()), save=False)
    job.save()
    return job


def seven(tmp_path, **fields: Any) -> ImportJob:
    """Seven rows with pictures, the fourth of them without a name."""
    rows = [{"id": sku} | ({"productDisplayName": ""} if sku == "4" else {}) for sku in PICTURES]
    return make_job(tmp_path, *rows, pictures=PICTURES, **fields)


def work(job: ImportJob, seconds: float = 60) -> bool:
    more = jobs.work(job.pk, seconds)
    job.refresh_from_db()
    return more


def counts(job: ImportJob) -> dict[str, int]:
    return {name: getattr(job, name) for name in run.COUNTS if getattr(job, name)}


def catalogue() -> list[Any]:
    """All that an import leaves behind, but for ids and times."""
    products = Product.objects.order_by("sku").values_list(
        "sku", "name", "slug", "category__name", "search_text"
    )
    images = ProductImage.objects.order_by("product__sku").values_list("product__sku", "checksum", "position")
    problems = ImportProblem.objects.order_by("row").values_list("row", "column", "reason", "skipped")
    return [list(products), list(images), list(problems)]


def test_a_job_imports_its_files(tmp_path):
    job = seven(tmp_path)
    assert work(job) is False
    assert (job.state, job.total) == (State.DONE, 7)
    assert counts(job) == {"rows": 7, "created": 6, "skipped": 1, "images": 6}
    assert job.finished_at is not None
    [problem] = job.problems.all()
    assert (problem.row, problem.column, problem.skipped) == (5, "productDisplayName", True)


def test_a_preview_writes_nothing_and_waits_for_the_word(tmp_path):
    job = seven(tmp_path, state=State.CHECKING)
    work(job)
    assert job.state == State.WAITING
    assert counts(job) == {"rows": 7, "created": 6, "skipped": 1, "images": 6}
    assert not Product.objects.exists()
    assert jobs.restart(job, State.RUNNING)
    work(job)
    assert job.state == State.DONE
    assert counts(job) == {"rows": 7, "created": 6, "skipped": 1, "images": 6}
    assert job.problems.count() == 1


def test_a_preview_shows_what_would_become_of_a_product(tmp_path):
    work(make_job(tmp_path, {"id": "1", "season": "Fall"}, {"id": "2"}))
    job = make_job(tmp_path, {"id": "1", "season": "Winter"}, {"id": "2"}, state=State.CHECKING)
    work(job)
    assert counts(job) == {"rows": 2, "changed": 1, "unchanged": 1}
    assert job.differences == [{"sku": "1", "field": "season", "old": "Fall", "new": "Winter"}]


def test_the_same_job_again_writes_to_nothing_but_its_own_row(tmp_path):
    work(seven(tmp_path))
    again = seven(tmp_path)
    with CaptureQueriesContext(connection) as queries:
        work(again)
    assert counts(again) == {"rows": 7, "unchanged": 6, "skipped": 1}
    written = [q["sql"] for q in queries if q["sql"].startswith(("INSERT", "UPDATE", "DELETE"))]
    assert written
    assert all("catalog_import" in sql.split("(")[0] for sql in written)


def test_a_job_gives_way_when_its_time_is_over_and_goes_on_behind_it(tmp_path, small_chunks):
    job = seven(tmp_path)
    slices = 0
    while work(job, seconds=0):
        slices += 1
        assert job.state == State.RUNNING
    assert slices == 5  # the archive's own problems, then four chunks
    assert job.state == State.DONE
    assert counts(job) == {"rows": 7, "created": 6, "skipped": 1, "images": 6}


@pytest.mark.parametrize("writes", range(12))
def test_a_worker_killed_anywhere_leaves_nothing_lost_and_nothing_doubled(tmp_path, small_chunks, writes):
    """Killed at its nth write; whoever takes over comes to the same end."""
    undisturbed = seven(tmp_path)
    work(undisturbed)
    expected, expected_counts = catalogue(), counts(undisturbed)
    Product.objects.all().delete()
    undisturbed.delete()

    job = seven(tmp_path)
    left = [writes]

    def kill(execute, sql, params, many, context):
        if sql.startswith(("INSERT", "UPDATE")):
            left[0] -= 1
            if left[0] < 0:
                raise KeyboardInterrupt
        return execute(sql, params, many, context)

    with connection.execute_wrapper(kill), pytest.raises(KeyboardInterrupt):
        jobs.work(job.pk, 60)
    job.refresh_from_db()
    assert job.state == State.RUNNING
    ImportJob.objects.update(heartbeat_at=timezone.now() - timedelta(hours=1))
    assert jobs.waiting() == [job.pk]
    work(job)
    assert catalogue() == expected
    assert counts(job) == expected_counts


def test_a_job_that_lives_is_left_alone(tmp_path):
    job = seven(tmp_path)
    ImportJob.objects.update(heartbeat_at=timezone.now())
    assert jobs.waiting() == []
    assert work(job) is False
    assert job.state == State.RUNNING
    assert not Product.objects.exists()


def test_a_worker_that_was_overtaken_writes_nothing_more(tmp_path, small_chunks, monkeypatch):
    job = seven(tmp_path)
    slow = jobs._Worker.claim(job.pk, 60)
    ImportJob.objects.update(heartbeat_at=timezone.now() - timedelta(hours=1))
    work(job)
    assert job.state == State.DONE
    before = catalogue()
    with pytest.raises(jobs.Stopped):
        slow.carry_on()
    assert catalogue() == before


def test_a_cancelled_job_stops_before_its_next_chunk(tmp_path, small_chunks):
    job = seven(tmp_path)
    worker = jobs._Worker.claim(job.pk, 0)
    worker.carry_on()
    worker.carry_on()
    imported = Product.objects.count()
    assert jobs.cancel(job)
    with pytest.raises(jobs.Stopped):
        worker.carry_on()
    assert Product.objects.count() == imported
    job.refresh_from_db()
    assert job.state == State.CANCELLED
    assert jobs.waiting() == []


def test_what_is_done_cannot_be_cancelled(tmp_path):
    job = seven(tmp_path)
    work(job)
    assert not jobs.cancel(job)
    job.refresh_from_db()
    assert job.state == State.DONE


def test_a_running_job_cannot_be_started_again(tmp_path):
    assert not jobs.restart(seven(tmp_path), State.RUNNING)


def test_a_file_that_cannot_be_imported_fails_with_its_reason(tmp_path):
    job = make_job(tmp_path, {"id": "1"})
    job.table.save("styles.csv", ContentFile(b"id,what\n1,2\n"))
    work(job)
    assert job.state == State.FAILED
    assert job.reason == "The file lacks the columns name, category. It has: id, what."


def test_a_run_that_the_policy_forbids_becomes_a_preview(tmp_path):
    job = seven(tmp_path, policy="refuse_all")
    work(job)
    assert job.state == State.WAITING
    assert counts(job) == {"rows": 7, "created": 6, "skipped": 1, "images": 6}
    assert "because rows were refused (1)" in job.reason
    assert not Product.objects.exists()
    assert not work(job)


def test_under_the_strict_policy_a_file_without_a_bad_row_is_imported(tmp_path):
    job = make_job(tmp_path, {"id": "1"}, policy="refuse_all")
    work(job)
    assert (job.state, Product.objects.count()) == (State.DONE, 1)


def test_reading_rows_again_is_a_sign_of_life(tmp_path):
    beats = []
    table = open_table(kaggle(tmp_path, {"id": "1"}, {"id": "2"}, {"id": "3"}))
    work = run.Import(table, None, mapping.guess(table.header), beat=lambda: beats.append("beat"))
    assert run.check(work) == len(beats) == 3
    assert list(run.preview_steps(work, after=4)) == []
    assert len(beats) == 6


class FullDisk(Storage):
    """A storage that no byte more goes into."""

    def exists(self, name: str) -> bool:
        return False

    def _save(self, name: str, content: Any) -> str:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def test_a_full_disk_is_the_reason_and_room_lets_the_import_go_on(tmp_path, small_chunks, settings):
    job, roomy = seven(tmp_path), settings.STORAGES
    settings.STORAGES = roomy | {"default": {"BACKEND": f"{__name__}.FullDisk"}}
    assert work(job) is False
    assert (job.state, job.claim) == (State.RUNNING, None)
    assert job.reason == "The worker could not read or write a file: No space left on device."
    assert jobs.waiting() == [job.pk]
    settings.STORAGES = roomy
    work(job)
    assert (job.state, job.reason) == (State.DONE, "")
    assert counts(job) == {"rows": 7, "created": 6, "skipped": 1, "images": 6}


def test_a_disk_that_stays_full_ends_the_import_with_that_reason(tmp_path, settings):
    job, roomy = seven(tmp_path), settings.STORAGES
    settings.STORAGES = roomy | {"default": {"BACKEND": f"{__name__}.FullDisk"}}
    for _ in range(jobs.MAX_ATTEMPTS + 2):  # the first one gets past the archive's own problems
        work(job)
    assert job.state == State.FAILED
    assert "No space left on device" in job.reason
    settings.STORAGES = roomy
    jobs.restart(job, State.RUNNING)
    work(job)
    assert (job.state, job.created) == (State.DONE, 6)


def test_reasons_are_written_in_the_language_of_who_sent_the_files(tmp_path):
    rows = {"id": "1"}, {"id": "2", "productDisplayName": ""}
    job = make_job(tmp_path, *rows, pictures={"1": b"GIF89a"}, language="de")
    work(job)
    picture, cell = job.problems.order_by("row")
    assert cell.reason == "Die Zelle ist leer."
    assert picture.reason.startswith("Die Datei ist ein GIF")  # found out in a thread of its own
    assert translation.get_language() == "en"


def test_uploaded_files_are_deleted_thirty_days_after_the_end_and_figures_stay(tmp_path, state_folder):
    old, young = seven(tmp_path), make_job(tmp_path, {"id": "1"})
    work(old), work(young)
    ImportJob.objects.filter(pk=old.pk).update(finished_at=timezone.now() - timedelta(days=31))
    jobs.drop_old_files()
    left = [path for path in state_folder.rglob("*") if path.is_file()]
    assert [str(path) for path in left] == [young.table.path]
    old.refresh_from_db()
    assert (old.created, old.problems.count(), str(old)) == (6, 1, "styles.csv")
    assert not jobs.restart(old, State.RUNNING)


@pytest.fixture
def lines():
    """What the worker logs, as the log's own format writes it."""
    out = io.StringIO()
    config = logging.config.DictConfigurator(logs.settings("json", "INFO"))
    handler = logging.StreamHandler(out)
    handler.setFormatter(config.configure_formatter(config.config["formatters"]["structlog"]))
    logger = logging.getLogger("catalog.imports")
    before = logger.level
    logger.addHandler(handler)
    logger.setLevel("INFO")
    yield lambda: [json.loads(line) for line in out.getvalue().splitlines()]
    logger.removeHandler(handler)
    logger.setLevel(before)


def test_each_line_of_the_log_names_the_import(tmp_path, lines):
    job = seven(tmp_path)
    work(job)
    broken = make_job(tmp_path, {"id": "1"}, mapping={"sku": "nothing"})
    ImportJob.objects.filter(pk=broken.pk).update(
        claim=uuid.uuid4(), heartbeat_at=timezone.now() - timedelta(hours=1)
    )
    work(broken)
    said = [(line["import_job"], line["level"], line["event"]) for line in lines()]
    assert [line[:2] for line in said] == [
        (job.pk, "info"), (job.pk, "info"), (broken.pk, "info"), (broken.pk, "warning"),
    ]  # fmt: skip
    texts = [event for *_rest, event in said]
    assert texts[0] == "Import is carried on behind row 0: running"
    assert texts[1].startswith("Import is done: {'rows': 7, 'created': 6,")
    assert texts[2].startswith("Import is taken over from a silent worker")
    assert texts[3].endswith(
        "The file lacks the columns nothing, name, category. It has: "
        + "id, gender, masterCategory, subCategory, articleType, baseColour, season, "
        + "year, usage, productDisplayName."
    )


def test_a_job_that_kills_its_workers_is_given_up(tmp_path):
    job = seven(tmp_path)
    ImportJob.objects.update(attempts=jobs.MAX_ATTEMPTS)
    work(job)
    assert job.state == State.FAILED
    assert job.reason == "The worker ended 5 times behind row 0; see its log."


def failed_file(job: ImportJob) -> tuple[str, bytes]:
    name, _type, content = failed.failed_rows(job)
    return name, b"".join(content)


def test_the_failed_rows_come_back_as_a_file_that_can_be_corrected_and_sent(tmp_path):
    rows = [
        {"id": "1"},
        {"id": "2", "productDisplayName": "", "season": "=1+1"},
        {"id": "3", "gender": "x" * 31},
    ]
    job = make_job(tmp_path, *rows)
    work(job)
    name, content = failed_file(job)
    assert name == f"import-{job.pk}-failed.csv"
    text = content.decode("utf-8-sig")
    lines = text.splitlines()
    assert lines[0].endswith("productDisplayName,problem")
    assert lines[1].startswith("2,Men,")
    assert lines[1].endswith(",'=1+1,2011,Casual,,productDisplayName: The cell is empty.")
    assert lines[2].startswith("3,")
    assert len(lines) == 3

    corrected = text.replace(",Casual,,", ",Casual,A name,").replace("x" * 31, "Women")
    again = ImportJob(state=State.RUNNING)
    again.table.save("again.csv", ContentFile(corrected.encode("utf-8-sig")))
    work(again)
    assert counts(again) == {"rows": 2, "created": 2}
    assert Product.objects.get(sku="2").season == "=1+1"


def test_the_failed_rows_of_a_sheet_come_back_as_a_sheet(tmp_path):
    book = openpyxl.Workbook()
    for row in (
        ["sku", "name", "category", "price"],
        ["007", "+Plus", "Shirts", "cheap"],
        ["2", "b", "Shirts", 5],
    ):
        book.active.append(row)
    book.save(tmp_path / "x.xlsx")
    job = ImportJob(state=State.RUNNING)
    job.table.save("x.xlsx", ContentFile((tmp_path / "x.xlsx").read_bytes()))
    work(job)
    assert counts(job) == {"rows": 2, "created": 1, "skipped": 1}
    name, content = failed_file(job)
    assert name == f"import-{job.pk}-failed.xlsx"

    book = openpyxl.load_workbook(io.BytesIO(content))
    lines = [[cell.value for cell in row] for row in book.active.iter_rows()]
    assert lines == [
        ["sku", "name", "category", "price", "problem"],
        ["007", "'+Plus", "Shirts", "cheap", "price: This is no price; write it as 1234.50."],
    ]
    book.active["D2"] = 19.9
    book.save(tmp_path / "corrected.xlsx")
    again = ImportJob(state=State.RUNNING)
    again.table.save("again.xlsx", ContentFile((tmp_path / "corrected.xlsx").read_bytes()))
    work(again)
    assert counts(again) == {"rows": 1, "created": 1}
    product = Product.objects.get(sku="007")
    assert (product.name, str(product.price)) == ("+Plus", "19.90")


def test_a_sku_that_comes_twice_is_known_after_the_worker_was_killed(tmp_path, small_chunks):
    job = make_job(tmp_path, *({"id": sku} for sku in "12345"), {"id": "1", "season": "Winter"})
    worker = jobs._Worker.claim(job.pk, 0)
    worker.carry_on()
    ImportJob.objects.update(claim=None, heartbeat_at=None)
    work(job)
    assert counts(job) == {"rows": 6, "created": 5, "skipped": 1}
    assert job.problems.get().reason == "This SKU is in row 2 already; the first one counts."


def test_the_uploaded_files_lie_outside_the_media_and_go_with_the_job(tmp_path, state_folder, media):
    job = seven(tmp_path)
    files = [path for path in state_folder.rglob("*") if path.is_file()]
    assert len(files) == 2
    assert all(path.stat().st_mode & 0o077 == 0 for path in files)
    job.delete()
    assert not any(path.exists() for path in files)
    assert not media.exists()


def test_corrected_columns_are_used(tmp_path):
    job = make_job(tmp_path, {"id": "1"})
    job.table.save("odd.csv", ContentFile(b"Nummer,Titel,Art\n1,Hemd,Hemden\n"))
    job.mapping = {"sku": "Nummer", "name": "Titel", "category": "Art"}
    job.save()
    work(job)
    assert counts(job) == {"rows": 1, "created": 1}
    assert Product.objects.get().name == "Hemd"


def test_a_broker_that_is_down_does_not_keep_a_job_from_being_made(tmp_path, settings):
    started = time.monotonic()
    job = seven(tmp_path)
    jobs.queue(job)
    assert time.monotonic() - started < 5
    assert jobs.waiting() == [job.pk]
