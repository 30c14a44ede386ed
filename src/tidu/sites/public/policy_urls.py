"""Addresses of 政策与标准, 名词解释 and 测算口径."""

from __future__ import annotations

from django.urls import path

from tidu.sites.public import glossary, method, policies

urlpatterns = [
    path("policies/", policies.library_page, name="policies"),
    path("policies/schema.json", policies.schema, name="policies-schema"),
    path("policies/standards/<str:name>/", policies.standard, name="standard"),
    path("policies/standards/<str:name>/compare/", policies.comparison, name="compare"),
    path("policies/awards/<str:award_id>/", policies.award, name="award"),
    path("policies/plans/<str:name>/", policies.policy, name="policy"),
    path("policies/rulings/", policies.all_rulings, name="rulings"),
    path("glossary/", glossary.glossary_page, name="glossary"),
    path("method/", method.method_page, name="method"),
]
