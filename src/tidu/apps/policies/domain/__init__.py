"""What the packs say, as records that pages, tables and JSON can show; pure, and remembered per set of packs."""

from tidu.apps.policies.domain.awards import AwardPage, PolicyPage, award_page, policy_page
from tidu.apps.policies.domain.comparing import Comparison, compare
from tidu.apps.policies.domain.heads import state_on
from tidu.apps.policies.domain.library import KINDS, Entry, Library, library
from tidu.apps.policies.domain.lines import sentence
from tidu.apps.policies.domain.rulings import RulingPage, ruling_page, rulings
from tidu.apps.policies.domain.standards import StandardPage, standard_page

__all__ = [
    "KINDS",
    "AwardPage",
    "Comparison",
    "Entry",
    "Library",
    "PolicyPage",
    "RulingPage",
    "StandardPage",
    "award_page",
    "compare",
    "library",
    "policy_page",
    "ruling_page",
    "rulings",
    "sentence",
    "standard_page",
    "state_on",
]
