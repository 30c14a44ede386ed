"""One web request: the next question and all results, worked out together."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from tidu.apps.calculator.domain.answers import Answers
from tidu.apps.calculator.domain.asking import Asked, next_of
from tidu.apps.calculator.domain.awards import settled
from tidu.apps.calculator.domain.judging import NEW, case_of
from tidu.apps.calculator.domain.results import Results, results_of
from tidu.kernel.inputs import Moment
from tidu.kernel.packs import PackSet


@dataclass(frozen=True, slots=True)
class Step:
    """What to ask next (None: nothing more can change anything) and what is known so far."""

    asked: Asked | None
    results: Results


def step(
    answers: Answers, *, packs: PackSet, moment: Moment, asked: Collection[str] = (), choices: Mapping[str, str] | None = None,
    application: str = NEW,
) -> Step:  # fmt: skip
    """``next_question`` and ``results`` at the price of one of them."""
    case = case_of(answers, packs, moment, application)
    awards = settled(case, choices)
    return Step(next_of(case, awards, asked), results_of(case, awards))
