"""What the packs say, as records that pages, tables and JSON can show; pure, and remembered per set of packs."""

from tidu.apps.policies.domain.heads import state_on
from tidu.apps.policies.domain.library import KINDS, Entry, Library, library
from tidu.apps.policies.domain.standards import StandardPage, standard_page

__all__ = ["KINDS", "Entry", "Library", "StandardPage", "library", "standard_page", "state_on"]
