"""Addresses of the whole site."""

from django.contrib import admin
from django.urls import include, path, re_path
from django.views.decorators.csrf import csrf_exempt
from django.views.i18n import set_language
from drf_spectacular.views import SpectacularAPIView, SpectacularRedocView, SpectacularSwaggerView

from shop import health, login, media, metrics
from similarity.admin import operations_view

# The pages of the API's description only show; to OPTIONS they would answer 500.
SHOWS = {"url_name": "schema", "http_method_names": ["get", "head"]}

handler400 = "shop.errors.bad_request"
handler404 = "shop.errors.not_found"
handler500 = "shop.outage.handler500"
urlpatterns = [
    path("", include("catalog.urls")),
    path("search/", include("similarity.urls")),
    path("api/", include("shop.api")),
    path("api/schema/", SpectacularAPIView.as_view(), name="schema"),
    path("api/docs/", SpectacularSwaggerView.as_view(**SHOWS), name="api-docs"),
    path("api/redoc/", SpectacularRedocView.as_view(**SHOWS), name="api-redoc"),
    path("admin/similarity/operations/", admin.site.admin_view(operations_view), name="operations"),
    path("admin/login/", login.page, name="login"),  # before the admin's own, which it shows
    path("admin/", admin.site.urls),
    # Only sets a cookie with the language: without the token no visitor needs a cookie before.
    path("language/", csrf_exempt(set_language), name="language"),
    path("healthz", health.live, name="healthz"),
    path("readyz", health.ready, name="readyz"),
    path("metrics", metrics.metrics, name="metrics"),
    re_path(r"^media/(?P<name>.+)$", media.serve, name="media"),
]
