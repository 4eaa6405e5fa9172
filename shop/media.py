"""Serves the catalogue's pictures where no web server or object storage does it, as in the demo.

Names are content hashes, so an answer never changes and may be kept for ever.
"""

from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest, HttpResponseNotModified
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_safe

from catalog import thumbnails

TYPES = {".jpg": "image/jpeg", ".webp": "image/webp"}
YEAR_S = 365 * 24 * 3600


@require_safe
def serve(request: HttpRequest, name: str) -> HttpResponseBase:
    """A stored picture; anything else in the storage is not public."""
    suffix = name[name.rfind(".") :]
    if suffix not in TYPES or ".." in name.split("/"):
        raise Http404
    etag = f'"{name}"'
    if request.headers.get("If-None-Match") == etag:
        response: HttpResponseBase = HttpResponseNotModified()
    else:
        try:
            if suffix == ".webp" and not default_storage.exists(name):
                thumbnails.make(name)
            response = FileResponse(default_storage.open(name), content_type=TYPES[suffix])
        except (OSError, ValueError) as error:
            raise Http404 from error
    response["ETag"] = etag
    response["Cache-Control"] = f"public, max-age={YEAR_S}, immutable"
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
