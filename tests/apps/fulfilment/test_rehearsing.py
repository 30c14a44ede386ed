"""A ruling is rehearsed, then adopted or ended with a reason, and only on the ground on which it was rehearsed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from tests.apps.fulfilment.ground import LAW, NOON, WAN, Ground, achieve, adopt, money_district
from tidu.apps.accounts.decisions import NotAllowed
from tidu.apps.accounts.enums import Role
from tidu.apps.audit.domain.chain import verify_chain
from tidu.apps.audit.models import AuditEvent
from tidu.apps.fulfilment.domain.asking import ask_for_effect, ask_for_settlement
from tidu.apps.fulfilment.domain.entitled import choices_in_force
from tidu.apps.fulfilment.domain.ruling import adopt_rehearsed, end_ruling, may_adopt, may_end
from tidu.apps.fulfilment.models import AdoptedRuling, RulingEffect, RulingMove, SettlementRun
from tidu.apps.fulfilment.queries.rulings import effect_sums, moves, standings
from tidu.apps.jobs.domain.running import run_pending
from tidu.apps.jobs.enums import JobState
from tidu.apps.jobs.models import Job
from tidu.apps.policies.loaded import packs
from tidu.kernel.errors import TiduError

pytestmark = pytest.mark.django_db


@pytest.fixture
def ground() -> Ground:
    """Firm 甲 rose from provincial to national: R1 asks whether the difference or the full amount is paid."""
    found = money_district()
    achieve(found.district.jia, "认定", {"名称": "专精特新中小企业", "级别": "省级", "日期": date(2022, 10, 8)})
    achieve(found.district.jia, "认定", {"名称": "专精特新小巨人", "级别": "国家级", "日期": date(2023, 7, 14)})
    return found


def rehearsed(ground: Ground, choice: str) -> RulingEffect:
    """The rehearsal as the page asks for it and the worker does it."""
    given = {"law_date": LAW, "as_of": LAW, "page": "/office/rulings/effects/"}
    job = ask_for_effect(actor=ground.clerk, at=NOON, packs=packs(), ruling="R1", choice=choice, **given)
    run_pending(lambda: NOON)
    job.refresh_from_db()
    effect = RulingEffect.objects.latest("pk")
    assert (job.state, job.href) == (JobState.DONE, f"/office/rulings/effects/{effect.pk}/")
    return effect


def test_a_rehearsal_keeps_whom_it_moves_and_changes_nothing(ground: Ground) -> None:
    effect = rehearsed(ground, "全额")
    assert (effect.ruling, effect.before, effect.choice, effect.choices) == ("R1", "补差额", "全额", {})
    assert [(one.enterprise.name, one.award, one.payer, one.before, one.after) for one in RulingMove.objects.all()] == [
        ("武汉甲精密制造有限公司", "C3", "区级", 30 * WAN, 50 * WAN)
    ]
    assert [(row["payer"], row["items"], row["firms"], row["difference"]) for row in effect_sums(ground.head, effect)] == [
        ("区级", 1, 1, 20 * WAN)
    ]
    assert choices_in_force() == {}


@pytest.mark.parametrize("role", [Role.DEPARTMENT_CLERK, Role.SUBDISTRICT_CLERK, Role.FIRM_CLERK])
def test_what_firms_would_get_is_not_for_everybody(ground: Ground, role: Role) -> None:
    effect = rehearsed(ground, "全额")
    seen = [list(RulingEffect.objects.visible_to(ground.actor(one))) for one in (role, Role.AUDITOR)]
    assert (seen, list(moves(ground.actor(role), effect))) == ([[], [effect]], [])


def test_it_is_adopted_and_later_ended_for_what_the_rules_say(ground: Ground) -> None:
    adopt_rehearsed(actor=ground.head, at=NOON, packs=packs(), effect=rehearsed(ground, "全额"), reason="局长办公会")
    assert choices_in_force() == {"R1": "全额"}
    back = rehearsed(ground, "补差额")
    assert may_end(back, ground.head, packs(), LAW).allowed
    ended = end_ruling(actor=ground.head, at=NOON + timedelta(hours=1), packs=packs(), effect=back, reason="省里另有规定")
    assert (choices_in_force(), ended.ended_by, ended.ended_why) == ({}, ground.head.name, "省里另有规定")
    (standing,) = [one for one in standings(packs()) if one.ruling.id == "R1"]
    assert (standing.choice, standing.adopted, [one.choice for one in standing.history]) == ("补差额", None, ["全额"])
    actions = list(AuditEvent.objects.filter(action__startswith="ruling.").order_by("number").values_list("action", flat=True))
    assert actions == ["ruling.rehearsed", "ruling.adopted", "ruling.rehearsed", "ruling.ended"]
    assert verify_chain()[1] == []


def stale_by_another_adoption(effect: RulingEffect) -> None:
    adopt("R2", "同类从高")


def stale_by_rules(effect: RulingEffect) -> None:
    effect.packs = {"other": "0" * 64}


def old(effect: RulingEffect) -> None:
    effect.made_at -= timedelta(days=8)


def already_in_force(effect: RulingEffect) -> None:
    adopt("R1", "全额")
    effect.choices = {"R1": "全额"}


@pytest.mark.parametrize(
    ("spoil", "code"),
    [(stale_by_another_adoption, "rehearsal-stale"), (stale_by_rules, "rehearsal-stale"), (old, "rehearsal-old"),
     (already_in_force, "already-adopted")],
)  # fmt: skip
def test_on_another_ground_it_does_not_carry(ground: Ground, spoil: Callable[[RulingEffect], None], code: str) -> None:
    effect = rehearsed(ground, "全额")
    spoil(effect)
    count = AdoptedRuling.objects.count()
    assert may_adopt(effect, ground.head, packs(), LAW).code == code
    with pytest.raises(NotAllowed):
        adopt_rehearsed(actor=ground.head, at=NOON, packs=packs(), effect=effect, reason="会议")
    assert AdoptedRuling.objects.count() == count


@pytest.mark.parametrize(("choice", "code"), [("全额", "rehearsal-other"), ("补差额", "not-adopted")])
def test_only_an_adopted_choice_is_ended_and_only_for_what_was_rehearsed(ground: Ground, choice: str, code: str) -> None:
    assert may_end(rehearsed(ground, choice), ground.head, packs(), LAW).code == code


def test_a_clerk_rehearses_but_the_head_adopts_with_a_reason(ground: Ground) -> None:
    effect = rehearsed(ground, "全额")
    assert may_adopt(effect, ground.clerk, packs(), LAW).code == "wrong-role"
    with pytest.raises(TiduError) as refused:
        adopt_rehearsed(actor=ground.head, at=NOON, packs=packs(), effect=effect, reason=" ")
    assert (refused.value.code, choices_in_force()) == ("reason-missing", {})


def test_a_settlement_leads_to_its_own_page_and_knows_what_is_missing(ground: Ground) -> None:
    job = ask_for_settlement(actor=ground.clerk, at=NOON, packs=packs(), law_date=LAW, as_of=LAW, page="/office/settlements/")
    with pytest.raises(TiduError) as refused:
        ask_for_settlement(actor=ground.head, at=NOON, packs=packs(), law_date=LAW, as_of=LAW, page="/office/settlements/")
    assert refused.value.code == "job-open"
    run_pending(lambda: NOON)
    job.refresh_from_db()
    run = SettlementRun.objects.get()
    assert (job.href, run.candidates.count()) == (f"/office/settlements/{run.pk}/", 2)
    for candidate in run.candidates.all():
        wanted = "".join(f"\n{fact}" for fact in candidate.computation["missing"])
        assert candidate.missing == (f"{wanted}\n" if wanted else "")


def test_a_department_or_a_leader_asks_for_nothing(ground: Ground) -> None:
    for role in (Role.DEPARTMENT_CLERK, Role.DISTRICT_LEADER, Role.AUDITOR):
        with pytest.raises(NotAllowed):
            ask_for_settlement(actor=ground.actor(role), at=NOON, packs=packs(), law_date=LAW, as_of=LAW, page="/")
    assert Job.objects.count() == 0
