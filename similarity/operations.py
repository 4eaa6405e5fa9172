"""What an operator wants to know, read from the rows: the broker is not asked, it may be what is down."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import dropwhile

from django.db import connection
from django.db.models import Count, Min
from django.db.models.functions import TruncMinute
from django.utils import timezone
from django.utils.timesince import timesince

from catalog.models import ImportJob
from similarity import duplicates, pending
from similarity.models import Embedding, EmbeddingModel, Run, SearchVector, Worker

QUEUES = ("embed", "photo")
RATE_MINUTES = 30
REASONS_MAX = 20
WORKERS_MAX = 50


@dataclass(frozen=True)
class FailedFor:
    """How many pictures failed for one reason."""

    reason: str
    count: int


@dataclass(frozen=True)
class Index:
    """An index on search vectors, as PostgreSQL knows it."""

    name: str
    is_valid: bool
    size_bytes: int


@dataclass(frozen=True)
class Gain:
    """What the last evaluation has measured: precision@5, features of the network beside search vectors."""

    run: Run
    rows: Sequence[tuple[str, float, float]]  # attribute, raw, refined


@dataclass(frozen=True)
class Operations:
    """How it stands."""

    pending: int
    ready: int
    failed: int
    reasons: Sequence[FailedFor]
    oldest_pending: timedelta | None
    per_minute: Sequence[int]  # embedded in each of the last minutes, the newest last
    workers: Sequence[Worker]
    model: EmbeddingModel | None
    vectors: int
    indexes: Sequence[Index]
    gain: Gain | None
    duplicates: duplicates.Counts
    imports: Sequence[ImportJob]

    @property
    def total(self) -> int:
        return self.pending + self.ready + self.failed

    @property
    def longest_wait(self) -> str | None:
        """In words, such as “3 minutes”."""
        if self.oldest_pending is None:
            return None
        return timesince(timezone.now() - self.oldest_pending, depth=1)

    @property
    def rate(self) -> float:
        """Pictures per minute of late."""
        return rate_of(self.per_minute)

    @property
    def missing_queues(self) -> list[str]:
        """The queues that no worker serves."""
        served = {worker.queue for worker in self.workers if worker.is_alive and not worker.problem}
        return [queue for queue in QUEUES if queue not in served]


def now() -> Operations:
    """Read it all, in 16 queries."""
    counts = pending.counts()
    model = EmbeddingModel.active()
    return Operations(
        **counts,
        reasons=reasons(),
        oldest_pending=oldest_pending(),
        per_minute=per_minute(),
        workers=workers(),
        model=model,
        vectors=SearchVector.objects.filter(model=model).count() if model else 0,
        indexes=indexes(),
        gain=gain(),
        duplicates=duplicates.counts(),
        imports=list(ImportJob.objects.filter(state__in=ImportJob.ACTIVE).defer("differences")),
    )


def gain() -> Gain | None:
    """Of the last evaluation that was carried out; None before the first."""
    run = Run.objects.filter(kind=Run.Kind.EVALUATE, state=Run.State.DONE).first()
    if run is None or not run.report:
        return None
    raw, refined = run.report["raw"], run.report["refined"]
    return Gain(run, [(name, raw[name], refined[name]) for name in raw if name in refined])


def reasons() -> list[FailedFor]:
    """Why pictures failed, the most frequent reason first."""
    failed = Embedding.objects.filter(state=Embedding.State.FAILED)
    rows = failed.values_list("reason").annotate(count=Count("pk")).order_by("-count", "reason")
    return [FailedFor(reason, count) for reason, count in rows[:REASONS_MAX]]


def oldest_pending() -> timedelta | None:
    """How long the longest waiting picture has been waiting; None when none is."""
    waiting = Embedding.objects.filter(state=Embedding.State.PENDING)
    since = waiting.aggregate(since=Min("updated_at"))["since"]
    return timezone.now() - since if since else None


def per_minute() -> list[int]:
    """How many pictures were embedded in each of the last `RATE_MINUTES` minutes, the newest last."""
    this_minute = timezone.now().replace(second=0, microsecond=0)
    minutes = [this_minute - timedelta(minutes=ago) for ago in reversed(range(RATE_MINUTES))]
    ready = Embedding.objects.filter(state=Embedding.State.READY, updated_at__gte=minutes[0])
    rows = ready.annotate(minute=TruncMinute("updated_at")).values_list("minute").annotate(count=Count("pk"))
    counts = dict(rows.order_by())
    return [counts.get(minute, 0) for minute in minutes]


def rate_of(per_minute: Sequence[int]) -> float:
    """Pictures per minute over the last five whole minutes, or fewer where it has only just begun."""
    last = list(dropwhile(lambda number: number == 0, per_minute[-6:-1]))
    return sum(last) / len(last) if last else 0.0


def workers() -> list[Worker]:
    """The workers that reported last, those alive first."""
    return list(Worker.objects.order_by("-seen_at")[:WORKERS_MAX])


def indexes() -> list[Index]:
    """The vector indexes; none while the catalogue is small enough for exact scans."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT c.relname, i.indisvalid AND i.indisready, pg_relation_size(c.oid)
            FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_am a ON a.oid = c.relam
            WHERE i.indrelid = %s::regclass AND a.amname IN ('hnsw', 'ivfflat')
            ORDER BY c.relname
            """,
            [SearchVector._meta.db_table],
        )
        return [Index(*row) for row in cursor.fetchall()]
