"""Addresses of photo search, and of the look-alikes of a product."""

from django.urls import path

from similarity import views

app_name = "similarity"
urlpatterns = [
    path("photo/", views.search, name="photo"),
    path("photo/results/", views.results, name="results"),
    path("like/<slug:slug>/", views.alike, name="alike"),
    path("goes-well/<slug:slug>/", views.goes_well, name="goes_well"),
]
