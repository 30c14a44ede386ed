"""A new firm by hand, a change of name, a change of subdistrict with its day, the correction of a code."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.db.models import F

from tidu.apps.accounts.actors import Actor
from tidu.apps.accounts.decisions import Decision
from tidu.apps.audit.domain.chain import record_event
from tidu.apps.enterprises.domain.names import folded_name, initials
from tidu.apps.enterprises.enums import NameKind
from tidu.apps.enterprises.models import Enterprise, NameRecord
from tidu.apps.registry.domain.merging import firm_subject
from tidu.apps.registry.models import KEEPERS, FormerCode, Place
from tidu.apps.units.enums import UnitKind
from tidu.apps.units.models import Unit
from tidu.kernel.credit_code import check_credit_code
from tidu.kernel.errors import TiduError
from tidu.kernel.legal_days import legal_day

PLACES = (UnitKind.SUBDISTRICT, UnitKind.ZONE)
LONGEST_NAME, LONGEST_REASON = 200, 200


def may_keep(actor: Actor) -> Decision:
    """Whether this person may change the registry by hand."""
    return actor.may_write(*KEEPERS)


def register_firm(*, actor: Actor, at: datetime, code: str, name: str, subdistrict: Unit | None, sure: bool = False) -> Enterprise:
    """Enter a firm by hand. ``sure`` takes a code whose check character does not fit (pilot codes are legal).

    Raises ``bad-code``, ``code-unsure``, ``code-taken``, ``name-needed`` or ``not-a-place``.
    """
    may_keep(actor).require()
    plain = _checked_code(code, sure=sure)
    title = _checked_name(name)
    _checked_place(subdistrict)
    _free(plain)
    with transaction.atomic():
        firm = Enterprise.objects.create(code=plain, name=title, initials=initials(title), subdistrict=subdistrict, created_at=at)
        NameRecord.objects.create(enterprise=firm, name=title, folded=folded_name(title), kind=NameKind.CURRENT)
        record_event(actor=actor, at=at, action="firm.registered", subject=firm_subject(firm), detail={"code": plain, "name": title})
    return firm


def rename_firm(*, actor: Actor, at: datetime, firm: Enterprise, name: str, since: date | None, version: int) -> None:
    """Another name from a day on; the one before stays as a former name. Raises ``name-needed``, ``same-name``, ``changed-meanwhile``."""
    may_keep(actor).require()
    title = _checked_name(name)
    if title == firm.name:
        raise TiduError("same-name", "新名称与现用名称相同，没有改动。")
    with transaction.atomic():
        _change(firm, version, name=title, initials=initials(title))
        NameRecord.objects.filter(enterprise=firm, kind=NameKind.CURRENT).update(kind=NameKind.FORMER)
        NameRecord.objects.update_or_create(
            enterprise=firm, folded=folded_name(title), defaults={"name": title, "kind": NameKind.CURRENT, "since": since}
        )
        detail = {"before": firm.name, "after": title, "since": since.isoformat() if since else None}
        firm.refresh_from_db()
        record_event(actor=actor, at=at, action="firm.renamed", subject=firm_subject(firm), detail=detail)


def move_firm(*, actor: Actor, at: datetime, firm: Enterprise, subdistrict: Unit, since: date, version: int, reason: str = "") -> None:
    """Another subdistrict from a day on (not in the future); the one before stays on record until that day.

    Raises ``not-a-place``, ``same-place``, ``in-future``, ``before-last-move`` or ``changed-meanwhile``.
    """
    may_keep(actor).require()
    _checked_place(subdistrict)
    if firm.subdistrict_id == subdistrict.pk:
        raise TiduError("same-place", f"企业已经登记在{subdistrict.name}，没有改动。")
    if since > legal_day(at):
        raise TiduError("in-future", f"变更日期 {since.isoformat()} 还没有到。请在到期后办理。")
    before = firm.subdistrict
    with transaction.atomic():
        _change(firm, version, subdistrict=subdistrict)
        last = Place.objects.filter(enterprise=firm, until=None).order_by("-since").first()
        if last is not None and last.since is not None and last.since >= since:
            raise TiduError("before-last-move", f"上一次变更是 {last.since.isoformat()}，这一次的日期须在它之后。")
        if last is None:
            Place.objects.create(enterprise=firm, unit=before, until=since)
        else:
            Place.objects.filter(pk=last.pk).update(until=since)
        Place.objects.create(enterprise=firm, unit=subdistrict, since=since, reason=reason.strip()[:LONGEST_REASON])
        detail = {"before": before.code if before else None, "after": subdistrict.code, "since": since.isoformat()}
        record_event(actor=actor, at=at, action="firm.moved", subject=firm_subject(firm), detail=detail)
    firm.refresh_from_db()


def correct_code(*, actor: Actor, at: datetime, firm: Enterprise, code: str, reason: str, version: int, sure: bool = False) -> None:
    """Another code for a firm entered under a wrong or old one; the old code leads to the firm for good.

    Raises ``code-taken`` where the right code is another entry: then the two are merged.
    """
    may_keep(actor).require()
    plain = _checked_code(code, sure=sure)
    if not reason.strip():
        raise TiduError("reason-needed", "请写明为什么更正代码（例如：录入有误、换发新证）。")
    if plain == firm.code:
        raise TiduError("same-code", "新代码与现在的代码相同，没有改动。")
    other = Enterprise.objects.filter(code=plain).first()
    if other is not None:
        raise TiduError("code-taken", f"{plain} 已登记为{other.name}。如果是同一家企业，请办理“合并”。", other=other.code)
    before = firm.code
    with transaction.atomic():
        FormerCode.objects.filter(enterprise=firm, code=plain).delete()  # a firm may go back to its own former code
        _free(plain)
        _change(firm, version, code=plain)
        FormerCode.objects.create(enterprise=firm, code=before, corrected_at=at, reason=reason.strip()[:LONGEST_REASON])
        firm.refresh_from_db()
        detail = {"before": before, "after": plain, "reason": reason.strip()[:LONGEST_REASON]}
        record_event(actor=actor, at=at, action="firm.code-corrected", subject=firm_subject(firm), detail=detail)


def _change(firm: Enterprise, version: int, **changed: object) -> None:
    if not Enterprise.objects.filter(pk=firm.pk, version=version, merged_into=None).update(version=F("version") + 1, **changed):
        raise TiduError("changed-meanwhile", f"{firm.name}刚刚被别人改过或已经并入别的企业，您的改动没有生效。请刷新后再办。")


def _checked_code(code: str, *, sure: bool) -> str:
    found = check_credit_code(code)
    if found.severity == "error":
        raise TiduError("bad-code", found.message, given=found.code)
    if found.severity == "warning" and not sure:
        raise TiduError("code-unsure", f"{found.message}确认无误的，请勾选“代码已核对”再提交。", given=found.code)
    return found.code


def _checked_name(name: str) -> str:
    found = " ".join(name.split())[:LONGEST_NAME]
    if len(found) < 2:
        raise TiduError("name-needed", "请填写营业执照上的企业全称。")
    return found


def _checked_place(unit: Unit | None) -> None:
    if unit is not None and unit.kind not in PLACES:
        raise TiduError("not-a-place", f"{unit.name}不是街道或园区。请重新选择。")


def _free(code: str) -> None:
    other = Enterprise.objects.filter(code=code).first()
    if other is not None:
        raise TiduError("code-taken", f"{code} 已登记为{other.name}。请直接打开那家企业，或者办理更名。", other=other.code)
    former = FormerCode.objects.filter(code=code).select_related("enterprise").first()
    if former is not None:
        raise TiduError("code-former", f"{code} 是{former.enterprise.name}更正前的代码。请打开那家企业（{former.enterprise.code}）。")
