"""The fictional district as a running site: units, one person for every role, and the firms of ``tidu demo``.

Only ever into an empty registry; every firm and every person is invented.
"""

from __future__ import annotations

import csv
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.db import transaction

import tidu
from tidu.apps.accounts.actors import SYSTEM
from tidu.apps.accounts.domain.accounts import Place, give_post, open_account
from tidu.apps.accounts.enums import Role
from tidu.apps.accounts.models import User
from tidu.apps.assessments.demonstration import prepare_assessment
from tidu.apps.audit.domain.chain import Subject, record_event
from tidu.apps.enterprises.domain.registering import Delivery, register_population
from tidu.apps.enterprises.models import Enterprise, Source
from tidu.apps.units.enums import UnitKind
from tidu.apps.units.models import Unit
from tidu.config.demonstration_administration import prepare_administration
from tidu.config.demonstration_cases import prepare_cases
from tidu.config.demonstration_cultivation import prepare_cultivation
from tidu.config.demonstration_fulfilment import prepare_fulfilment
from tidu.config.demonstration_imports import prepare_imports
from tidu.demo import make_district
from tidu.kernel.facts import catalogue

FIRMS = 3000
DISTRICT, BUREAU = "district", "kejing"
DEPARTMENTS = (
    ("shichang", "市场监督管理局", "市监局", ("市场监管",)),
    ("shuiwu", "税务局", "税务局", ("税务",)),
    ("tongji", "统计局", "统计局", ("统计",)),
    ("renshe", "人力资源和社会保障局", "人社局", ("人社",)),
    ("caizheng", "财政局", "财政局", ("财政",)),
    ("zhishi", "知识产权局", "知产局", ("知识产权",)),
    ("yingji", "应急管理局", "应急局", ("应急",)),
    ("huanjing", "生态环境分局", "环境分局", ("生态环境",)),
    ("fagai", "发展和改革局", "发改局", ("信用", "供电")),
)
BUREAU_SOURCES = ("科技经信", "国家平台", "审计报告", "自报")
SELF_REPORTED = frozenset({"自报", "审计报告"})
"""What the firm itself hands in ranks behind what a department holds."""
PEOPLE = (
    ("xitong", "系统管理员", Role.SYSTEM_ADMIN, BUREAU),
    ("anquan", "安全管理员", Role.SECURITY_ADMIN, BUREAU),
    ("shenji", "审计管理员", Role.AUDIT_ADMIN, BUREAU),
    ("jingban", "科经局经办", Role.BUREAU_CLERK, BUREAU),
    ("kezhang", "科经局科长", Role.BUREAU_HEAD, BUREAU),
    ("shuiwu", "税务局经办", Role.DEPARTMENT_CLERK, "shuiwu"),
    ("jiedao", "街道经办", Role.SUBDISTRICT_CLERK, "420114001"),
    ("quzhang", "区领导", Role.DISTRICT_LEADER, DISTRICT),
    ("jijian", "审计局", Role.AUDITOR, DISTRICT),
)


@dataclass(frozen=True, slots=True)
class Prepared:
    """What was prepared: how many firms, and who may log in."""

    firms: int
    people: tuple[tuple[str, str], ...]


def prepare_demonstration(
    *, at: datetime, password: str, firms: int = FIRMS, progress: Callable[[str], None] | None = None
) -> Prepared | None:
    """Fill an empty registry; None where there is something in it already. All or nothing."""
    if Enterprise.objects.exists() or Unit.objects.exists():
        return None
    say = progress or (lambda _: None)
    with transaction.atomic():
        say("单位与人员")
        units = _units()
        _sources(units)
        for username, name, role, unit in PEOPLE:
            user = open_account(actor=SYSTEM, at=at, username=username, name=name, password=password, must_change=False)
            give_post(actor=SYSTEM, at=at, user=user, role=role, place=Place(unit=units[unit]))
        more = prepare_administration(at=at, password=password, units=units)
        say(f"{firms:,} 家虚构企业")
        count = register_population(population=make_district(firms, three_years(at.year)), delivery=Delivery(at))
        member = open_account(actor=SYSTEM, at=at, username="qiye", name="企业经办", password=password, must_change=False)
        first = Enterprise.objects.order_by("code").first()
        if first is not None:
            give_post(actor=SYSTEM, at=at, user=member, role=Role.FIRM_CLERK, place=Place(enterprise=first))
        record_event(
            actor=SYSTEM, at=at, action="registry.loaded", subject=Subject("registry", "demo", "虚构示范区"), detail={"firms": count}
        )
        say("导入的文件")
        prepare_imports(at=at)
        say("梯度、培育库与预警")
        prepare_cultivation(at=at, people={user.username: user for user in User.objects.all()})
        say("企业填报与更正")
        members = prepare_cases(at=at, password=password)
        say("兑现：预算、办件、公示与拨付")
        members += prepare_fulfilment(at=at, password=password)
    say("全员评估")
    prepare_assessment(at)
    return Prepared(count, (*((username, name) for username, name, _, _ in PEOPLE), ("qiye", "企业经办"), *members, *more))


def three_years(year: int) -> tuple[int, int, int]:
    """The years of the firms' figures: the last three that are over."""
    return year - 3, year - 2, year - 1


def _units() -> dict[str, Unit]:
    root = Unit.objects.create(code=DISTRICT, name="示范区", short_name="示范区", kind=UnitKind.DISTRICT, path=f"/{DISTRICT}/")
    found = {DISTRICT: root}

    def add(code: str, name: str, short: str, kind: UnitKind) -> None:
        found[code] = Unit.objects.create(code=code, name=name, short_name=short, kind=kind, parent=root, path=f"{root.path}{code}/")

    add(BUREAU, "科学技术和经济信息化局", "科经局", UnitKind.BUREAU)
    for code, name, short, _ in DEPARTMENTS:
        add(code, name, short, UnitKind.DEPARTMENT)
    path = Path(tidu.__file__).parent / "packs" / "caidian" / "subdistricts.csv"
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            add(row["code"], row["name"], row["name"], UnitKind.SUBDISTRICT)
    return found


def _sources(units: dict[str, Unit]) -> None:
    owners = {source: code for code, _, _, sources in DEPARTMENTS for source in sources} | dict.fromkeys(BUREAU_SOURCES, BUREAU)
    facts = catalogue()
    named = {source for fact in facts.facts.values() for source in fact.source.split("|") if source}
    named |= {source for event in facts.events.values() for source in event.source.split("|") if source}
    Source.objects.bulk_create(
        Source(name=name, unit=units.get(owners.get(name, BUREAU)), rank=80 if name in SELF_REPORTED else 50) for name in sorted(named)
    )
