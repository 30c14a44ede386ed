"""A district with a plan at work: units with their clerks, one monthly and one single task."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime

from tests.apps.people import District, small_district
from tidu.apps.accounts.actors import Actor
from tidu.apps.accounts.enums import Role
from tidu.apps.accounts.models import Post, User
from tidu.apps.accounts.queries import actor_of
from tidu.apps.plans.domain.making import Measure, PlanDraft, TaskDraft, make_plan
from tidu.apps.plans.domain.moving import issue_plan, move_share
from tidu.apps.plans.domain.reporting import Handed, hand_in
from tidu.apps.plans.enums import PeriodKind
from tidu.apps.plans.models import Assignment, Plan, PlanReport

TODAY = date(2024, 1, 2)
NOON = datetime(2024, 1, 2, 4, 0, tzinfo=UTC)
TEXT = """测试区中小企业发展行动计划
一、主要目标
到2025年，全区规模以上工业企业达到60家。
二、重点任务
（一）推动小进规。每年新增规模以上工业企业50家以上。（责任单位：区税务局、区科经局，各街道乡（开发区））
（二）加强融资服务。组织银企对接。（责任单位：区科经局、人行测试支行）
本计划自印发之日起施行。
"""


def noon(day: date) -> datetime:
    """Noon in China on a day."""
    return datetime(day.year, day.month, day.day, 4, 0, tzinfo=UTC)


@dataclass(frozen=True)
class Ground:
    """The district, its plan, and clerks of the second subdistrict."""

    district: District
    plan: Plan
    other: User
    second: User

    def actor(self, role: Role) -> Actor:
        """The person who holds a role."""
        return actor_of(self.district.people[role], TODAY)

    @property
    def clerk(self) -> Actor:
        """The bureau's clerk."""
        return self.actor(Role.BUREAU_CLERK)

    @property
    def head(self) -> Actor:
        """The bureau's head."""
        return self.actor(Role.BUREAU_HEAD)

    @property
    def tax(self) -> Actor:
        """The clerk of the tax office, which leads the monthly task."""
        return self.actor(Role.DEPARTMENT_CLERK)

    @property
    def neighbour(self) -> Actor:
        """The clerk of the second subdistrict, which has a share in nothing."""
        return actor_of(self.other, TODAY)

    def share(self, unit: str = "tax") -> Assignment:
        """A unit's share of the monthly task, read anew."""
        listed = Assignment.objects.select_related("task", "unit")
        return listed.get(unit=self.district.units[unit], task__number=1)

    def signed(self, unit: str = "tax") -> Assignment:
        """The same, issued and signed."""
        if self.share(unit).state == "draft":
            issue_plan(actor=self.clerk, at=NOON, plan=self.plan)
        who = {"tax": self.tax, "one": self.actor(Role.SUBDISTRICT_CLERK), "bureau": self.clerk}[unit]
        return move_share(actor=who, at=NOON, share=self.share(unit), name="sign")

    def report(self, day: date, period: str, unit: str = "tax") -> PlanReport:
        """The tax office hands in a report on a day."""
        hand_in(actor=self.tax, at=noon(day), share=self.share(unit), period=period, handed=Handed("完成", {"m1": "5"}))
        return PlanReport.objects.select_related("assignment__task", "assignment__unit").get(assignment=self.share(unit), period=period)


def plan_district() -> Ground:
    """A plan of 2024 with drafts: a monthly task (tax leads, the first subdistrict cooperates) and a single one of the bureau."""
    district = small_district()
    other = User.objects.create(username="two-clerk", name="第二街道某")
    Post.objects.create(user=other, role=Role.SUBDISTRICT_CLERK, unit=district.units["two"])
    second = User.objects.create(username="second-clerk", name="经办二某")
    Post.objects.create(user=second, role=Role.BUREAU_CLERK, unit=district.units["bureau"])
    units, start, end = district.units, date(2024, 1, 1), date(2024, 12, 31)
    tasks = (
        TaskDraft(
            "二.（一）", "推动小进规", (units["tax"],), (units["one"],), PeriodKind.MONTHLY, start, end, (Measure("m1", "新增家数", "家"),)
        ),
        TaskDraft("二.（二）", "银企对接", (units["bureau"],), (), PeriodKind.ONCE, start, date(2024, 6, 30)),
    )
    clerk = actor_of(district.people[Role.BUREAU_CLERK], TODAY)
    plan = make_plan(actor=clerk, at=NOON, draft=PlanDraft("行动计划", start, end), tasks=tasks)
    return Ground(district, plan, other, second)
