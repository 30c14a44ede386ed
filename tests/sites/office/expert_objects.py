"""Experts, seats and scores for the access matrix; the bureau handles those of every case."""

from __future__ import annotations

from typing import Any

from tests.apps.materials.files import png
from tests.apps.materials.ground import handed_in
from tests.apps.people import AT, District
from tidu.apps.accounts.actors import SYSTEM
from tidu.apps.accounts.enums import Role
from tidu.apps.fulfilment.domain.score_sheets import Criterion, Sheet
from tidu.apps.fulfilment.models import Expert, ExpertScore, Panel, PanelMember
from tidu.apps.materials.domain.keeping import Owner, keep_file

SHEET = Sheet((Criterion("创新水平", 60), Criterion("产业化前景", 40)), 3, 60)


def expert_of(own: bool) -> Expert:
    return Expert.objects.create(name=f"评审人{own}", institution="某某大学", field="激光装备", made_at=AT)


def expert_object(district: District, role: Role, own: bool) -> list[Any]:
    return [expert_of(own).pk]


def seat_of(district: District, own: bool, declared: str = "none") -> PanelMember:
    submission = handed_in(district.jia if own else district.yi, {})
    panel = Panel.objects.create(case=submission.case, sheet=SHEET.stored(), formed_at=AT)
    return PanelMember.objects.create(panel=panel, expert=expert_of(own), number=1, named_at=AT, named_by="某", declared=declared)


def member_object(district: District, role: Role, own: bool) -> list[Any]:
    return [seat_of(district, own).pk]


def score_object(district: District, role: Role, own: bool) -> list[Any]:
    member = seat_of(district, own)
    file = keep_file(actor=SYSTEM, at=AT, owner=Owner(unit=district.units["bureau"]), kind="专家评分表", name="评分表.png", content=png())
    made = ExpertScore.objects.create(
        member=member, submission=member.panel.case.submissions.get(), points=[50, 30], total=80, file=file, given_at=AT, given_by="某"
    )
    return [made.pk]


OBJECTS = {"expert": expert_object, "panel-member": member_object, "expert-score": score_object}
