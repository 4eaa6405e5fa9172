"""Addresses of photo search."""

from django.urls import path

from similarity import views

app_name = "similarity"
urlpatterns = [
    path("", views.search, name="photo"),
    path("results/", views.results, name="results"),
]
