"""Addresses of the firm's side of fulfilment."""

from __future__ import annotations

from django.urls import path

from tidu.sites.portal import application_offers, application_sections, applications, confirming, inbox, payments

CASE = "<str:code>/cases/<int:number>"

urlpatterns = [
    path("cases/<int:number>/", applications.behind, name="portal-case-behind"),
    path("<str:code>/offers/", application_offers.listed, name="portal-offers"),
    path("<str:code>/offers/<int:number>/", application_offers.offer, name="portal-offer"),
    path("<str:code>/cases/", applications.listed, name="portal-cases"),
    path(f"{CASE}/", applications.case, name="portal-case"),
    path(f"{CASE}/confirm/", confirming.confirm, name="portal-case-confirm"),
    path(f"{CASE}/decline/", confirming.decline, name="portal-case-decline"),
    path(f"{CASE}/withdraw/", applications.withdraw, name="portal-case-withdraw"),
    path(f"{CASE}/account/", applications.account, name="portal-case-account"),
    path(f"{CASE}/people/", applications.people, name="portal-case-people"),
    path(f"{CASE}/files/<int:stored>/", applications.file, name="portal-case-file"),
    path(f"{CASE}/sections/<slug:section>/", application_sections.section, name="portal-case-section"),
    path(f"{CASE}/attach/", application_sections.attach, name="portal-case-attach"),
    path(f"{CASE}/detach/", application_sections.detach, name="portal-case-detach"),
    path(f"{CASE}/check/", application_sections.check, name="portal-case-check"),
    path(f"{CASE}/receipt/<int:version>/", application_sections.receipt, name="portal-case-receipt"),
    path(f"{CASE}/receipt/<int:version>/pdf/", application_sections.receipt_pdf, name="portal-case-receipt-pdf"),
    path("<str:code>/payments/", payments.listed, name="portal-payments"),
    path("<str:code>/payments/<int:number>/voucher/", payments.voucher, name="portal-voucher"),
    path("<str:code>/messages/", inbox.listed, name="portal-messages"),
    path("<str:code>/messages/read/", inbox.read, name="portal-messages-read"),
]
