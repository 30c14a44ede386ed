"""Putting firms forward for a title, and taking one back.

Who is put forward is judged once more on the facts of this very moment: a list never rests on a verdict that no longer holds.
A firm that is refused does not hold up the others; the answer says of each why.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from tidu.apps.accounts.actors import Actor
from tidu.apps.accounts.decisions import Decision, no
from tidu.apps.accounts.enums import Role
from tidu.apps.assessments.domain.ground import pack_digest
from tidu.apps.assessments.domain.tables import figures, industry, reason_of, score_text
from tidu.apps.assessments.domain.titles import COVERED_BY
from tidu.apps.assessments.enums import Verdict
from tidu.apps.assessments.models import Recommendation, RecommendationList, Run, StandardName, Standing
from tidu.apps.audit.domain.chain import Subject, record_event
from tidu.apps.enterprises.domain.populations import population_of_registry
from tidu.apps.enterprises.models import Enterprise
from tidu.apps.policies.loaded import packs
from tidu.apps.units.models import Unit
from tidu.kernel.errors import TiduError
from tidu.kernel.inputs import FirmInputs, Moment
from tidu.kernel.interpret import Assessment, assess, standard_keys
from tidu.kernel.packs import Standard

AT_ONCE = 2000
"""Firms put forward in one act."""
LONGEST = 300
MOST_TOLD = 3
OPEN_WAYS = (Verdict.MET, Verdict.MANUAL)
Clerks = (Role.BUREAU_CLERK, Role.BUREAU_HEAD)


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of one firm: taken where there is no reason against it."""

    code: str
    name: str
    reason: str = ""

    @property
    def taken(self) -> bool:
        """Whether the firm stands on the list."""
        return not self.reason


@dataclass(frozen=True, slots=True)
class Made:
    """The list (None where nobody could be taken), and the answer to every firm asked for."""

    list: RecommendationList | None
    answers: tuple[Answer, ...]


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A firm that could be taken, judged now."""

    enterprise: Enterprise
    standing: Standing
    inputs: FirmInputs
    found: Assessment


def may_recommend(actor: Actor) -> Decision:
    """Whether the actor may put firms forward."""
    return actor.may_write(*Clerks)


def may_withdraw(actor: Actor, row: Recommendation) -> Decision:
    """Whether the actor may take a recommendation back."""
    if row.withdrawn_at is not None:
        return no(f"这条推荐已由{row.withdrawn_by}撤回。", "already-withdrawn")
    return actor.may_write(*Clerks)


def recommend(*, actor: Actor, at: datetime, standard: str, enterprises: Iterable[int], judgement: str = "") -> Made:
    """Put firms (keys of the registry) forward for a standard on the ground of the last run.

    ``judgement`` is what the clerk decided where the standard leaves something to a person; such firms are refused without it.
    Raises ``not-reported`` for a standard nobody is put forward for, ``no-run`` before the first assessment.
    """
    may_recommend(actor).require()
    wanted = list(dict.fromkeys(enterprises))
    if not wanted or len(wanted) > AT_ONCE:
        raise TiduError("bad-choice", f"一次可推荐 1 至 {AT_ONCE:,} 家企业，选了 {len(wanted):,} 家。请在名单里重新勾选。")
    judgement = judgement.strip()[:LONGEST]
    run, name, text = _ground(standard)
    candidates, answers = _sorted_out(actor, run, name, text, wanted, judgement)
    if not candidates:
        return Made(None, tuple(answers))
    try:
        with transaction.atomic():
            made = _made(actor, at, run, name, text)
            Recommendation.objects.bulk_create(_row(one, made, at, judgement, _unit(actor)) for one in candidates)
            record_event(
                actor=actor, at=at, action="recommendation.made", subject=Subject("recommendations", str(made.pk), made.title),
                detail={"standard": name.name, "version": text.version, "run": run.number, "firms": [one.enterprise.code for one in candidates]},
            )  # fmt: skip
    except IntegrityError as error:
        raise TiduError("recommended-meanwhile", "其中有企业刚刚由别人推荐了，这次没有生成汇总表。请刷新名单后重新勾选。") from error
    return Made(made, (*(Answer(one.enterprise.code, one.enterprise.name) for one in candidates), *answers))


def _ground(standard: str) -> tuple[Run, StandardName, Standard]:
    run = Run.objects.order_by("-number").first()
    if run is None:
        raise TiduError("no-run", "还没有做过全员评估。请先评估，再推荐。")
    name = StandardName.objects.filter(name=standard).first()
    if name is None or standard not in COVERED_BY:
        raise TiduError("not-reported", f"“{standard}”不需要向上推荐。请选择有认定称号的标准。", standard=standard)
    return run, name, packs().select(standard, law_date=run.law_date)


def _sorted_out(
    actor: Actor, run: Run, name: StandardName, text: Standard, wanted: Sequence[int], judgement: str
) -> tuple[list[_Candidate], list[Answer]]:
    """The firms that can be taken, and the answer to the others."""
    seen = {one.pk: one for one in Enterprise.objects.visible_to(actor).in_registry().filter(pk__in=wanted).select_related("subdistrict")}
    standings = {
        one.enterprise_id: one
        for one in Standing.objects.visible_to(actor).filter(standard=name, enterprise__in=list(seen)).select_related("outcome")
    }
    taken = dict(
        Recommendation.objects.visible_to(actor)
        .filter(standard=name, year=run.law_date.year, enterprise__in=list(seen), withdrawn_at=None)
        .values_list("enterprise_id", "list__title")
    )
    answers = [Answer("", "未知企业", "这家企业不在企业库里，或者不在您的管辖范围内。") for key in wanted if key not in seen]
    open_ones = []
    for key in wanted:
        if key not in seen:
            continue
        reason = _against(standings.get(key), taken.get(key), judgement)
        if reason:
            answers.append(Answer(seen[key].code, seen[key].name, reason))
        else:
            open_ones.append(seen[key])
    candidates, changed = _judged_now(open_ones, standings, run, text)
    return candidates, [*answers, *changed]


def _against(standing: Standing | None, taken: str | None, judgement: str) -> str:
    """Why a firm cannot be taken by what the run found; empty where it can."""
    if standing is None:
        return "最近一次全员评估没有这家企业。请重新评估后再推荐。"
    outcome = standing.outcome
    if outcome.verdict not in OPEN_WAYS:
        return f"评估结论是“{Verdict(outcome.verdict).label}”，不能推荐。"
    if outcome.held:
        return f"已有有效的“{outcome.held}”，不需要再推荐。"
    if taken is not None:
        return f"本年度已在“{taken}”中推荐。"
    if outcome.verdict == Verdict.MANUAL and not judgement:
        more = "等" if len(outcome.manual) > MOST_TOLD else ""
        return f"有 {len(outcome.manual)} 项须由人判断：{'；'.join(outcome.manual[:MOST_TOLD])}{more}。请先填写人工判断的结论。"
    return ""


def _judged_now(
    firms: Sequence[Enterprise], standings: Mapping[int, Standing], run: Run, text: Standard
) -> tuple[list[_Candidate], list[Answer]]:
    """Judge each firm once more, on the facts as they are now; those that qualify no longer are answered."""
    moment = Moment(run.law_date, run.facts_as_of)
    population = population_of_registry(Enterprise.objects.filter(pk__in=[firm.pk for firm in firms]), months=False)
    now = {firm.code: firm for firm in population.each_firm()}
    candidates, answers = [], []
    for firm in firms:
        inputs = FirmInputs(now[firm.code], moment, packs())
        found, standing = assess(inputs, text), standings[firm.pk]
        if found.verdict == standing.outcome.verdict:
            candidates.append(_Candidate(firm, standing, inputs, found))
        else:
            answers.append(Answer(firm.code, firm.name, f"评估以后数据有更新，现在是“{Verdict(found.verdict).label}”。请重新评估。"))
    return candidates, answers


def _made(actor: Actor, at: datetime, run: Run, name: StandardName, text: Standard) -> RecommendationList:
    year = run.law_date.year
    count = RecommendationList.objects.filter(standard=name, year=year).count()
    title = f"{year}年{name.name}推荐汇总表（第{count + 1}批）"
    return RecommendationList.objects.create(
        standard=name, version=text.version, year=year, title=title, run=run, created_by_id=actor.user, actor_name=actor.name, created_at=at
    )


def _unit(actor: Actor) -> str:
    paths = actor.paths(*Clerks)
    unit = Unit.objects.filter(path__in=paths).first() if paths else None
    return unit.name if unit is not None else ""


def _row(one: _Candidate, made: RecommendationList, at: datetime, judgement: str, unit: str) -> Recommendation:
    text, firm = one.found.standard, one.enterprise
    known = one.inputs.fill(standard_keys(text), text.tests)
    judged = judgement if one.found.manual else ""
    facts: dict[str, Any] = {
        "inputs": {key: known[key] for key in standard_keys(text)},
        "figures": figures(one.inputs, text.name, packs()),
        "before": [firm.name, firm.code, firm.subdistrict.name if firm.subdistrict else "", industry(one.inputs)],
        "score": score_text(one.found),
        "unit": unit,
    }
    return Recommendation(
        list=made, enterprise=firm, standard_id=made.standard_id, year=made.year, outcome=one.standing.outcome, facts=facts,
        pack_digest=pack_digest(packs()), judgement=judged, reason=reason_of(one.found, text, judged)[:600], recommended_at=at,
    )  # fmt: skip


def withdraw(*, actor: Actor, at: datetime, row: Recommendation, reason: str) -> None:
    """Take one firm off a list, with the reason. Raises ``no-reason``, ``already-withdrawn``."""
    may_withdraw(actor, row).require()
    reason = reason.strip()[:LONGEST]
    if not reason:
        raise TiduError("no-reason", "撤回推荐须写明理由。请填写后再提交。")
    with transaction.atomic():
        changed = Recommendation.objects.filter(pk=row.pk, withdrawn_at=None).update(
            withdrawn_at=at, withdrawn_by=actor.name, withdrawn_reason=reason
        )
        if not changed:
            by = Recommendation.objects.values_list("withdrawn_by", flat=True).get(pk=row.pk)
            raise TiduError("already-withdrawn", f"这条推荐已由{by}撤回。")
        record_event(
            actor=actor, at=at, action="recommendation.withdrawn",
            subject=Subject("recommendation", str(row.pk), f"{row.enterprise.name}：{row.list.title}"), detail={"reason": reason},
        )  # fmt: skip
