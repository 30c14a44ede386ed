"""Addresses from settlement to the meeting's decision."""

from __future__ import annotations

from django.urls import path

from tidu.sites.office.fulfilment import batches, batches_acts, budgets, candidates, no_application, rulings, settlements

settlement_paths = [
    path("settlements/", settlements.settlements, name="settlements"),
    path("settlements/new/", settlements.settle_now, name="settle"),
    path("settlements/<int:number>/", settlements.settlement, name="settlement"),
    path("settlements/<int:number>/candidates/", candidates.candidate_list, name="candidates"),
    path("settlements/<int:number>/ask/", settlements.ask_for_fact, name="settlement-ask"),
    path("settlements/<int:number>/list/<str:award>/", no_application.make_list, name="no-application-new"),
    path("settlements/candidates/<int:number>/", candidates.candidate, name="candidate"),
    path("no-application/", no_application.overview, name="no-application"),
    path("no-application/firms/", no_application.listed, name="no-application-listed"),
    path("rulings/", rulings.rulings, name="open-rulings"),
    path("rulings/<str:number>/", rulings.ruling, name="ruling"),
    path("rulings/<str:number>/rehearse/", rulings.rehearse, name="ruling-rehearse"),
    path("rulings/effects/<int:number>/", rulings.effect, name="ruling-effect"),
    path("rulings/effects/<int:number>/firms/", rulings.effect_firms, name="ruling-effect-firms"),
    path("batches/", batches.batch_list, name="batches"),
    path("batches/new/", batches.new_batch, name="batch-new"),
    path("batches/<int:number>/", batches.batch, name="batch"),
    path("batches/<int:number>/add/", batches_acts.add, name="batch-add"),
    path("batches/<int:number>/cases/<int:case>/take-out/", batches_acts.take_out, name="batch-take-out"),
    path("batches/<int:number>/decide/", batches_acts.decide, name="batch-decide"),
    path("batches/<int:number>/paper/", batches.batch_paper, name="batch-paper"),
    path("budgets/", budgets.budget_list, name="budgets"),
    path("budgets/new/", budgets.new_budget, name="budget-new"),
    path("budgets/<int:number>/", budgets.budget, name="budget"),
    path("budgets/<int:number>/cases/", budgets.budget_cases, name="budget-cases"),
    path("budgets/<int:number>/payments/", budgets.budget_payments, name="budget-payments"),
]
