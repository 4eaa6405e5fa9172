"""Carrying an import job on: claimed, in slices, from where it was left, by whichever worker is there.

The row is the truth. Each chunk of the table is written in one transaction with the place that was reached,
so that a killed worker has either done a chunk or not. Whoever comes next goes on behind it.
"""

import logging
import time
import uuid
from contextlib import ExitStack
from datetime import timedelta

import structlog
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from catalog.imports import mapping, run
from catalog.imports.archive import PictureArchive
from catalog.imports.files import local_copy
from catalog.imports.models import ImportJob, ImportProblem
from catalog.imports.plan import Defaults
from catalog.imports.problems import ImportRefused
from catalog.imports.tables import open_table

log = logging.getLogger(__name__)

STALE = timedelta(seconds=60)  # a heartbeat comes with every chunk (2 s), or every few pictures
BEAT_S = 5.0
MAX_ATTEMPTS = 5  # without a single chunk done
DIFFERENCES_KEPT = 100
FILES_KEPT = timedelta(days=30)  # after a job has ended


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

    Does nothing when the job is not active or another worker is at it. Whatever is logged meanwhile names
    the job; reasons are written in the language of who has sent the files.
    """
    language = ImportJob.objects.filter(pk=job_id).values_list("language", flat=True).first()
    spoken = translation.override(language or settings.LANGUAGE_CODE)
    with structlog.contextvars.bound_contextvars(import_job=job_id), spoken:
        try:
            worker = _Worker.claim(job_id, seconds)
            return worker is not None and worker.is_needed_again()
        except Stopped:
            log.info("Import was cancelled, or taken over by another worker")
            return False


class _Worker:
    """One claim on a job. Writes to the job's row only as long as the claim is still the row's."""

    def __init__(self, job: ImportJob, seconds: float) -> None:
        self.job, self.end_at, self.beaten_at = job, time.monotonic() + seconds, time.monotonic()

    @classmethod
    def claim(cls, job_id: int, seconds: float) -> "_Worker | None":
        rows = ImportJob.objects.filter(_free(), pk=job_id, state__in=ImportJob.ACTIVE)
        silent = rows.exclude(claim=None).exists()
        token, now = uuid.uuid4(), timezone.now()
        if not rows.update(claim=token, heartbeat_at=now, attempts=F("attempts") + 1):
            return None
        job = ImportJob.objects.get(pk=job_id)
        worker = cls(job, seconds)
        if job.attempts > MAX_ATTEMPTS:
            reason = _("The worker ended %(attempts)d times behind row %(row)d; see its log.")
            reason = job.reason or reason % {"attempts": MAX_ATTEMPTS, "row": job.last_row}
            worker.end(ImportJob.State.FAILED, reason)
            return None
        if job.begun_at is None:
            worker.write(begun_at=now)
        how = "taken over from a silent worker" if silent else "carried on"
        log.info("Import is %s behind row %d: %s", how, job.last_row, job.state)
        return worker

    def is_needed_again(self) -> bool:
        """Carry on; returns whether somebody has to go on from there."""
        try:
            finished = self.carry_on()
        except ValidationError as error:
            self.end(ImportJob.State.FAILED, " ".join(error.messages))
            return False
        except OSError as error:  # a full disk, most likely: others may make room meanwhile
            log.exception("Import could not read or write")
            reason = _("The worker could not read or write a file: %(error)s.")
            self.release(reason=reason % {"error": error.strerror or error})
            return False
        except Stopped:
            raise
        except Exception:
            self.release()
            raise
        if not finished:
            self.release()
        return not finished

    def write(self, **values: object) -> None:
        """Write to the job's row. Raises `Stopped` when it is no longer ours."""
        mine = ImportJob.objects.filter(pk=self.job.pk, claim=self.job.claim, state=self.job.state)
        if not mine.update(**values):
            raise Stopped
        self.beaten_at = time.monotonic()

    def release(self, **values: object) -> None:
        """Let the next one take it at once."""
        try:
            self.write(claim=None, heartbeat_at=None, **values)
        except Stopped:
            pass

    def end(self, state: ImportJob.State, reason: str = "") -> None:
        self.write(state=state, reason=reason, finished_at=timezone.now(), claim=None, heartbeat_at=None)
        self.job.refresh_from_db(fields=run.COUNTS)
        counts = {name: getattr(self.job, name) for name in run.COUNTS}
        level = logging.WARNING if state == ImportJob.State.FAILED else logging.INFO
        log.log(level, "Import is %s: %s %s", state, counts, reason)

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
            for name, (old, new) in change.shown().items()
        ]
        self.job.differences = (self.job.differences + found)[:DIFFERENCES_KEPT]
        self.write(
            **counts,
            last_row=last,
            differences=self.job.differences,
            attempts=0,
            reason="",
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
            if job.header != work.table.header:
                self.write(header=work.table.header)
            if not job.last_row or work.archive:  # which has to know all SKUs of the table
                self.write(total=run.check(work), heartbeat_at=timezone.now())
            if not job.last_row and job.state == ImportJob.State.RUNNING and run.is_held(work):
                self.write(state=ImportJob.State.CHECKING)
                job.state = ImportJob.State.CHECKING
            steps = run.steps if job.state == ImportJob.State.RUNNING else run.preview_steps
            for _report in steps(work, self.keep, job.last_row):
                if time.monotonic() > self.end_at:
                    return False
        if job.state == ImportJob.State.RUNNING:
            self.end(ImportJob.State.DONE)
        else:
            job.refresh_from_db(fields=["skipped"])
            is_held = job.policy == ImportJob.Policy.REFUSE_ALL and job.skipped
            self.end(ImportJob.State.WAITING, run.held_reason(job.skipped) if is_held else "")
        return True


def open_import(job: ImportJob, stack: ExitStack, beat: run.Beat = bool) -> run.Import:
    """The job's files, opened; they are closed with `stack`. Raises `ImportRefused`."""
    archive = None
    try:
        table = open_table(stack.enter_context(local_copy(job.table, beat)))
        if job.archive:
            path = stack.enter_context(local_copy(job.archive, beat))
            archive = stack.enter_context(PictureArchive(path))
    except FileNotFoundError as error:
        raise ImportRefused(gone()) from error
    return run.Import(
        table,
        archive,
        mapping_of(job, table.header),
        Defaults(job.price, job.stock),
        run.Policy(job.policy),
        beat=beat,
    )


def gone() -> str:
    return _("The uploaded files are no longer there. Please upload them again.")


def mapping_of(job: ImportJob, header: list[str]) -> mapping.Mapping:
    """The meaning of the columns as staff has corrected it, or else as guessed."""
    return mapping.Mapping(dict(job.mapping)) if job.mapping else mapping.guess(header)


def restart(job: ImportJob, state: ImportJob.State, **values: object) -> bool:
    """Begin anew in `state`, from the first row; returns whether the job was at rest.

    `RUNNING` after a preview is the word it waited for, `CHECKING` looks again after a correction.
    """
    zero = dict.fromkeys((*run.COUNTS, "total", "last_row", "attempts"), 0)
    with transaction.atomic():
        at_rest = ImportJob.objects.filter(pk=job.pk, files_dropped_at=None).exclude(
            state__in=ImportJob.ACTIVE
        )
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


def drop_old_files() -> None:
    """Delete what was uploaded for jobs that ended long ago. Their figures and problems stay."""
    ended = ImportJob.objects.exclude(state__in=ImportJob.ACTIVE).filter(
        finished_at__lt=timezone.now() - FILES_KEPT, files_dropped_at=None
    )
    with transaction.atomic():
        for job in ended.select_for_update(skip_locked=True)[:100]:
            for file in filter(None, (job.table, job.archive)):
                file.storage.delete(str(file.name))
            job.files_dropped_at = timezone.now()
            job.save(update_fields=["files_dropped_at"])
