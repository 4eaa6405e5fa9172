"""Celery tasks of the catalogue: thin, over plain functions. A message only says that there may be work."""

from celery import shared_task

from catalog.imports import jobs

# A task gives way after this long, so that embedding gets its turn in between: three times the slice of an
# embedding task, as there may be more than one of those in the queue.
SLICE_S = 60.0


@shared_task
def run_import(job_id: int) -> None:
    """Carry an import on for a while, and go on in a new task if there is more to do."""
    if jobs.work(job_id, SLICE_S):
        run_import.delay(job_id)


@shared_task
def resume_imports() -> None:
    """Take up imports whose message was lost or whose worker was killed, and drop old files; sent by beat."""
    for job_id in jobs.waiting():
        run_import.delay(job_id)
    jobs.drop_old_files()
