"""Conditions of a step beyond state and role; each answers with the reason that a blocked button shows."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Any

from tidu.apps.accounts.actors import Actor
from tidu.apps.accounts.decisions import YES, Decision, no
from tidu.apps.administration.remembered import calendar
from tidu.apps.fulfilment.domain.held import asked_materials
from tidu.apps.fulfilment.domain.items import field_name, item_rules, place_of
from tidu.apps.fulfilment.domain.panel_results import result_of
from tidu.apps.fulfilment.domain.score_sheets import hundredths
from tidu.apps.fulfilment.enums import ObjectionState, Verdict
from tidu.apps.fulfilment.models import Case, Notice

Guard = Callable[[Case, Actor, date], Decision]


def answers_complete(case: Case, actor: Actor, day: date) -> Decision:
    """Every section of the draft is filled, and the promise was given for this application (never carried over)."""
    del actor, day
    given = case.draft.get("materials", {})
    lacking = [material.name for material in asked_materials(case) if not given.get(material.id)]
    if lacking:
        return no(f"还缺材料：{'、'.join(lacking)}。", "materials-missing")
    if not case.draft.get("promise"):
        return no("请先阅读并签署承诺书。", "promise-missing")
    if not case.draft.get("account"):
        return no("请填写收款账户。", "account-missing")
    return YES


def account_given(case: Case, actor: Actor, day: date) -> Decision:
    """There is an account to pay to."""
    del actor, day
    return YES if case.account else no("请填写收款账户。", "account-missing")


def correction_answered(case: Case, actor: Actor, day: date) -> Decision:
    """Everything that was asked for was changed or answered in words."""
    del actor, day
    asked = [str(one["field"]) for one in case.draft.get("correction", ()) if one["field"]]
    last = case.submissions.order_by("-number").first() if asked else None
    before: Mapping[str, Any] = last.content if last is not None else {}
    open_fields = [field for field in asked if not _answered(case, before, field)]
    if not open_fields:
        return YES
    names = "、".join(field_name(case.award, field) for field in open_fields)
    return no(f"还有没补正的：{names}。请改好，或者写明说明。", "correction-open")


def _answered(case: Case, before: Mapping[str, Any], field: str) -> bool:
    said, said_before = (str(one.get("answers", {}).get(field, "")).strip() for one in (case.draft, before))
    if said and said != said_before:
        return True
    for path in (field, place_of(case.award, field)):
        now = _at(case.draft, path)
        # to take something away is no answer; and facts, which stand in what was handed in, never stand in a draft
        if now and now != _at(before, path):
            return True
    return False


def _at(content: Mapping[str, Any], path: str) -> Any:
    found: Any = content
    for part in path.split("."):
        found = found.get(part) if isinstance(found, Mapping) else None
    return found


def opinions_agree(case: Case, actor: Actor, day: date) -> Decision:
    """Every department asked about this version has answered, none with a veto refuses, and enough agree."""
    del actor, day
    asked = [one for one in case.opinions.select_related("unit") if not one.void and one.submission.number == case.submission]
    waiting = [one.unit.short_name for one in asked if not one.verdict]
    if waiting:
        return no(f"还有部门没有反馈意见：{'、'.join(waiting)}。", "opinions-open")
    vetoes = [one.unit.short_name for one in asked if one.may_veto and one.verdict == Verdict.DISAGREE]
    if vetoes:
        return no(f"{'、'.join(vetoes)}不同意（一票否决），只能不予支持或退回补正。", "vetoed")
    if any(one.verdict == Verdict.CORRECT for one in asked):
        return no("有部门要求补正，请先退回补正。", "correction-asked")
    concerned = [one for one in asked if one.verdict != Verdict.NOT_CONCERNED]
    agreed, needed = sum(one.verdict == Verdict.AGREE for one in concerned), item_rules(case.award).agreeing(len(concerned))
    return YES if agreed >= needed else no(f"同意的部门有 {agreed} 个，至少要 {needed} 个。", "not-enough-agree")


def experts_scored(case: Case, actor: Actor, day: date) -> Decision:
    """Where the item asks for experts: enough have scored this version, and the passing mark is reached, if there is one."""
    del actor, day
    if item_rules(case.award).experts is None:
        return YES
    found = result_of(case)
    if found is None:
        return no("这个事项要求专家评审，还没有组成评审组。请先确定评审专家。", "panel-missing")
    if found.mean is None:
        return no(f"专家评审还没有完成：已有 {len(found.totals)} 位专家评分，至少要 {found.sheet.least} 位。", "scores-open")
    if not found.reached:
        mean, passing = hundredths(found.mean), found.sheet.passing
        return no(f"专家评审平均 {mean} 分，没有达到合格分 {passing} 分，只能不予支持或退回补正。", "score-below")
    return YES


def notice_running(notice: Notice | None, day: date) -> Decision:
    """Whether the period of a notice is over on a day, with how long it still runs."""
    if notice is None or notice.until is None:
        return no("还没有公示。", "not-published")
    if day > notice.until:
        return YES
    left = working_days_left(notice, day)
    return no(f"公示期到 {notice.until.isoformat()} 止，还剩 {left} 个工作日，期满无异议才能拨付。", "notice-running")


def working_days_left(notice: Notice, day: date) -> int:
    """Working days of a notice that are still to run, ``day`` among them; the day of publication is none of the period."""
    if notice.until is None or notice.published_on is None:
        return notice.days
    return max(0, calendar().workdays_between(max(day - timedelta(days=1), notice.published_on), notice.until))


def notice_over(case: Case, actor: Actor, day: date) -> Decision:
    """The last day of the notice is past and no objection to this row is open."""
    del actor
    decision = notice_running(case.notice, day)
    if decision and case.objections.filter(state=ObjectionState.OPEN).exists():
        return no("有异议正在核查，答复后才能继续。", "objection-open")
    return decision


GUARDS: Mapping[str, tuple[Guard, ...]] = {
    "submit": (answers_complete,),
    "confirm": (account_given,),
    "resubmit": (correction_answered,),
    "mend-account": (account_given,),
    "conclude": (opinions_agree, experts_scored),
    "clear": (notice_over,),
}
