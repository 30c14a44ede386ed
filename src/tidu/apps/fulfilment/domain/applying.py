"""What firms do with their cases: confirm, hand in, correct, change the account, withdraw."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F

from tidu.apps.accounts.actors import Actor
from tidu.apps.accounts.decisions import no
from tidu.apps.accounts.enums import FIRM_ROLES
from tidu.apps.audit.digests import sm3
from tidu.apps.fulfilment.domain.moving import Move, changed, may_move, move
from tidu.apps.fulfilment.domain.numbering import next_number
from tidu.apps.fulfilment.enums import CaseState
from tidu.apps.fulfilment.models import Case, Submission
from tidu.apps.sealing import seal
from tidu.kernel.errors import TiduError
from tidu.kernel.legal_days import legal_day

PURPOSE = "bank-account"
LEAST_DIGITS, MOST_DIGITS = 8, 32


def checked_account(account: str) -> str:
    """An account number as digits; raises ``account-not-valid``."""
    digits = "".join(account.split()).replace("-", "")
    if not digits.isascii() or not digits.isdigit() or not LEAST_DIGITS <= len(digits) <= MOST_DIGITS:
        raise TiduError("account-not-valid", f"收款账号应为 {LEAST_DIGITS} 至 {MOST_DIGITS} 位数字。请核对开户许可证后重新填写。")
    return digits


def _holder(case: Case, holder: str) -> str:
    if holder.strip() != case.enterprise.name:
        raise TiduError("account-holder", f"户名须与企业名称一致：{case.enterprise.name}。请填写本企业的对公账户。")
    return holder.strip()


def confirm(*, actor: Actor, at: datetime, case: Case, account: str, holder: str) -> Case:
    """免申即享: the firm wants the money and says to which account. It gets a receipt number."""
    sealed, holder = seal(checked_account(account), PURPOSE), _holder(case, holder)
    case.account = sealed
    with transaction.atomic():
        number = case.number or next_number("MS", legal_day(at))
        changes = {"account": sealed, "account_holder": holder, "number": number, "submitted_at": at, "submission": 1}
        moved = move(actor=actor, at=at, case=case, name="confirm", what=Move(changes=changes))
        keep_submission(actor=actor, at=at, case=moved, content={"confirmed": True})
    return moved


def save_draft(*, actor: Actor, case: Case, section: Mapping[str, Any]) -> Case:
    """Keep what was typed so far; nothing is demanded before it is handed in."""
    decision = actor.may_write(*FIRM_ROLES)
    if decision and case.enterprise_id not in actor.firms:
        decision = no("这不是您企业的办件。", "other-firm")
    decision.require()
    if case.state not in {CaseState.DRAFT, CaseState.CORRECTING}:
        raise TiduError("case-not-open", f"办件现在是“{case.get_state_display()}”，不能再改。")
    if case.state == CaseState.CORRECTING:
        _only_asked(case, section)
    mine = Case.objects.filter(pk=case.pk, version=case.version)
    if not mine.update(draft={**case.draft, **section}, version=F("version") + 1):
        raise changed(case.pk)
    case.refresh_from_db()
    return case


def _only_asked(case: Case, section: Mapping[str, Any]) -> None:
    asked = {one["field"]: one.get("label") or one["field"] for one in case.draft.get("correction", ()) if one["field"]}
    other = [path for path in changed_paths(case.draft, section) if not any(f"{path}.".startswith(f"{field}.") for field in asked)]
    if other:
        raise TiduError("not-asked-for", f"这次只要求补正：{'、'.join(sorted(asked.values()))}。其他内容不能改动：{'、'.join(other)}。")


def changed_paths(before: Mapping[str, Any], section: Mapping[str, Any], stem: str = "") -> list[str]:
    """What a section changes against what was there, down to the single field: ``materials.contract``.

    >>> changed_paths({"materials": {"contract": [1], "plan": [2]}}, {"materials": {"contract": [3], "plan": [2]}, "phone": ""})
    ['materials.contract', 'phone']
    """
    found: list[str] = []
    for name in sorted(section):
        old, new, path = before.get(name), section[name], f"{stem}{name}"
        if isinstance(new, Mapping) and "value" not in new and isinstance(old, Mapping):
            found += changed_paths(old, {**dict.fromkeys(old), **new}, f"{path}.")
        elif old != new or name not in before:
            found.append(path)
    return found


def submit(*, actor: Actor, at: datetime, case: Case) -> Case:
    """Hand in: the draft becomes an immutable version, the case gets its number and the original date."""
    may_move(case, actor, "submit", legal_day(at)).require()
    account = case.draft["account"]
    changes = {
        "account": seal(checked_account(account["number"]), PURPOSE), "account_holder": _holder(case, account["holder"]), "submitted_at": at,
        "submission": F("submission") + 1, "draft": _without_account(case.draft),
    }  # fmt: skip
    with transaction.atomic():
        changes["number"] = case.number or next_number("SL", legal_day(at))
        moved = move(actor=actor, at=at, case=case, name="submit", what=Move(changes=changes))
        keep_submission(actor=actor, at=at, case=moved, content=moved.draft)
    return moved


def resubmit(*, actor: Actor, at: datetime, case: Case) -> Case:
    """Hand in what was asked for; opinions on the version before are void, the date of the first stays."""
    content = _without_account(case.draft)
    with transaction.atomic():
        before = case.submissions.order_by("-number").first()
        detail = {"changed": difference(before.content if before else {}, content)}
        moved = move(actor=actor, at=at, case=case, name="resubmit", what=Move(changes={"submission": F("submission") + 1}, detail=detail))
        moved.opinions.filter(void=False).update(void=True)
        keep_submission(actor=actor, at=at, case=moved, content=content)
    return moved


def difference(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, list[Any]]:
    """What changed between two versions: field → [before, after]."""
    return {
        name: [before.get(name), after.get(name)]
        for name in sorted({*before, *after} - {"correction"})
        if before.get(name) != after.get(name)
    }


def _without_account(draft: Mapping[str, Any]) -> dict[str, Any]:
    """A submission never holds the account in the clear; the promise is given anew every time."""
    return {name: value for name, value in draft.items() if name != "account"}


def keep_submission(*, actor: Actor, at: datetime, case: Case, content: Mapping[str, Any]) -> Submission:
    """The version in review, frozen with its digest."""
    text = json.dumps({"case": case.pk, "number": case.submission, "content": content}, ensure_ascii=False, sort_keys=True)
    return Submission.objects.create(
        case=case, number=case.submission, content=dict(content), computation={"computed": case.computed}, digest=sm3(text.encode()),
        submitted_at=at, submitted_by=actor.name,
    )  # fmt: skip


def mend_account(*, actor: Actor, at: datetime, case: Case, account: str, holder: str) -> Case:
    """Another account after a payment came back."""
    sealed, holder = seal(checked_account(account), PURPOSE), _holder(case, holder)
    case.account = sealed
    return move(actor=actor, at=at, case=case, name="mend-account", what=Move(changes={"account": sealed, "account_holder": holder}))
