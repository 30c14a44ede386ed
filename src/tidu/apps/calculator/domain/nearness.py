"""Who is one or two steps short: the definition behind 差一点.

A standard is close where it is not met, one or two of its criteria fail, nothing else is open but a person's judgement,
and each failing criterion has a way within reach: every leaf that fails there can be worked on (a lever of the effort
document moves it, or it is a title to apply for) and lies not further away than half of its bound, one piece of what is
counted, or ten points of a score. Years that must pass, violations and what officials classify are no work of the firm's.
"""

from __future__ import annotations

from tidu.apps.calculator.domain.judging import Judged
from tidu.apps.calculator.domain.shortfalls import criteria_of
from tidu.kernel.interpret import UNMET
from tidu.kernel.residual import missing_inputs
from tidu.kernel.traces import is_manual
from tidu.kernel.truth import answer

MOST_FAILING = 2


def is_close(judged: Judged) -> bool:
    """Whether the standard is 差一点."""
    if judged.verdict != UNMET or not 0 < len(judged.failing) <= MOST_FAILING:
        return False
    waiting = [rule for rule in criteria_of(judged.standard.requires) if answer(rule, judged.known) is None]
    by_person = all(is_manual(key) for rule in waiting for key in missing_inputs(rule, judged.known))
    return by_person and all(one.within_reach for one in judged.failing)
