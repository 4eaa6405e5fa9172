"""Whether this process lives, and whether it can serve."""

from collections.abc import Callable
from functools import cache as once
from threading import Thread
from time import monotonic

from django.core.cache import cache
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache

from similarity.models import EmbeddingModel, Worker

WAIT_S = 1.0  # whoever asks wants to hear within 1.5 s, also of a server that hangs
Answer = dict[str, str]


def live(request: HttpRequest) -> HttpResponse:
    """200 while the process answers; touches nothing else."""
    return HttpResponse("ok", content_type="text/plain")


@never_cache
def ready(request: HttpRequest) -> JsonResponse:
    """200 when pages can be served, else 503; says of each part how it is.

    Pages need the database and its tables. Workers, broker and model do not decide: the shop stays up
    without.
    """
    parts = dict.fromkeys(["database", "migrations", "model", "broker", "workers"], "ok")
    database, broker = _answers(_ask_database, _ask_broker)
    parts |= {"database": "no answer"} if database is None else database
    parts |= {"broker": "no answer"} if broker is None else broker
    is_ready = parts["database"] == parts["migrations"] == "ok"
    return JsonResponse(parts, status=200 if is_ready else 503)


def _answers(*questions: Callable[[], Answer]) -> list[Answer | None]:
    """What is answered within `WAIT_S`, all asked at the same time; None where nothing is.

    On threads and connections of their own, because nobody can stop waiting for one that hangs.
    """
    answers: list[Answer | None] = [None] * len(questions)

    def ask(number: int) -> None:
        try:
            answers[number] = questions[number]()
        except Exception:  # noqa: S110  # whatever it is, it is not an answer
            pass
        finally:
            connection.close()

    threads = [Thread(target=ask, args=[number], daemon=True) for number in range(len(questions))]
    for thread in threads:
        thread.start()
    end = monotonic() + WAIT_S
    for thread in threads:
        thread.join(max(0.0, end - monotonic()))
    return list(answers)


def _ask_database() -> Answer:
    found = {}
    with connection.cursor() as cursor:  # a table that somebody holds for long must not hold us for long
        cursor.execute("SELECT set_config('statement_timeout', %s, false)", [f"{WAIT_S}s"])
    if missing := _migrations() - MigrationRecorder(connection).applied_migrations().keys():
        return {"migrations": f"{len(missing)} to be applied"}
    if EmbeddingModel.active() is None:
        found["model"] = "none is active"
    queues = set(Worker.alive().values_list("queue", flat=True))
    if silent := {"embed", "photo"} - queues:
        found["workers"] = f"none for {', '.join(sorted(silent))}"
    return found


def _ask_broker() -> Answer:
    cache.get("readyz")
    return {}


@once
def _migrations() -> frozenset[tuple[str, str]]:
    """Those of the code that runs here; read once, because files do not change below a process."""
    return frozenset(MigrationLoader(None).disk_migrations)
