"""Content-Security-Policy: strict in the shop, looser where the admin's theme and the API's pages need it."""

from csp.constants import NONE, SELF, UNSAFE_EVAL, UNSAFE_INLINE
from csp.middleware import CSPMiddleware, PolicyParts
from django.http import HttpRequest
from django.http.response import HttpResponseBase

STRICT: dict[str, list[str]] = {
    "default-src": [SELF],
    "img-src": [SELF, "data:", "blob:"],
    "object-src": [NONE],
    "base-uri": [NONE],
    "form-action": [SELF],
    "frame-ancestors": [NONE],
}
# The admin's theme evaluates expressions (Alpine) and styles inline; Swagger and Redoc start inline.
LOOSE_PREFIXES = ("/admin/", "/api/docs/", "/api/redoc/")
LOOSE = STRICT | {
    "script-src": [SELF, UNSAFE_INLINE, UNSAFE_EVAL],
    "style-src": [SELF, UNSAFE_INLINE],
    "worker-src": [SELF, "blob:"],
}


class PolicyMiddleware(CSPMiddleware):
    """Sends the policy that fits the address."""

    def get_policy_parts(
        self, request: HttpRequest, response: HttpResponseBase, report_only: bool = False
    ) -> PolicyParts:
        parts = super().get_policy_parts(request, response, report_only)
        if not report_only and request.path.startswith(LOOSE_PREFIXES):
            parts.config = LOOSE
        return parts
