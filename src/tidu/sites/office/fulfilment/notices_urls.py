"""Addresses of notices and objections."""

from __future__ import annotations

from django.urls import path

from tidu.sites.office.fulfilment import notices, notices_acts, objections

notice_paths = [
    path("notices/", notices.notices, name="notices"),
    path("notices/new/", notices_acts.notice_new, name="notice-new"),
    path("notices/new/<int:number>/", notices_acts.notice_draft, name="notice-draft"),
    path("notices/objections/", objections.objections, name="objections"),
    path("notices/objections/<int:number>/", objections.objection, name="objection"),
    path("notices/objections/<int:number>/who/", objections.objection_who, name="objection-who"),
    path("notices/<int:number>/", notices.notice, name="notice"),
    path("notices/<int:number>/preview/", notices.notice_preview, name="notice-preview"),
    path("notices/<int:number>/edit/", notices_acts.notice_edit, name="notice-edit"),
    path("notices/<int:number>/publish/", notices_acts.notice_publish, name="notice-publish"),
    path("notices/<int:number>/drop/", notices_acts.notice_drop, name="notice-drop"),
    path("notices/<int:number>/close/", notices_acts.notice_close, name="notice-close"),
    path("notices/<int:number>/objections/<int:case_number>/", objections.objection_new, name="objection-new"),
    path("notices/<int:number>/papers/<str:kind>/<str:form>/", notices.notice_paper, name="notice-paper"),
]
