"""Addresses of 承诺与履约."""

from __future__ import annotations

from django.urls import path

from tidu.sites.portal import duties, duties_declared

urlpatterns = [
    path("<str:code>/duties/", duties.duties, name="portal-duties"),
    path("<str:code>/duties/self-check/<int:year>/", duties_declared.yearly, name="portal-self-check"),
    path("<str:code>/duties/report/", duties_declared.report, name="portal-change-report"),
    path("<str:code>/duties/reports/<int:number>/withdraw/", duties_declared.withdraw, name="portal-change-withdraw"),
    path("<str:code>/duties/checks/<int:number>/", duties.check, name="portal-duty-check"),
    path("<str:code>/duties/recoveries/<int:number>/", duties.recovery, name="portal-recovery"),
    path("<str:code>/duties/proofs/<int:number>/", duties.proof, name="portal-duty-proof"),
    path("<str:code>/duties/<int:number>/", duties.duty, name="portal-duty"),
]
