"""Addresses of what comes after payment."""

from __future__ import annotations

from django.urls import path

from tidu.sites.office.fulfilment import leads, obligations, recoveries

duty_paths = [
    path("obligations/", obligations.obligation_list, name="obligations"),
    path("obligations/<int:number>/", obligations.obligation, name="obligation"),
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
