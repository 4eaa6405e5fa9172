"""An import on real processes that are ended by `kill -9`: nothing is lost, nothing doubled."""

import random
import time
import zipfile
from contextlib import suppress
from pathlib import Path

import psutil
import pytest

from tests.catalog.imports import snapshot
from tests.catalog.imports.files import kaggle
from tests.factories import picture_bytes
from tests.shop.services.running import eventually
from tests.site import Site, temporary_site

pytestmark = pytest.mark.slow

ROWS = 2000
chance = random.Random()  # noqa: S311 - anew each time
START = """
from pathlib import Path
from django.core.files.base import ContentFile
from catalog.imports import jobs
from catalog.imports.models import ImportJob
job = ImportJob(state="running")
job.table.save("t.csv", ContentFile(Path({table!r}).read_bytes()), save=False)
job.archive.save("t.zip", ContentFile(Path({archive!r}).read_bytes()), save=False)
job.save()
jobs.queue(job)
"""
# What beat does every 30 seconds for jobs whose worker has been silent for 60; here for 12.
RESUME = """
from datetime import timedelta
from django.utils import timezone
from catalog.imports import jobs
from catalog.imports.models import ImportJob
from catalog.tasks import resume_imports
silent = timezone.now() - timedelta(seconds=12)
ImportJob.objects.filter(heartbeat_at__lt=silent).update(heartbeat_at=None)
if jobs.waiting():
    resume_imports.delay()
"""
EMPTY = """
TRUNCATE catalog_product, catalog_category, catalog_brand, catalog_importjob, catalog_importproblem CASCADE
"""


@pytest.fixture(scope="module")
def files(tmp_path_factory) -> tuple[Path, Path]:
    """Rows with a picture each; every hundredth without a name, every fiftieth without a picture."""
    folder = tmp_path_factory.mktemp("files")
    rows = [
        {"id": str(n), "productDisplayName": f"Acme {n % 7} Men Shirt {n}" if n % 100 else ""}
        for n in range(1, ROWS + 1)
    ]
    archive = folder / "images.zip"
    with zipfile.ZipFile(archive, "w") as target:
        for n in range(1, ROWS + 1):
            if n % 50 != 1:
                target.writestr(f"images/{n}.jpg", picture_bytes((n % 256, n // 256 * 20, 99)))
    return kaggle(folder, *rows), archive


@pytest.fixture(scope="module")
def site():
    # Without weights nothing is embedded: this is about the import, and the worker starts at once.
    with temporary_site(EMBEDDER_WEIGHTS="/nowhere.weights.h5") as site:
        site.start_worker("embed")
        yield site


def begin(site: Site, files: tuple[Path, Path]) -> None:
    site.manage("shell", "-v0", "-c", START.format(table=str(files[0]), archive=str(files[1])))


def state(site: Site) -> tuple[str, int]:
    return site.running.sql("SELECT state, rows FROM catalog_importjob")[0]


def finish(site: Site) -> list[tuple]:
    """The catalogue once the import is done, taken up again as often as it takes."""

    def is_done() -> bool:
        site.manage("shell", "-v0", "-c", RESUME)
        return state(site)[0] == "done"

    eventually(is_done, within=240)
    return site.running.sql(snapshot.CATALOGUE)


@pytest.fixture(scope="module")
def undisturbed(site, files) -> list[tuple]:
    begin(site, files)
    catalogue = finish(site)
    assert sum(line.startswith("problem") for (line,) in catalogue) == ROWS // 100 + ROWS // 50
    return catalogue


def moments(count: int) -> list[int]:
    """So many rows are done when it happens."""
    return sorted(chance.sample(range(ROWS - 500), count))


def reached(site: Site, rows: int) -> None:
    """Wait until so many rows are written, and then for a random part of the next chunk."""
    eventually(lambda: state(site)[1] >= rows, within=120)
    time.sleep(chance.uniform(0, 0.5))


def test_a_worker_that_is_killed_three_times_leaves_the_same_catalogue(site, files, undisturbed):
    site.running.sql(EMPTY)
    begin(site, files)
    for rows in moments(3):
        reached(site, rows)
        site.kill("embed")
        site.start_worker("embed")
        site.running.sql("UPDATE catalog_importjob SET heartbeat_at = NULL WHERE state = 'running'")
        site.manage("shell", "-v0", "-c", RESUME)
    assert finish(site) == undisturbed


def test_a_database_that_is_killed_leaves_the_same_catalogue(site, files, undisturbed):
    site.running.sql(EMPTY)
    begin(site, files)
    reached(site, *moments(1))
    postmaster = site.running.process("postgres")
    for process in [postmaster, *postmaster.children()]:
        with suppress(psutil.NoSuchProcess):
            process.kill()
    eventually(site.running.answers_sql, within=60)
    assert finish(site) == undisturbed


def test_a_broker_that_is_killed_and_comes_back_empty_leaves_the_same_catalogue(site, files, undisturbed):
    site.running.sql(EMPTY)
    begin(site, files)
    reached(site, *moments(1))
    with site.without_broker():
        pass
    assert finish(site) == undisturbed
