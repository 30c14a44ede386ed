"""Tables of the ladder and the pools."""

from __future__ import annotations

from tidu.apps.cultivation.models.computed import Computation, Finding, Glance, Holding, RevenueLine
from tidu.apps.cultivation.models.pools import Membership, MembershipStep
from tidu.apps.cultivation.models.warnings import FirmWarning, WarningStep

__all__ = [
    "Computation", "Finding", "FirmWarning", "Glance", "Holding", "Membership", "MembershipStep", "RevenueLine", "WarningStep",
]  # fmt: skip
