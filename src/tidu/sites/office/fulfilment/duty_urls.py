"""Addresses of what comes after payment."""

from __future__ import annotations

from django.urls import path

from tidu.sites.office.fulfilment import campaigns, campaigns_checks, leads, obligations, obligations_reports, recoveries

duty_paths = [
    path("obligations/", obligations.obligation_list, name="obligations"),
    path("obligations/<int:number>/", obligations.obligation, name="obligation"),
    path("change-reports/", obligations_reports.report_list, name="change-reports"),
    path("change-reports/<int:number>/", obligations_reports.report, name="change-report"),
    path("campaigns/", campaigns.campaign_list, name="campaigns"),
    path("campaigns/yearly/", campaigns.begin_yearly, name="yearly-begin"),
    path("campaigns/sample/", campaigns.new_sample, name="sample-new"),
    path("campaigns/<int:number>/", campaigns.campaign, name="campaign"),
    path("campaigns/<int:number>/close/", campaigns.close, name="campaign-close"),
    path("duty-checks/<int:number>/", campaigns_checks.check, name="duty-check"),
    path("duty-checks/<int:number>/act/", campaigns_checks.act, name="duty-check-act"),
    path("leads/", leads.lead_list, name="leads"),
    path("leads/new/", leads.new_lead, name="lead-new"),
    path("leads/look/", leads.look_now, name="lead-look"),
    path("leads/<int:number>/", leads.lead, name="lead"),
    path("leads/<int:number>/act/", leads.act, name="lead-act"),
    path("leads/<int:number>/recover/", leads.recover, name="lead-recover"),
    path("leads/<int:number>/sanction/", leads.sanction, name="lead-sanction"),
    path("recoveries/", recoveries.recovery_list, name="recoveries"),
    path("recoveries/<int:number>/", recoveries.recovery, name="recovery"),
    path("recoveries/<int:number>/act/", recoveries.act, name="recovery-act"),
    path("recoveries/<int:number>/statements/<int:said>/", recoveries.statement, name="recovery-statement"),
    path("recoveries/<int:number>/paper/", recoveries.paper, name="recovery-paper"),
]
