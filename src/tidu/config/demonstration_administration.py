"""People and administration of the fictional district: a clerk for every department and subdistrict, examples of every state."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta

from axes.models import AccessAttempt
from django.utils.timezone import localdate

from tidu.apps.accounts.actors import SYSTEM
from tidu.apps.accounts.domain.accounts import Place, give_post, open_account, switch_off
from tidu.apps.accounts.domain.entering import record_failure, record_lock
from tidu.apps.accounts.domain.passwords import ask_reset
from tidu.apps.accounts.domain.posts import Wanted, propose_post
from tidu.apps.accounts.domain.sessions import Browser
from tidu.apps.accounts.enums import Role
from tidu.apps.accounts.models import User
from tidu.apps.accounts.queries import actor_of
from tidu.apps.administration.domain.announcements import Notice, announce
from tidu.apps.administration.domain.dictionaries import install_dictionaries
from tidu.apps.administration.enums import Audience
from tidu.apps.units.domain.keeping import Names, add_unit
from tidu.apps.units.enums import UnitKind
from tidu.apps.units.models import Unit

OTHERS = (
    ("bank-nongshang", "示范农村商业银行", "农商行", UnitKind.BANK),
    ("bank-gongshang", "示范银行科技支行", "科技支行", UnitKind.BANK),
    ("fuwu", "示范区中小企业服务中心", "服务中心", UnitKind.PROVIDER),
)
CLERK_OF = {
    UnitKind.DEPARTMENT: Role.DEPARTMENT_CLERK, UnitKind.SUBDISTRICT: Role.SUBDISTRICT_CLERK, UnitKind.BANK: Role.BANK_CLERK,
    UnitKind.PROVIDER: Role.PROVIDER_CLERK,
}  # fmt: skip
MORE = (
    ("xitong2", "系统管理员（备岗）", Role.SYSTEM_ADMIN, "kejing"),
    ("anquan2", "安全管理员（备岗）", Role.SECURITY_ADMIN, "kejing"),
    ("jingban2", "科经局经办二", Role.BUREAU_CLERK, "kejing"),
    ("jingban3", "科经局经办三", Role.BUREAU_CLERK, "kejing"),
    ("jijian2", "区纪委监委", Role.AUDITOR, "district"),
)
LOCKED, LEFT, NEW, ASKING = "suoding", "lizhi", "xinren", "wangji"
ADDRESS = "10.14.0.23"


def prepare_administration(*, at: datetime, password: str, units: Mapping[str, Unit]) -> tuple[tuple[str, str], ...]:
    """Fill what administrators keep; returns the people who may log in. Units are those of the district by code."""
    install_dictionaries(actor=SYSTEM, at=at)
    root = next(unit for unit in units.values() if unit.parent_id is None)
    more = [
        add_unit(actor=SYSTEM, at=at, parent=root, code=code, kind=kind, names=Names(name, short)) for code, name, short, kind in OTHERS
    ]
    people = list(MORE)
    taken = set(User.objects.values_list("username", flat=True))
    for unit in [*units.values(), *more]:
        role = CLERK_OF.get(UnitKind(unit.kind))
        username = f"jd{unit.code[-3:]}" if unit.kind == UnitKind.SUBDISTRICT else unit.code
        if role is not None and username not in taken:
            people.append((username, f"{unit.short_name}经办", role, unit.code))
    by_code = {unit.code: unit for unit in [*units.values(), *more]}
    for username, name, role, code in people:
        user = open_account(actor=SYSTEM, at=at, username=username, name=name, password=password, must_change=False)
        give_post(actor=SYSTEM, at=at, user=user, role=role, place=Place(unit=by_code[code]))
    _examples(at, password, by_code)
    return tuple((username, name) for username, name, _, _ in people)


def _examples(at: datetime, password: str, units: Mapping[str, Unit]) -> None:
    """One account that is locked, one switched off, one that waits for a post, one whose password waits, and an announcement."""
    day = localdate(at)
    system = actor_of(User.objects.get(username="xitong"), day)

    def opened(username: str, name: str) -> User:
        return open_account(actor=system, at=at, username=username, name=name, password=password)

    locked = opened(LOCKED, "锁定示例")
    give_post(actor=SYSTEM, at=at, user=locked, role=Role.DEPARTMENT_CLERK, place=Place(unit=units["tongji"]))
    AccessAttempt.objects.create(username=LOCKED, ip_address=ADDRESS, user_agent="", failures_since_start=5, attempt_time=at)
    for _ in range(5):
        record_failure(at=at, username=LOCKED, browser=Browser(ADDRESS), why="password")
    record_lock(at=at, username=LOCKED, browser=Browser(ADDRESS))
    switch_off(actor=system, at=at, user=opened(LEFT, "离职示例"), reason="left")
    place = Wanted(Role.DEPARTMENT_CLERK, Place(unit=units["renshe"]), until=date(day.year + 1, 12, 31))
    propose_post(actor=system, at=at, user=opened(NEW, "新任示例"), wanted=place, reason="人社局来函：挂职一年")
    asking = opened(ASKING, "忘记密码示例")
    give_post(actor=SYSTEM, at=at, user=asking, role=Role.DEPARTMENT_CLERK, place=Place(unit=units["fagai"]))
    ask_reset(actor=system, at=at, user=asking, reason="forgotten")
    notice = Notice(
        "部门数据回流", "各部门请于每月 10 日前导入上月数据。导入页面在“企业与数据”。", Audience.OFFICIALS, day, day + timedelta(days=30)
    )
    announce(actor=system, at=at, notice=notice)
