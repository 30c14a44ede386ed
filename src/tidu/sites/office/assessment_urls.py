"""Addresses of 评估认定."""

from __future__ import annotations

from django.urls import path

from tidu.sites.office import assessments, recommendations

assessment_paths = [
    path("assessments/", assessments.runs, name="assessments"),
    path("assessments/new/", assessments.ask, name="assess-everyone"),
    path("assessments/compare/", assessments.compare, name="assessments-compare"),
    path("assessments/compare/firms/", assessments.compared_firms, name="assessments-moved"),
    path("assessments/<int:number>/", assessments.run, name="assessment"),
    path("assessments/<int:number>/firms/", assessments.run_firms, name="assessment-firms"),
    path("assessments/<int:number>/changes/", assessments.run_changes, name="assessment-changes"),
    path("firms/<str:code>/standings/", assessments.firm_standings, name="firm-standings"),
    path("to-report/", recommendations.to_report, name="to-report"),
    path("to-report/firms/", recommendations.to_report_firms, name="to-report-firms"),
    path("recommendations/", recommendations.lists, name="recommendations"),
    path("recommendations/new/", recommendations.make, name="recommend"),
    path("recommendations/<int:key>/", recommendations.one_list, name="recommendation-list"),
    path("recommendations/<int:key>/withdraw/<int:row>/", recommendations.withdraw_row, name="recommendation-withdraw"),
]
