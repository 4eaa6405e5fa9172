"""Addresses of the catalogue's pages."""

from django.contrib.sitemaps import views as sitemaps
from django.urls import path
from django.views.decorators.cache import cache_control

from catalog import views
from catalog.sitemaps import SITEMAPS

app_name = "catalog"

hourly = cache_control(max_age=3600)

urlpatterns = [
    path("", views.listing, name="listing"),
    path("c/<slug:slug>/", views.listing, name="category"),
    path("p/<slug:slug>/", views.product, name="product"),
    path("robots.txt", views.robots, name="robots"),
    path(
        "sitemap.xml",
        hourly(sitemaps.index),
        {"sitemaps": SITEMAPS, "sitemap_url_name": "catalog:sitemap"},
        name="sitemap-index",
    ),
    path("sitemap-<section>.xml", hourly(sitemaps.sitemap), {"sitemaps": SITEMAPS}, name="sitemap"),
]
