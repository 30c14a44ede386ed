"""梯度体检: where a firm stands on every rung of the ladder, how its points are made up, and the way to a chosen rung."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache

from tidu.apps.calculator.domain.answers import Answers
from tidu.apps.calculator.domain.judging import NEW, Case, Judged, case_of
from tidu.apps.calculator.domain.levers import Lever, levers_of
from tidu.apps.calculator.domain.question_reading import questionnaire
from tidu.apps.calculator.domain.results import Result, standard_result
from tidu.apps.calculator.domain.shortfalls import criteria_of
from tidu.kernel.errors import TiduError
from tidu.kernel.gap import score_bounds
from tidu.kernel.inputs import FirmInputs, Moment
from tidu.kernel.interpret import TOTAL, Score
from tidu.kernel.packs import PackSet, Standard
from tidu.kernel.truth import answer
from tidu.kernel.wayup import WayUp, way_up

YOUR_FIRM = "您的企业"
NO_RULE = "no-rule"
"""The verdict of a rung for which no text is in force on the law date."""


@dataclass(frozen=True, slots=True)
class RungName:
    """A rung: its ASCII id, the standard that opens it, and the title that stands for it in 认定 (empty: none)."""

    id: str
    standard: str
    title: str
    label: str


LADDER = (
    RungName("tech_sme", "科技型中小企业", "科技型中小企业", "科技型中小企业"),
    RungName("high_tech", "高新技术企业", "高新技术企业", "高新技术企业"),
    RungName("innovative", "创新型中小企业", "创新型中小企业", "创新型中小企业"),
    RungName("cultivated", "武汉市级专精特新培育企业", "专精特新培育企业", "专精特新培育企业（市级）"),
    RungName("specialised", "专精特新中小企业", "专精特新中小企业", "专精特新中小企业"),
    RungName("giant", "专精特新小巨人", "专精特新小巨人", "专精特新“小巨人”企业"),
    RungName("champion", "制造业单项冠军", "制造业单项冠军", "制造业单项冠军"),
)
ABOVE_SCALE = RungName("above_scale", "规模以上工业企业", "", "规模以上工业企业")


@dataclass(frozen=True, slots=True)
class Bar:
    """Points as an interval within what is possible: the total, a group, or a line of the table; ``passing`` 0: no mark."""

    id: str
    title: str
    group: str
    low: int
    high: int
    most: int
    passing: int


@dataclass(frozen=True, slots=True)
class Criterion:
    """One criterion of a standard: met, unmet, or None where it is open."""

    id: str
    clause: str
    text: str
    met: bool | None


@dataclass(frozen=True)
class Rung:
    """One rung. ``held``: whether the title is held (None: not told). ``result`` is None where no text is in force."""

    name: RungName
    held: bool | None
    verdict: str
    result: Result | None
    total: Bar | None
    groups: tuple[Bar, ...]
    items: tuple[Bar, ...]
    criteria: tuple[Criterion, ...]
    sentence: str = ""

    @property
    def id(self) -> str:
        """The id of the rung."""
        return self.name.id


@dataclass(frozen=True)
class Way:
    """The way up to a rung; ``assumed`` says what was taken as absent because nobody was asked."""

    found: WayUp
    moment: Moment
    assumed: tuple[str, ...]


@dataclass(frozen=True)
class Checkup:
    """The whole ladder; ``next`` is the id of the first rung above the highest one held; ``levers`` are for ``chosen``."""

    rungs: tuple[Rung, ...]
    next: str | None
    chosen: str | None
    levers: tuple[Lever, ...]
    sentence: str

    def rung(self, name: str) -> Rung:
        """A rung by id; KeyError where there is none."""
        return {rung.id: rung for rung in self.rungs}[name]


def checkup(answers: Answers, *, packs: PackSet, moment: Moment, chosen: str | None = None, application: str = NEW) -> Checkup:
    """The ladder in order, then 规上; ``chosen`` (else the next rung) is the one whose levers are listed.

    Raises ``unknown-rung``.
    """
    case = case_of(answers, packs, moment, application)
    by_name = {judged.standard.name: judged for judged in case.judged}
    rungs = tuple(_rung(name, by_name.get(name.standard), case) for name in (*LADDER, ABOVE_SCALE))
    following = _next(rungs[: len(LADDER)])
    wanted = chosen or following
    judged = by_name.get(rung_name(wanted).standard) if wanted else None
    levers = levers_of(judged, case) if judged is not None else ()
    return Checkup(rungs, following, wanted, levers, _sentence(rungs, following))


def rung_name(name: str) -> RungName:
    """A rung by id; raises ``unknown-rung``."""
    for rung in (*LADDER, ABOVE_SCALE):
        if rung.id == name:
            return rung
    known = "、".join(rung.id for rung in (*LADDER, ABOVE_SCALE))
    raise TiduError("unknown-rung", f"没有编号为“{name}”的梯级。可用：{known}。", name=name)


def way_to(answers: Answers, *, rung: str, packs: PackSet, moment: Moment, application: str = NEW) -> Way:
    """The cheapest way up to a rung (about 50 ms); raises ``unknown-rung`` or ``no-rule-in-force``.

    The plan takes registers as complete, as the kernel does: types of events that were not told count as absent, which
    ``assumed`` says.
    """
    case = case_of(answers, packs, moment, application)
    standard = packs.select(rung_name(rung).standard, law_date=moment.law_date, application=application)
    firm = replace(case.told.firm, name=answers.name or YOUR_FIRM)
    found = way_up(FirmInputs(firm, moment, packs), standard)
    read = {test.event for test in standard.tests.values()}
    known = questionnaire()
    untold = dict.fromkeys(known.questions[known.by_event[event].question].label for event in sorted(case.told.untold & read))
    return Way(found, moment, tuple(f"还没有回答“{label}”，这里按没有计算。" for label in untold))


def _rung(name: RungName, judged: Judged | None, case: Case) -> Rung:
    held = _held(name, case)
    if judged is None:
        day = case.moment.law_date.isoformat()
        return Rung(name, held, NO_RULE, None, None, (), (), (), f"{day} 没有现行的“{name.standard}”标准。")
    standard = judged.standard
    criteria = tuple(
        Criterion(rule.label.id, rule.label.clause, rule.label.text, answer(rule, judged.known)) for rule in criteria_of(standard.requires)
    )
    total, groups, items = _bars(standard, judged.score)
    return Rung(name, held, judged.verdict, standard_result(judged, case), total, groups, items, criteria)


def _held(name: RungName, case: Case) -> bool | None:
    """Whether the title was told as held; 规上 has no title and is told by its register."""
    if not name.title:
        rows = case.told.firm.events.get("首次进规")
        return True if rows else None
    if "认定" in case.told.untold:
        return None
    return any(row.get("名称") == name.title for row in case.told.firm.events.get("认定", ()))


def _bars(standard: Standard, score: Score | None) -> tuple[Bar | None, tuple[Bar, ...], tuple[Bar, ...]]:
    if score is None:
        return None, (), ()
    marks = _marks(standard)
    most = {group: sum(item.highest for item in items) for group, items in standard.groups.items()}
    total = Bar(TOTAL, TOTAL, "", score.low, score.high, sum(most.values()), score.passing or 0)
    groups = tuple(Bar(name, name, name, *score.groups[name], most[name], marks.get(name, 0)) for name in standard.groups)
    items = tuple(Bar(item.id, item.title, item.group, *score.items[item.id], item.highest, 0) for item in standard.scores)
    return total, groups, items


@lru_cache(maxsize=256)
def _marks(standard: Standard) -> Mapping[str, int]:
    return {bound.name: bound.threshold for bound in score_bounds(standard)}


def _next(rungs: tuple[Rung, ...]) -> str | None:
    """The first rung above the highest that is held."""
    highest = max((index for index, rung in enumerate(rungs) if rung.held), default=-1)
    return rungs[highest + 1].id if highest + 1 < len(rungs) else None


def _sentence(rungs: tuple[Rung, ...], following: str | None) -> str:
    held = [f"“{rung.name.label}”" for rung in rungs if rung.held]
    start = f"已有{'、'.join(held)}" if held else "还没有登记任何称号"
    ahead = next((rung.name.label for rung in rungs if rung.id == following), None)
    return f"{start}；往上一级是“{ahead}”。" if ahead else f"{start}，已在梯度的最高一级。"
