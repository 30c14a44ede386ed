"""The fictional district, and a member's firm with a contract to be rewarded: ``python -m tests.site.portal_district``."""

from __future__ import annotations

import json
import sys
from datetime import date, timedelta
from typing import Any

import django

PASSWORD = "Ceshi-2024-06"
FIRMS = 60


def prepare() -> None:
    """Tables, people, firms; what the member's firm achieved; a settlement and its 免申即享 list."""
    from django.core.management import call_command
    from django.utils import timezone

    from tidu.apps.accounts.models import Post, User
    from tidu.apps.accounts.queries import actor_of
    from tidu.apps.fulfilment.domain.settling import keep_settlement, list_cases, settle_district
    from tidu.apps.policies.loaded import packs
    from tidu.config.demonstration import prepare_demonstration

    call_command("migrate", verbosity=0)
    prepare_demonstration(at=timezone.now() - timedelta(minutes=5), password=PASSWORD, firms=FIRMS)
    firm = Post.objects.select_related("enterprise").get(user__username="qiye").enterprise
    assert firm is not None
    _achieve(firm, "认定", {"名称": "专精特新小巨人", "级别": "国家级", "日期": date(2024, 4, 14)}, "日期")
    contract = {"合同类型": "技术开发", "成交额": 1200 * 1_000_000, "登记日期": date(2024, 3, 2), "对方类型": "高等院校"}
    _achieve(firm, "认定", {"名称": "专精特新中小企业", "级别": "省级", "日期": date(2024, 1, 10)}, "日期")
    _achieve(firm, "技术合同", contract, "登记日期")
    now = timezone.now()
    clerk = actor_of(User.objects.get(username="jingban"), now.date())
    run = keep_settlement(actor=clerk, at=now, settlement=settle_district(packs(), law_date=date(2024, 6, 28), as_of=now.date()))
    list_cases(actor=clerk, at=now, run=run, award="C3")
    sys.stdout.write(json.dumps({"firm": firm.code}) + "\n")


def _achieve(firm: Any, kind: str, fields: dict[str, Any], day: str) -> None:
    from django.utils import timezone

    from tidu.apps.enterprises.domain.registering import event_mark, stored_json
    from tidu.apps.enterprises.models import Event, Source

    stored = {name: stored_json(value) for name, value in fields.items()}
    source = Source.objects.get(name="科技经信")
    mark = event_mark(kind, stored)
    Event.objects.create(
        enterprise=firm, type=kind, day=fields[day], fields=stored, mark=mark, source=source, received_at=timezone.now()
    )  # fmt: skip


if __name__ == "__main__":
    django.setup()
    prepare()
