"""What firms do with their cases: confirm, hand in, correct, change the account, withdraw.

What a 补正 asks for is a list of ``{field, why}``. ``field`` means one of three things, here and nowhere else:

- a path into the draft whose first part is a section (``firm``, ``matter.note``, ``account``, ``promise``): that may be
  written anew;
- ``materials.`` and the id of a material of the item (``items.yaml``), or the id alone: its files may be added, taken out,
  replaced;
- anything else (``facts.登记状态``, 登记状态) is a fact: facts are mended in the registry by 更正申请, the application only
  explains.

An empty field is a remark to all of them. ``items.place_of`` finds the place, ``items.field_name`` the words. Every field
asked for may be answered by a text (``answers``: field → text); nothing else can be changed.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F

from tidu.apps.accounts.actors import Actor
from tidu.apps.audit.digests import sm3
from tidu.apps.fulfilment.domain.held import frozen_ground
from tidu.apps.fulfilment.domain.items import field_name, place_of
from tidu.apps.fulfilment.domain.moving import Move, changed, may_move, move
from tidu.apps.fulfilment.domain.numbering import next_number
from tidu.apps.fulfilment.domain.people import may_work_on, take_charge
from tidu.apps.fulfilment.enums import CaseState
from tidu.apps.fulfilment.models import Case, Submission
from tidu.apps.sealing import seal, unseal
from tidu.kernel.errors import TiduError
from tidu.kernel.legal_days import legal_day

PURPOSE = "bank-account"
LEAST_DIGITS, MOST_DIGITS = 8, 32
NOT_CONTENT = frozenset({"finished"})
"""What a draft keeps for the page only."""


def asked_of(case: Case) -> dict[str, str]:
    """What the running 补正 asks for: field → what is wrong; empty where none runs."""
    if case.state != CaseState.CORRECTING:
        return {}
    return {str(one["field"]): str(one["why"]) for one in case.draft.get("correction", ()) if one["field"]}


def asked_names(case: Case) -> dict[str, str]:
    """What the fields of the running 补正 are called."""
    return {field: field_name(case.award, field) for field in asked_of(case)}


def remarks_of(case: Case) -> list[str]:
    """What the office wrote to the running 补正 as a whole."""
    listed = case.draft.get("correction", ()) if case.state == CaseState.CORRECTING else ()
    return [str(one["why"]) for one in listed if not one["field"]]


def checked_account(account: str) -> str:
    """An account number as digits; raises ``account-not-valid``."""
    digits = "".join(account.split()).replace("-", "")
    if not digits.isascii() or not digits.isdigit() or not LEAST_DIGITS <= len(digits) <= MOST_DIGITS:
        raise TiduError("account-not-valid", f"收款账号应为 {LEAST_DIGITS} 至 {MOST_DIGITS} 位数字。请核对开户许可证后重新填写。")
    return digits


def checked_holder(case: Case, holder: str) -> str:
    """Who holds the account: the firm itself; raises ``account-holder``."""
    if holder.strip() != case.enterprise.name:
        raise TiduError("account-holder", f"户名须与企业名称一致：{case.enterprise.name}。请填写本企业的对公账户。")
    return holder.strip()


def confirm(
    *, actor: Actor, at: datetime, case: Case, account: str, holder: str, promise: Mapping[str, str] | None = None
) -> Case:  # fmt: skip
    """免申即享: the firm wants the money and says to which account. It gets a receipt number."""
    sealed, holder = seal(checked_account(account), PURPOSE), checked_holder(case, holder)
    case.account = sealed
    with transaction.atomic():
        number = case.number or next_number("MS", legal_day(at))
        changes = {"account": sealed, "account_holder": holder, "number": number, "submitted_at": at, "submission": 1}
        moved = move(actor=actor, at=at, case=case, name="confirm", what=Move(changes=changes))
        take_charge(moved, actor, at)
        content = {"confirmed": True, **({"promise": dict(promise)} if promise else {}), **frozen_ground(moved)}
        keep_submission(actor=actor, at=at, case=moved, content=content)
    return moved


def save_draft(*, actor: Actor, case: Case, section: Mapping[str, Any]) -> Case:
    """Keep what was typed so far; nothing is demanded before it is handed in. An account is kept sealed."""
    may_work_on(actor, case).require()
    if case.state not in {CaseState.DRAFT, CaseState.CORRECTING}:
        raise TiduError("case-not-open", f"办件现在是“{case.get_state_display()}”，不能再改。")
    if case.state == CaseState.CORRECTING:
        _only_asked(case, section)
    mine = Case.objects.filter(pk=case.pk, version=case.version)
    if not mine.update(draft={**case.draft, **_sealed(section)}, version=F("version") + 1):
        raise changed(case.pk)
    case.refresh_from_db()
    return case


def _sealed(section: Mapping[str, Any]) -> dict[str, Any]:
    kept = dict(section)
    account = kept.get("account")
    if isinstance(account, Mapping) and "number" in account:
        kept["account"] = {"sealed": seal(str(account["number"]), PURPOSE), "holder": account.get("holder", "")}
    return kept


def drafted_account(case: Case) -> str:
    """The account as typed into a draft; empty where none was."""
    account = case.draft.get("account") or {}
    return str(account["number"]) if "number" in account else unseal(account.get("sealed", ""), PURPOSE)


def _only_asked(case: Case, section: Mapping[str, Any]) -> None:
    asked = list(asked_of(case))
    places = [*asked, *(place_of(case.award, field) for field in asked), *(f"answers.{field}" for field in asked)]
    before = {"materials": {}, "answers": {}, **case.draft}
    changed = changed_paths(before, {name: value for name, value in section.items() if name not in NOT_CONTENT})
    other = [path for path in changed if not any(f"{path}.".startswith(f"{place}.") for place in places)]
    if other:
        names = "、".join(sorted(asked_names(case).values()))
        raise TiduError(
            "not-asked-for", f"这次只要求补正：{names}。其他内容不能改动：{'、'.join(field_name(case.award, one) for one in other)}。"
        )


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
    changes = {**_account_changes(case), "submitted_at": at, "submission": F("submission") + 1, "draft": _without_account(case.draft)}
    with transaction.atomic():
        changes["number"] = case.number or next_number("SL", legal_day(at))
        moved = move(actor=actor, at=at, case=case, name="submit", what=Move(changes=changes))
        keep_submission(actor=actor, at=at, case=moved, content={**moved.draft, **frozen_ground(moved)})
    return moved


def _account_changes(case: Case) -> dict[str, str]:
    if not case.draft.get("account"):
        return {}
    holder = checked_holder(case, str(case.draft["account"].get("holder", "")))
    return {"account": seal(checked_account(drafted_account(case)), PURPOSE), "account_holder": holder}


def resubmit(*, actor: Actor, at: datetime, case: Case) -> Case:
    """Hand in what was asked for; opinions on the version before are void, the date of the first stays."""
    draft = _without_account(case.draft)
    changes = {**_account_changes(case), "submission": F("submission") + 1, "draft": draft}
    with transaction.atomic():
        before = case.submissions.order_by("-number").first()
        content = {**draft, **frozen_ground(case)}
        detail = {"changed": difference(before.content if before else {}, content)}
        if case.draft.get("account"):
            detail["changed"]["account"] = [None, "已更换"]
        moved = move(actor=actor, at=at, case=case, name="resubmit", what=Move(changes=changes, detail=detail))
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
    """A submission never holds the account, sealed or not; what the page keeps for itself stays out too."""
    return {name: value for name, value in draft.items() if name != "account" and name not in NOT_CONTENT}


def keep_submission(*, actor: Actor, at: datetime, case: Case, content: Mapping[str, Any]) -> Submission:
    """The version in review, frozen with its digest."""
    text = json.dumps({"case": case.pk, "number": case.submission, "content": content}, ensure_ascii=False, sort_keys=True)
    return Submission.objects.create(
        case=case, number=case.submission, content=dict(content), computation={"computed": case.computed}, digest=sm3(text.encode()),
        submitted_at=at, submitted_by=actor.name,
    )  # fmt: skip


def mend_account(*, actor: Actor, at: datetime, case: Case, account: str, holder: str) -> Case:
    """Another account after a payment came back."""
    sealed, holder = seal(checked_account(account), PURPOSE), checked_holder(case, holder)
    case.account = sealed
    return move(actor=actor, at=at, case=case, name="mend-account", what=Move(changes={"account": sealed, "account_holder": holder}))
