"""Records of what comes after payment. Obligations, recoveries and receipts themselves belong to fulfilment."""

from __future__ import annotations

from tidu.apps.duties.models.campaigns import Campaign, Check
from tidu.apps.duties.models.declarations import ChangeReport, SelfCheck
from tidu.apps.duties.models.leads import DutyStep, Lead
from tidu.apps.duties.models.recoveries import Instalment, Proceeding, Statement

__all__ = ["Campaign", "ChangeReport", "Check", "DutyStep", "Instalment", "Lead", "Proceeding", "SelfCheck", "Statement"]
