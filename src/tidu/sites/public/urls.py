"""Addresses of the public pages."""

from __future__ import annotations

from django.urls import path

from tidu.sites.public import home

urlpatterns = [
    path("", home.home, name="home"),
    path("calculator/", home.home, name="calculator"),
    path("checkup/", home.home, name="checkup"),
    path("policies/", home.home, name="policies"),
    path("glossary/", home.home, name="glossary"),
    path("method/", home.home, name="method"),
    path("care/", home.care, name="care"),
]
