"""Addresses of the API: the catalogue's, and beside them those of look-alikes, which it does not know."""

from django.urls import include, path, re_path
from rest_framework.routers import SimpleRouter

from catalog.api import SLUG, BrandViewSet, CategoryViewSet, ProductViewSet
from catalog.imports.api import BulkView, ImportView
from similarity.api import ComplementsView, PhotoView, SimilarView

app_name = "api"

router = SimpleRouter()
router.register("products", ProductViewSet, "product")
router.register("categories", CategoryViewSet, "category")
router.register("brands", BrandViewSet, "brand")

urlpatterns = [
    re_path(rf"^products/(?P<slug>{SLUG})/similar/$", SimilarView.as_view(), name="similar"),
    re_path(rf"^products/(?P<slug>{SLUG})/complements/$", ComplementsView.as_view(), name="complements"),
    path("search/photo/", PhotoView.as_view(), name="photo-search"),
    path("products/bulk/", BulkView.as_view(), name="products-bulk"),
    path("imports/<int:pk>/", ImportView.as_view(), name="import"),
    path("", include(router.urls)),
]
