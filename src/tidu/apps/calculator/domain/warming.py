"""Working out the first answers of most visitors before the first of them comes."""

from __future__ import annotations

from tidu.apps.calculator.domain.answers import Answers
from tidu.apps.calculator.domain.asking import next_of
from tidu.apps.calculator.domain.awards import settled
from tidu.apps.calculator.domain.examples import examples
from tidu.apps.calculator.domain.judging import APPLICATIONS, case_of
from tidu.apps.calculator.domain.results import results_of
from tidu.kernel.inputs import Moment
from tidu.kernel.packs import PackSet

FIRST: tuple[dict[str, str], ...] = (
    {},
    {"titles": "none"},
    {"titles": "none", "happenings": "none"},
    {"titles": "none", "happenings": "none", "exclusions": "none"},
    {"titles": "innovative"},
    {"titles": "high_tech"},
    {"titles": "high_tech,innovative"},
)
PERSONAS: tuple[dict[str, str], ...] = (
    {},
    {"persona": "factory", "tax_home": "yes", "registration": "active"},
    {"persona": "software", "tax_home": "yes", "registration": "active"},
)


def warm(*, packs: PackSet, moment: Moment) -> int:
    """Remember the results of the usual first steps (about a second for a law of 2024); returns how many cases."""
    told = [Answers.parse({**persona, **first})[0] for persona in PERSONAS for first in FIRST]
    told += [one.answers for one in examples()]
    for application in APPLICATIONS:
        for answers in told:
            case = case_of(answers, packs, moment, application)
            awards = settled(case)
            results_of(case, awards)
            next_of(case, awards)
    return len(told) * len(APPLICATIONS)
