"""Records of fulfilment."""

from __future__ import annotations

from tidu.apps.fulfilment.models.case_people import CasePerson
from tidu.apps.fulfilment.models.cases import Case, CaseQuerySet, Step, Submission
from tidu.apps.fulfilment.models.experts import Expert, ExpertScore, Panel, PanelMember
from tidu.apps.fulfilment.models.money import Budget, FeedbackFile, Payment, PaymentBatch, Voucher
from tidu.apps.fulfilment.models.obligations import Obligation, Receipt, Recovery
from tidu.apps.fulfilment.models.phrases import Phrase, PhraseQuerySet
from tidu.apps.fulfilment.models.reviews import DecisionBatch, Notice, Objection, Opinion
from tidu.apps.fulfilment.models.rulings import AdoptedRuling, RulingEffect, RulingMove
from tidu.apps.fulfilment.models.runs import Candidate, Series, SettlementRun

__all__ = [
    "AdoptedRuling",
    "Budget",
    "Candidate",
    "Case",
    "CasePerson",
    "CaseQuerySet",
    "DecisionBatch",
    "Expert",
    "ExpertScore",
    "FeedbackFile",
    "Notice",
    "Objection",
    "Obligation",
    "Opinion",
    "Panel",
    "PanelMember",
    "Payment",
    "PaymentBatch",
    "Phrase",
    "PhraseQuerySet",
    "Receipt",
    "Recovery",
    "RulingEffect",
    "RulingMove",
    "Series",
    "SettlementRun",
    "Step",
    "Submission",
    "Voucher",
]
