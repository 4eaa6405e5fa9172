"""`/metrics` for Prometheus: read from the rows as it is scraped, so any number of processes agree."""

import hmac
from collections.abc import Iterator

from django.conf import settings
from django.db.models import Count
from django.http import HttpRequest, HttpResponse, HttpResponseForbidden
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from catalog.models import ImportJob, Product
from similarity import operations


class ShopCollector(Collector):
    """The shop's figures as they are now."""

    def collect(self) -> Iterator[Metric]:
        now = operations.now()
        states = GaugeMetricFamily("lookalike_embeddings", "Pictures by state.", labels=["state"])
        for state in ("pending", "ready", "failed"):
            states.add_metric([state], getattr(now, state))
        yield states
        waited = now.oldest_pending.total_seconds() if now.oldest_pending else 0
        yield GaugeMetricFamily("lookalike_oldest_pending_seconds", "Longest wait of a picture.", waited)
        yield GaugeMetricFamily("lookalike_embedded_per_minute", "Over the last five minutes.", now.rate)
        alive = GaugeMetricFamily("lookalike_workers_alive", "Workers able to work.", labels=["queue"])
        for queue in operations.QUEUES:
            able = [w for w in now.workers if w.queue == queue and w.is_alive and not w.problem]
            alive.add_metric([queue], len(able))
        yield alive
        yield GaugeMetricFamily("lookalike_search_vectors", "Vectors of the active model.", now.vectors)
        yield GaugeMetricFamily(
            "lookalike_near_duplicates", "Pairs of products with nearly the same photo.", now.duplicates.pairs
        )
        yield GaugeMetricFamily("lookalike_imports", "Imports under way.", len(now.imports))
        jobs = GaugeMetricFamily("lookalike_import_jobs", "Imports by state.", labels=["state"])
        counts = dict(ImportJob.objects.order_by().values_list("state").annotate(Count("pk")))
        for job_state in ImportJob.State.values:
            jobs.add_metric([job_state], counts.get(job_state, 0))
        yield jobs
        yield GaugeMetricFamily("lookalike_products", "Active products.", Product.objects.visible().count())


registry = CollectorRegistry(auto_describe=False)
registry.register(ShopCollector())


@never_cache
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """For staff, and for who brings METRICS_TOKEN."""
    if not (has_token(request) or request.user.is_staff):
        return HttpResponseForbidden("Staff only, or Authorization: Bearer METRICS_TOKEN.", "text/plain")
    return HttpResponse(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)


def has_token(request: HttpRequest) -> bool:
    """Whether the request brings the token of the settings, if there is one."""
    brought = request.headers.get("Authorization", "").removeprefix("Bearer ")
    wanted = settings.METRICS_TOKEN
    return bool(wanted) and hmac.compare_digest(brought.encode(), wanted.encode())
