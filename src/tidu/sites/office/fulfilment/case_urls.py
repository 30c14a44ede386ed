"""Addresses of the office's handling of cases."""

from __future__ import annotations

from django.urls import path

from tidu.sites.office.fulfilment import case_page, case_papers, cases, corrections, deputies, experts, opinions, panels, phrases

case_paths = [
    path("cases/", cases.case_list, name="cases"),
    path("cases/act/", cases.act_on_ticked, name="cases-act"),
    path("cases/<int:number>/", case_page.case_page, name="case"),
    path("cases/<int:number>/acts/<str:act>/", case_page.case_act, name="case-act"),
    path("cases/<int:number>/correct/", corrections.correct, name="case-correct"),
    path("cases/<int:number>/dossier/", case_papers.dossier, name="case-dossier"),
    path("cases/<int:number>/computation/", case_papers.computation, name="case-computation"),
    path("cases/<int:number>/panel/", panels.case_panel, name="case-panel"),
    path("panel-members/<int:number>/declare/", panels.panel_declare, name="panel-declare"),
    path("panel-members/<int:number>/score/", panels.panel_score, name="panel-score"),
    path("expert-scores/<int:number>/void/", panels.score_void, name="expert-score-void"),
    path("experts/", experts.expert_list, name="experts"),
    path("experts/new/", experts.expert_new, name="expert-new"),
    path("experts/<int:number>/end/", experts.expert_end, name="expert-end"),
    path("deputies/", deputies.deputies, name="deputies"),
    path("deputies/<int:number>/end/", deputies.end, name="deputy-end"),
    path("phrases/", phrases.phrases, name="phrases"),
    path("phrases/<int:number>/drop/", phrases.drop, name="phrase-drop"),
    path("opinions/", opinions.opinion_list, name="opinions"),
    path("opinions/<int:number>/", opinions.opinion, name="opinion"),
    path("opinions/<int:number>/hasten/", opinions.hasten_opinion, name="opinion-hasten"),
]
