"""A district that pays awards, for journeys from entitlement to money: ``python -m tests.site.fulfilment_district``.

Firms 甲 and 丙 are 小巨人 of the nation since 2022, 乙 of the province; 丁 a contract on technology; 戊 was nominated for a quality award and won it;
己 was paid in June 2024 and has moved its taxes away since.
"""

from __future__ import annotations

import json
import sys
from datetime import date, timedelta
from typing import TYPE_CHECKING

import django

if TYPE_CHECKING:
    from tests.apps.fulfilment.ground import Ground
    from tidu.apps.enterprises.models import Enterprise

PASSWORD = "Ceshi-2024-06"
CLAUSES = {"二（一）4": 200, "二（三）3": 150, "二（四）2": 100}
"""What the district plans for a clause this year, in 万元."""


def prepare() -> None:
    """Tables, units, people, firms with what they achieved, budgets; the payment of 2024 goes through the acts people use."""
    from django.core.management import call_command
    from django.utils import timezone

    from tests.apps.fulfilment.ground import WAN, achieve, another_firm, money_district
    from tests.site.announced_years import announce
    from tidu.apps.accounts.enums import Role
    from tidu.apps.accounts.models import User
    from tidu.apps.accounts.queries import actor_of
    from tidu.apps.fulfilment.domain.budgeting import plan_budget
    from tidu.kernel.legal_days import legal_day

    call_command("migrate", verbosity=0)
    ground = money_district()
    now = timezone.now()
    announce(now)
    firms = {
        "甲": ground.district.jia, "乙": ground.district.yi,
        **{name: another_firm(number) for number, name in enumerate("丙丁戊己", 3)},
    }  # fmt: skip
    _paid_in_2024(ground, firms["己"])
    for name in "甲丙":
        achieve(firms[name], "认定", {"名称": "专精特新小巨人", "级别": "国家级", "日期": date(2022, 8, 8)})
    achieve(firms["乙"], "认定", {"名称": "专精特新小巨人", "级别": "省级", "日期": date(2022, 5, 20)})
    title = {"名称": "专精特新中小企业", "级别": "省级", "日期": date(2021, 5, 1), "有效期至": date(2027, 4, 30)}
    achieve(firms["丁"], "认定", title)
    contract = {"合同类型": "技术开发", "成交额": 1200 * WAN, "登记日期": date(2024, 3, 2), "对方类型": "高等院校"}
    achieve(firms["丁"], "技术合同", contract, "登记日期")
    for result, day in (("提名", date(2024, 3, 5)), ("获奖", date(2024, 5, 20))):
        achieve(firms["戊"], "质量奖", {"名称": "区政府质量奖", "结果": result, "日期": day})
    head = actor_of(ground.district.people[Role.BUREAU_HEAD], legal_day(now))
    for clause, planned in CLAUSES.items():
        plan_budget(actor=head, at=now, year=legal_day(now).year, payer="区级", clause=clause, planned=planned * WAN)
    for firm in firms.values():
        ground.member_of(firm)
    for user in User.objects.all():
        user.set_password(PASSWORD)
        user.must_change_password, user.password_changed_at = False, now - timedelta(days=1)
        user.save()
    told = {name: {"code": firm.code, "name": firm.name, "member": f"member-{firm.pk}"} for name, firm in firms.items()}
    sys.stdout.write(json.dumps(told, ensure_ascii=False) + "\n")


def _paid_in_2024(here: Ground, paid: Enterprise) -> None:
    """50 万元 to one firm, from the list to the voucher; later its tax relation is told to be elsewhere."""
    from django.utils import timezone

    from tests.apps.fulfilment.ground import ACCOUNT, LAW, NOON, WAN, achieve, reread
    from tidu.apps.enterprises.domain.facts_in_force import refresh_facts
    from tidu.apps.enterprises.enums import Level
    from tidu.apps.enterprises.models import DataSheet, Source
    from tidu.apps.fulfilment.domain.applying import confirm
    from tidu.apps.fulfilment.domain.budgeting import plan_budget
    from tidu.apps.fulfilment.domain.deciding import decide_batch, make_batch, propose
    from tidu.apps.fulfilment.domain.noticing import close_notice, draft_notice, publish_notice
    from tidu.apps.fulfilment.domain.paying import Feedback, check_payment_batch, make_payment_batch, send_payment_batch, take_feedback
    from tidu.apps.fulfilment.domain.settling import keep_settlement, list_cases, settle_district
    from tidu.apps.fulfilment.interfaces.allocation import make_allocation
    from tidu.apps.policies.loaded import packs

    clerk, head = here.clerk, here.head
    achieve(paid, "认定", {"名称": "专精特新小巨人", "级别": "国家级", "日期": date(2022, 8, 8)})
    run = keep_settlement(actor=clerk, at=NOON, settlement=settle_district(packs(), law_date=LAW, as_of=LAW))
    (case,) = list_cases(actor=clerk, at=NOON, run=run, award="C3")
    case = confirm(actor=here.member_of(paid), at=NOON, case=case, account=ACCOUNT, holder=paid.name)
    plan_budget(actor=head, at=NOON, year=2024, payer="区级", clause=case.clause, planned=80 * WAN)
    batch = make_batch(actor=clerk, at=NOON, title="2024 年第一批", year=2024)
    propose(actor=clerk, at=NOON, batch=batch, cases=[case])
    decide_batch(actor=head, at=NOON, batch=batch, packs=packs(), minutes="会议同意。", met_on=LAW)
    notice = draft_notice(
        actor=clerk, at=NOON, title="2024 年第一批公示", body="现予公示。", contact="027-84940000", cases=[reread(case)]
    )  # fmt: skip
    publish_notice(actor=head, at=NOON, notice=notice)
    notice.refresh_from_db()
    over = NOON + timedelta(days=9)
    close_notice(actor=clerk, at=over, notice=notice)
    money, _ = make_payment_batch(actor=clerk, at=over, payer="区级", cases=[reread(case)], packs=packs())
    assert money is not None
    money = check_payment_batch(actor=head, at=over, batch=money)
    table = make_allocation(actor=clerk, at=over, batch=money)
    money = send_payment_batch(actor=clerk, at=over, batch=money, packs=packs(), digest=table.digest)
    rows = [Feedback(money.payments.get().pk, "CZ20240612", over.date())]
    assert take_feedback(actor=clerk, at=over, batch=money, rows=rows, book=packs().book) == []
    DataSheet.objects.create(
        enterprise=paid, source=Source.objects.get(name="税务"), level=Level.FIRM, values={"纳税关系所在区": "420106"},
        received_at=timezone.now() - timedelta(days=2),
    )  # fmt: skip
    refresh_facts([paid.pk])


if __name__ == "__main__":
    django.setup()
    prepare()
