"""What the packs say, as records that pages, tables and JSON can show; pure, and remembered per set of packs."""

from tidu.apps.policies.domain.awards import AwardPage, PolicyPage, award_page, policy_page
from tidu.apps.policies.domain.comparing import Comparison, compare
from tidu.apps.policies.domain.examples import ExamplePage, examples_of
from tidu.apps.policies.domain.glossary import Glossary, Term, glossary, term_of
from tidu.apps.policies.domain.heads import state_on
from tidu.apps.policies.domain.library import KINDS, Entry, Library, library
from tidu.apps.policies.domain.lines import Line, sentence
from tidu.apps.policies.domain.measures import Measure, indicator_measure
from tidu.apps.policies.domain.method import Method, method
from tidu.apps.policies.domain.pages import schema, warm
from tidu.apps.policies.domain.references import BasePage, IndicatorPage, MappingPage, base_page, indicator_page, mapping_page
from tidu.apps.policies.domain.rulings import RulingPage, ruling_page, rulings
from tidu.apps.policies.domain.standards import StandardPage, standard_page

__all__ = [
    "KINDS",
    "AwardPage",
    "BasePage",
    "Comparison",
    "Entry",
    "ExamplePage",
    "Glossary",
    "IndicatorPage",
    "Library",
    "Line",
    "MappingPage",
    "Measure",
    "Method",
    "PolicyPage",
    "RulingPage",
    "StandardPage",
    "Term",
    "award_page",
    "base_page",
    "compare",
    "examples_of",
    "glossary",
    "indicator_measure",
    "indicator_page",
    "library",
    "mapping_page",
    "method",
    "policy_page",
    "ruling_page",
    "rulings",
    "schema",
    "sentence",
    "standard_page",
    "state_on",
    "term_of",
    "warm",
]
