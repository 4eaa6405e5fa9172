"""Carrying an import job on: claimed, in slices, from where it was left, by whichever worker is there.

The row is the truth. Each chunk of the table is written in one transaction with the place that was reached,
so that a killed worker has either done a chunk or not. Whoever comes next goes on behind it.
"""

import logging
import time
import uuid
from contextlib import ExitStack
from datetime import timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from catalog.imports import mapping, run
from catalog.imports.archive import PictureArchive
from catalog.imports.files import local_copy
from catalog.imports.models import ImportJob, ImportProblem
from catalog.imports.plan import Defaults
from catalog.imports.tables import open_table

log = logging.getLogger(__name__)

STALE = timedelta(seconds=60)  # a heartbeat comes with every chunk (2 s), or every few pictures
BEAT_S = 5.0
MAX_ATTEMPTS = 5  # without a single chunk done
DIFFERENCES_KEPT = 100


class Stopped(Exception):
    """The job was cancelled, or taken over by another worker."""


def queue(job: ImportJob) -> None:
    """Tell the workers once this transaction is committed. A broker that is down costs nothing."""
    transaction.on_commit(lambda: _hint(job.pk), robust=True)


def _hint(job_id: int) -> None:
    from catalog.tasks import run_import

    try:
        run_import.delay(job_id)
    except Exception as error:  # kombu, redis and socket errors: the sweep finds the job
        log.warning("The workers could not be told of import %d: %s", job_id, error)


def waiting() -> list[int]:
    """The jobs that nobody works on: new ones whose hint was lost, and those of killed workers."""
    return list(ImportJob.objects.filter(_free(), state__in=ImportJob.ACTIVE).values_list("pk", flat=True))


def _free() -> Q:
    return Q(heartbeat_at=None) | Q(heartbeat_at__lt=timezone.now() - STALE)


def work(job_id: int, seconds: float) -> bool:
    """Carry the job on for about `seconds`; returns whether there is more to do.

    Does nothing when the job is not active or another worker is at it.
    """
    worker = _Worker.claim(job_id, seconds)
    if worker is None:
        return False
    try:
        finished = worker.carry_on()
    except Stopped:
        return False
    except ValidationError as error:
        worker.end(ImportJob.State.FAILED, " ".join(error.messages))
        return False
    except Exception:
        worker.release()
        raise
    if finished:
        return False
    worker.release()
    return True


class _Worker:
    """One claim on a job. Writes to the job's row only as long as the claim is still the row's."""

    def __init__(self, job: ImportJob, seconds: float) -> None:
        self.job, self.end_at, self.beaten_at = job, time.monotonic() + seconds, time.monotonic()

    @classmethod
    def claim(cls, job_id: int, seconds: float) -> "_Worker | None":
        rows = ImportJob.objects.filter(_free(), pk=job_id, state__in=ImportJob.ACTIVE)
        token, now = uuid.uuid4(), timezone.now()
        if not rows.update(claim=token, heartbeat_at=now, attempts=F("attempts") + 1):
            return None
        job = ImportJob.objects.get(pk=job_id)
        worker = cls(job, seconds)
        if job.attempts > MAX_ATTEMPTS:
            reason = _("The worker ended %(attempts)d times behind row %(row)d; see its log.")
            worker.end(ImportJob.State.FAILED, reason % {"attempts": MAX_ATTEMPTS, "row": job.last_row})
            return None
        if job.begun_at is None:
            worker.write(begun_at=now)
        return worker

    def write(self, **values: object) -> None:
        """Write to the job's row. Raises `Stopped` when it is no longer ours."""
        mine = ImportJob.objects.filter(pk=self.job.pk, claim=self.job.claim, state=self.job.state)
        if not mine.update(**values):
            raise Stopped
        self.beaten_at = time.monotonic()

    def release(self) -> None:
        """Let the next one take it at once."""
        try:
            self.write(claim=None, heartbeat_at=None)
        except Stopped:
            pass

    def end(self, state: ImportJob.State, reason: str = "") -> None:
        self.write(state=state, reason=reason, finished_at=timezone.now(), claim=None, heartbeat_at=None)

    def beat(self) -> None:
        """Say that the work goes on, now and then; notices that it was cancelled."""
        if time.monotonic() - self.beaten_at > BEAT_S:
            self.write(heartbeat_at=timezone.now())

    def keep(self, last: int, report: run.Report) -> None:
        """Write what a chunk has come to, in the chunk's own transaction."""
        counts = {name: F(name) + count for name, count in report.counts().items()}
        found = [
            {"sku": change.row.sku, "field": name, "old": str(old), "new": str(new)}
            for change in report.changes
            for name, (old, new) in change.differences.items()
        ]
        self.job.differences = (self.job.differences + found)[:DIFFERENCES_KEPT]
        self.write(
            **counts,
            last_row=last,
            differences=self.job.differences,
            attempts=0,
            heartbeat_at=timezone.now(),
        )
        ImportProblem.objects.bulk_create(
            ImportProblem(
                job=self.job,
                row=problem.row,
                column=problem.column[:200],
                value=problem.value[:200],
                reason=problem.reason,
                skipped=problem.skipped,
            )
            for problem in report.problems
        )

    def carry_on(self) -> bool:
        """Do chunks until the time is over or the table is through; returns whether it is through."""
        job = self.job
        with ExitStack() as stack:
            work = open_import(job, stack, self.beat)
            if not job.last_row:
                self.write(total=run.check(work), heartbeat_at=timezone.now())
            steps = run.steps if job.state == ImportJob.State.RUNNING else run.preview_steps
            for _report in steps(work, self.keep, job.last_row):
                if time.monotonic() > self.end_at:
                    return False
        if job.state == ImportJob.State.RUNNING:
            self.end(ImportJob.State.DONE)
        else:
            self.end(ImportJob.State.WAITING)
        return True


def open_import(job: ImportJob, stack: ExitStack, beat: run.Beat = bool) -> run.Import:
    """The job's files, opened; they are closed with `stack`. Raises `ImportRefused`."""
    table = open_table(stack.enter_context(local_copy(job.table)))
    archive = None
    if job.archive:
        archive = stack.enter_context(PictureArchive(stack.enter_context(local_copy(job.archive))))
    return run.Import(
        table,
        archive,
        mapping_of(job, table.header),
        Defaults(job.price, job.stock),
        run.Policy(job.policy),
        beat=beat,
    )


def header_of(job: ImportJob) -> list[str]:
    """The columns of the job's table. Raises `ImportRefused`."""
    with local_copy(job.table) as path:
        return open_table(path).header


def mapping_of(job: ImportJob, header: list[str]) -> mapping.Mapping:
    """The meaning of the columns as staff has corrected it, or else as guessed."""
    return mapping.Mapping(dict(job.mapping)) if job.mapping else mapping.guess(header)


def restart(job: ImportJob, state: ImportJob.State, **values: object) -> bool:
    """Begin anew in `state`, from the first row; returns whether the job was at rest.

    `RUNNING` after a preview is the word it waited for, `CHECKING` looks again after a correction.
    """
    zero = dict.fromkeys((*run.COUNTS, "total", "last_row", "attempts"), 0)
    with transaction.atomic():
        at_rest = ImportJob.objects.filter(pk=job.pk).exclude(state__in=ImportJob.ACTIVE)
        if not at_rest.update(
            state=state, reason="", differences=[], claim=None, heartbeat_at=None, begun_at=None,
            finished_at=None, **zero, **values,
        ):  # fmt: skip
            return False
        job.problems.all().delete()
        queue(job)
    return True


def cancel(job: ImportJob) -> bool:
    """Stop the job: the worker notices before it writes its next chunk. What was imported stays."""
    stoppable = ImportJob.objects.filter(pk=job.pk, state__in=[*ImportJob.ACTIVE, ImportJob.State.WAITING])
    return bool(stoppable.update(state=ImportJob.State.CANCELLED, finished_at=timezone.now(), claim=None))
