"""Addresses of the registry: one firm in detail, its upkeep, merges, reviews, data quality."""

from __future__ import annotations

from django.urls import path

from tidu.sites.office import firms, quality, review, upkeep

registry_paths = [
    path("firms/<str:code>/facts/<str:fact>/", firms.firm_fact, name="firm-fact"),
    path("firms/<str:code>/upkeep/", upkeep.firm_upkeep, name="firm-upkeep"),
    path("firms/<str:code>/tags/", upkeep.tag, name="firm-tag"),
    path("new-firm/", upkeep.new_firm, name="firm-new"),
    path("views/", upkeep.keep_view, name="view-save"),
    path("views/<int:number>/drop/", upkeep.forget_view, name="view-drop"),
    path("merges/", upkeep.merges, name="merges"),
    path("merges/new/", upkeep.new_merge, name="merge-new"),
    path("merges/<int:number>/", upkeep.merge, name="merge"),
    path("review/corrections/", review.correction_list, name="review-corrections"),
    path("review/corrections/<int:number>/", review.review_correction, name="review-correction"),
    path("review/filings/", review.filing_list, name="review-filings"),
    path("review/filings/<int:number>/", review.review_filing, name="review-filing"),
    path("review/evidence/<int:number>/", review.evidence, name="review-evidence"),
    path("quality/", quality.quality, name="quality"),
    path("quality/check/", quality.check_now, name="quality-check"),
    path("quality/findings/<int:number>/", quality.finding_page, name="quality-finding"),
    path("quality/duplicates/", quality.duplicates, name="quality-duplicates"),
    path("quality/duplicates/<int:number>/dismiss/", quality.dismiss, name="quality-dismiss"),
    path("requests/", quality.request_list, name="fact-requests"),
    path("requests/<int:number>/", quality.fact_request, name="fact-request"),
    path("requests/<int:number>/file/", quality.request_file, name="fact-request-file"),
]
