"""Whether this process lives, and whether it can serve."""

from django.core.cache import cache
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache

from similarity.models import EmbeddingModel, Worker


def live(request: HttpRequest) -> HttpResponse:
    """200 while the process answers; touches nothing else."""
    return HttpResponse("ok", content_type="text/plain")


@never_cache
def ready(request: HttpRequest) -> JsonResponse:
    """200 when pages can be served, else 503; says of each part how it is. Workers do not decide."""
    parts = {"database": "ok", "model": "ok", "broker": "ok", "workers": "ok"}
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        if EmbeddingModel.active() is None:
            parts["model"] = "none is active"
        queues = set(Worker.alive().values_list("queue", flat=True))
        if missing := {"embed", "photo"} - queues:
            parts["workers"] = f"none for {', '.join(sorted(missing))}"
    except DatabaseError:
        parts["database"] = "not reachable"
    try:
        cache.get("readyz")
    except Exception:  # redis and socket errors; the shop works without, only photo search does not
        parts["broker"] = "not reachable"
    return JsonResponse(parts, status=200 if parts["database"] == "ok" else 503)
