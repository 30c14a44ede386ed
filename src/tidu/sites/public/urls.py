"""Addresses of the public pages."""

from __future__ import annotations

from django.urls import include, path

from tidu.sites.public import calculator, checkup, downloads, home, notices, workbook

urlpatterns = [
    path("", home.home, name="home"),
    path("calculator/", calculator.calculator, name="calculator"),
    path("calculator/schema.json", downloads.result_schema, name="calculator-schema"),
    path("calculator/download/", downloads.result, name="calculator-download"),
    path("calculator/workbook/", workbook.workbook, name="workbook"),
    path("calculator/workbook/template/", workbook.template, name="workbook-template"),
    path("checkup/", checkup.check_up, name="checkup"),
    path("notices/", notices.running, name="public-notices"),
    path("notices/<int:pk>/", notices.notice, name="public-notice"),
    path("notices/announcements/", notices.announcements, name="public-announcements"),
    path("notices/announcements/<int:pk>/", notices.announcement, name="public-announcement"),
    path("notices/payments/", notices.payments, name="public-payments"),
    path("about/", home.about, name="about"),
    path("care/", home.care, name="care"),
    path("", include("tidu.sites.public.policy_urls")),
]
