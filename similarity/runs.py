"""Carrying out what operators ask for in the admin: evaluate, refine, calibrate; one at a time, in a worker.

The row is the truth, a message only a hint: a run whose worker was killed is begun anew by the next one.
Each of them takes a minute or two on 40,000 products, and pictures wait meanwhile: they are asked for by
hand, and rarely.
"""

import logging
import time
import uuid
from datetime import timedelta
from typing import Any

import structlog
from django.db import IntegrityError, transaction
from django.db.models import F, Q
from django.utils import timezone

from similarity import calibration, evaluation, learn, report
from similarity.calibration import CalibrationRefused
from similarity.learn import RefinementRefused
from similarity.models import EmbeddingModel, Run
from similarity.report import EvaluationRefused
from similarity.weights import WeightsError

log = logging.getLogger(__name__)

STALE = timedelta(minutes=30)  # no stage is silent for so long: the index of a million takes 12
BEAT_S = 1.0
MAX_ATTEMPTS = 2

Kind, State = Run.Kind, Run.State


class Stopped(Exception):
    """The run was cancelled, or taken over by another worker."""


def start(kind: Run.Kind, user_id: int | None = None) -> Run | None:
    """Ask for a run; None while there is another one. A broker that is down costs nothing."""
    try:
        with transaction.atomic():
            run = Run.objects.create(kind=kind, created_by_id=user_id)
    except IntegrityError:  # run_one_at_a_time
        return None
    transaction.on_commit(lambda: _hint(run.pk), robust=True)
    return run


def _hint(run_id: int) -> None:
    from similarity.tasks import carry_out

    try:
        carry_out.delay(run_id)
    except Exception as error:  # kombu, redis and socket errors: the sweep finds the run
        log.warning("The workers could not be told of run %d: %s", run_id, error)


def waiting() -> list[int]:
    """The runs that nobody works on: those whose hint was lost, and those of killed workers."""
    return list(Run.objects.filter(_free(), state__in=Run.ACTIVE).values_list("pk", flat=True))


def _free() -> Q:
    return Q(heartbeat_at=None) | Q(heartbeat_at__lt=timezone.now() - STALE)


def cancel(run: Run) -> bool:
    """Stop the run: its worker notices at the next step. Returns whether there was anything to stop."""
    active = Run.objects.filter(pk=run.pk, state__in=Run.ACTIVE)
    return bool(active.update(state=State.CANCELLED, finished_at=timezone.now(), claim=None))


def carry_out(run_id: int) -> None:
    """Do what the run asks for, and write to its row how that goes and what comes of it.

    Does nothing when the run has ended or another worker is at it. What is logged meanwhile names the run.
    """
    with structlog.contextvars.bound_contextvars(run=run_id):
        worker = _Worker.claim(run_id)
        if worker is not None:
            _carry_out(worker)


def _carry_out(worker: "_Worker") -> None:
    run_id = worker.run.pk
    try:
        worker.end(State.DONE, report=_do(Kind(worker.run.kind), worker))
    except Stopped:
        log.info("Run %d was stopped.", run_id)
    except RefinementRefused as refused:
        worker.end(State.REFUSED, str(refused), refused.report.as_json() if refused.report else None)
    except (EvaluationRefused, CalibrationRefused) as refused:
        worker.end(State.REFUSED, str(refused))
    except WeightsError as error:
        worker.end(State.FAILED, str(error))
    except Exception as error:
        log.exception("Run %d failed", run_id)
        worker.end(State.FAILED, f"{type(error).__name__}: {error}")


def _do(kind: Run.Kind, worker: "_Worker") -> dict[str, Any]:
    if kind == Kind.REFINE:
        return learn.refine(activate=True, advance=worker.advance).as_json()
    if kind == Kind.EVALUATE:
        found = report.evaluate(None, None, advance=worker.advance)
        return {
            **evaluation.as_json(found.figures),
            "examples": found.examples,
            "weakest": found.weakest,
            "confusions": found.confusions,
        }
    model = EmbeddingModel.active()
    if model is None:
        raise CalibrationRefused("There is no embedding model yet: start a worker first.")
    return calibration.calibrate(model, advance=worker.advance).as_json()


class _Worker:
    """One claim on a run. Writes to its row only as long as the claim is still the row's."""

    def __init__(self, run: Run) -> None:
        self.run, self.beaten_at = run, time.monotonic()

    @classmethod
    def claim(cls, run_id: int) -> "_Worker | None":
        rows = Run.objects.filter(_free(), pk=run_id, state__in=Run.ACTIVE)
        values = {"claim": uuid.uuid4(), "heartbeat_at": timezone.now(), "state": State.RUNNING}
        if not rows.update(**values, attempts=F("attempts") + 1):
            return None
        worker = cls(Run.objects.get(pk=run_id))
        log.info("Run begins: %s, attempt %d", worker.run.kind, worker.run.attempts)
        if worker.run.attempts > MAX_ATTEMPTS:
            worker.end(State.FAILED, f"The worker ended {MAX_ATTEMPTS} times on the way; see its log.")
            return None
        return worker

    def write(self, **values: Any) -> None:
        """Write to the run's row. Raises `Stopped` when it is no longer ours."""
        if not Run.objects.filter(pk=self.run.pk, claim=self.run.claim, state=State.RUNNING).update(**values):
            raise Stopped

    def advance(self, stage: str, done: int, total: int) -> None:
        """Say how far it is, at most once a second within a stage. Raises `Stopped`."""
        if stage == self.run.stage and time.monotonic() - self.beaten_at < BEAT_S:
            return
        self.run.stage, self.beaten_at = stage, time.monotonic()
        self.write(stage=stage, done=done, total=total, heartbeat_at=timezone.now())

    def end(self, state: Run.State, reason: str = "", report: dict[str, Any] | None = None) -> None:
        """Write what came of it, unless it was cancelled meanwhile."""
        try:
            self.write(state=state, reason=reason, report=report, finished_at=timezone.now(), claim=None)
            log.info("Run is %s %s", state, reason)
        except Stopped:
            log.info("Run %d ended, but was stopped before.", self.run.pk)
