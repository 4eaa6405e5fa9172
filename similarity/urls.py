"""Addresses of photo search."""

from django.urls import URLPattern

app_name = "similarity"
urlpatterns: list[URLPattern] = []
