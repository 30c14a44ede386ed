"""How an amount came about, in words: the steps, the clause, and the rulings it rests on as they held then."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from tidu.apps.fulfilment.models import AdoptedRuling, Candidate, Case, Step
from tidu.apps.paper.wording import moment_text
from tidu.kernel.awards import AwardBook

NOBODY = "未采用，按默认"


@dataclass(frozen=True, slots=True)
class Ground:
    """The computation of one case: ``source`` says whether of the meeting or of the settlement."""

    source: str
    how: tuple[str, ...]
    rulings: tuple[str, ...]
    at: datetime | None


@dataclass(frozen=True, slots=True)
class RulingLine:
    """One ruling as it held: the question, the choice, who adopted it and when."""

    id: str
    clause: str
    question: str
    choice: str
    adopted: str


def grounds_of(cases: Sequence[Case]) -> dict[int, Ground]:
    """For each case (by id) the computation of the meeting, otherwise the last one of a settlement; two queries."""
    found: dict[int, Ground] = {}
    wanted = [case.pk for case in cases]
    for start in range(0, len(wanted), 500):
        for step in Step.objects.filter(case__in=wanted[start : start + 500], act="decide").order_by("pk"):
            found[step.case_id] = Ground(
                "会审决定时重新测算", tuple(step.detail.get("how", ())), tuple(step.detail.get("rulings", ())), step.at
            )
    rest = [case for case in cases if case.pk not in found]
    for start in range(0, len(rest), 500):
        found |= _of_settlements(rest[start : start + 500])
    return found


def _of_settlements(cases: Sequence[Case]) -> dict[int, Ground]:
    firms = {case.enterprise_id for case in cases}
    by_item = {(one.enterprise_id, one.policy, one.award, one.item): one for one in _candidates(firms)}
    found = {}
    for case in cases:
        one = by_item.get((case.enterprise_id, case.policy, case.award, case.item))
        if one is not None:
            how, rulings = one.computation.get("how", ()), one.computation.get("rulings", ())
            found[case.pk] = Ground("兑现测算", tuple(how), tuple(rulings), one.run.made_at)
    return found


def _candidates(firms: set[int]) -> list[Candidate]:
    return list(Candidate.objects.filter(enterprise__in=firms).select_related("run").order_by("run__made_at", "pk"))


def ruling_lines(ids: Sequence[str], book: AwardBook | None, at: datetime | None) -> list[RulingLine]:
    """The rulings by id as they held at a moment (None: as they hold now)."""
    adopted: dict[str, list[AdoptedRuling]] = {}
    for one in AdoptedRuling.objects.filter(ruling__in=set(ids)).order_by("adopted_at", "pk"):
        adopted.setdefault(one.ruling, []).append(one)
    return [_line(one, book, _then(adopted.get(one, ()), at)) for one in dict.fromkeys(ids)]


def _then(adopted: Sequence[AdoptedRuling], at: datetime | None) -> AdoptedRuling | None:
    for one in reversed(adopted):
        if (at is None and one.ended_at is None) or (
            at is not None and one.adopted_at <= at and (one.ended_at is None or one.ended_at > at)
        ):
            return one
    return None


def _line(number: str, book: AwardBook | None, adopted: AdoptedRuling | None) -> RulingLine:
    rulings: Mapping[str, object] = book.rulings if book is not None else {}
    if book is None or number not in rulings:
        return RulingLine(number, "", "现行规则中没有这条口径", adopted.choice if adopted else "", _by(adopted))
    ruling = book.rulings[number]
    choice = adopted.choice if adopted is not None else ruling.choice
    text = next((option.text for option in ruling.options if option.choice == choice), "")
    return RulingLine(number, ruling.clause, ruling.question, f"{choice}：{text}" if text else choice, _by(adopted))


def _by(adopted: AdoptedRuling | None) -> str:
    return f"{adopted.adopted_by}，{moment_text(adopted.adopted_at)}" if adopted is not None else NOBODY
