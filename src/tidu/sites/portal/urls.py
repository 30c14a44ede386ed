"""Addresses of the enterprise portal; all but the first name the firm by its code."""

from __future__ import annotations

from django.urls import path

from tidu.sites.portal import application_urls, corrections, desk, duties_urls, facts, filings, ladder, people

urlpatterns = [
    path("", desk.chooser, name="portal"),
    *application_urls.urlpatterns,
    *duties_urls.urlpatterns,
    path("<str:code>/", desk.desk, name="portal-desk"),
    path("<str:code>/facts/", facts.facts, name="portal-facts"),
    path("<str:code>/titles/", facts.titles, name="portal-titles"),
    path("<str:code>/filings/", filings.filings, name="portal-filings"),
    path("<str:code>/filings/<int:year>/", filings.filing, name="portal-filing"),
    path("<str:code>/filings/<int:year>/check/", filings.check, name="portal-filing-check"),
    path("<str:code>/filings/<int:year>/file/", filings.add_file, name="portal-filing-file"),
    path("<str:code>/filings/<int:year>/receipt/<int:number>/", filings.receipt, name="portal-filing-receipt"),
    path("<str:code>/filings/<int:year>/<slug:section>/", filings.section, name="portal-filing-section"),
    path("<str:code>/corrections/", corrections.corrections, name="portal-corrections"),
    path("<str:code>/corrections/new/", corrections.ask, name="portal-correction-new"),
    path("<str:code>/corrections/<int:number>/", corrections.correction, name="portal-correction"),
    path("<str:code>/corrections/<int:number>/file/", corrections.add_file, name="portal-correction-file"),
    path("<str:code>/evidence/<int:number>/", corrections.evidence, name="portal-evidence"),
    path("<str:code>/ladder/", ladder.position, name="portal-ladder"),
    path("<str:code>/gaps/", ladder.gaps, name="portal-gaps"),
    path("<str:code>/way/", ladder.way, name="portal-way"),
    path("<str:code>/members/", people.members_page, name="portal-members"),
    path("<str:code>/members/<int:number>/end/", people.end, name="portal-member-end"),
    path("<str:code>/log/", people.log, name="portal-log"),
]
