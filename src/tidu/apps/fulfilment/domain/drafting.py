"""An application while the firm writes it: its sections, what is wrong with them, its files, the promise."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from tidu.apps.accounts.actors import Actor
from tidu.apps.accounts.decisions import YES, Decision, no
from tidu.apps.audit.digests import sm3
from tidu.apps.audit.domain.chain import Subject, record_event
from tidu.apps.fulfilment.domain.applying import (
    asked_of,
    checked_account,
    checked_holder,
    confirm,
    drafted_account,
    resubmit,
    save_draft,
    submit,
)
from tidu.apps.fulfilment.domain.attached import attached_files
from tidu.apps.fulfilment.domain.held import HeldRecord, asked_materials, held_records
from tidu.apps.fulfilment.domain.items import field_name, item_rules, place_of
from tidu.apps.fulfilment.domain.moving import may_move
from tidu.apps.fulfilment.domain.people import may_work_on
from tidu.apps.fulfilment.domain.transitions import FIRM
from tidu.apps.fulfilment.enums import CaseState
from tidu.apps.fulfilment.models import Case, Step
from tidu.apps.materials.domain.keeping import Owner, drop_file, keep_file
from tidu.apps.materials.models import StoredFile
from tidu.kernel.errors import TiduError
from tidu.kernel.legal_days import CHINA, legal_day

LONGEST_NOTE = 1000
MOST_FILES = 20
"""Files of one material."""
PROMISE = (
    "申报内容和材料真实、准确、完整，没有就同一事项重复申报或领取同类奖补。",
    "本企业没有政策规定的不予支持的情形，收款账户是本企业的对公账户。",
    "领取后按政策规定的年限履行义务，不将注册地、纳税和统计关系迁出本区。",
    "违反承诺的，按政策规定退回奖补，并承担相应责任。",
)
TODO, DOING, DONE, LACKING, CLOSED = "todo", "doing", "done", "lacking", "blocked"
"""How far a section is: not begun, begun, complete, asked for again, not to be changed now."""


@dataclass(frozen=True, slots=True)
class Section:
    """One section of an application."""

    id: str
    name: str
    line: str


SECTIONS = (
    Section("firm", "企业信息", "核对系统里的企业数据，不用重新填写"),
    Section("matter", "事项信息", "核对申报的事项和测算金额，可以补充说明"),
    Section("materials", "材料", "系统里没有的才需要上传"),
    Section("account", "收款账户", "本企业的对公账户"),
    Section("promise", "承诺书", "每次申报重新签署"),
)
BY_ID = {one.id: one for one in SECTIONS}


def section_states(case: Case, held: Mapping[str, list[HeldRecord]]) -> list[tuple[Section, str]]:
    """Every section with how far it is."""
    asked = asked_of(case)
    return [(one, _correcting(case, one, asked) if case.state == CaseState.CORRECTING else _drafting(case, one, held)) for one in SECTIONS]


def _drafting(case: Case, section: Section, held: Mapping[str, list[HeldRecord]]) -> str:
    draft = case.draft
    if section.id == "materials" and not asked_materials(case, dict(held)):
        return DONE
    if section.id not in draft:
        return TODO
    finished = section.id in draft.get("finished", ()) and not problems_of(case, section.id, held)
    return DONE if finished else DOING


def _correcting(case: Case, section: Section, asked: Mapping[str, str]) -> str:
    mine = asked_in(case, section.id, asked)
    return LACKING if mine else CLOSED


def asked_in(case: Case, section: str, asked: Mapping[str, str]) -> dict[str, str]:
    """What of a section was asked for in a 补正: its fields with what is wrong. Facts are explained in 事项信息."""
    return {field: why for field, why in asked.items() if _home(case, field) == section}


def _home(case: Case, field: str) -> str:
    head = place_of(case.award, field).split(".", 1)[0]
    return head if head in BY_ID else "matter"


def problems_of(case: Case, section: str, held: Mapping[str, list[HeldRecord]]) -> dict[str, str]:
    """What keeps a section of a draft from being complete: input → sentence."""
    draft = case.draft
    match section:
        case "firm":
            return {} if draft.get("firm", {}).get("checked") else {"checked": "请核对企业信息，并勾选“已核对”。"}
        case "matter":
            note = str(draft.get("matter", {}).get("note", ""))
            return {"note": f"补充说明有 {len(note)} 个字，最多 {LONGEST_NOTE} 个字。"} if len(note) > LONGEST_NOTE else {}
        case "materials":
            given = attached_files(draft)
            return {one.id: f"请上传“{one.name}”，系统里没有查到。" for one in asked_materials(case, dict(held)) if not given.get(one.id)}
        case "account":
            return _account_problems(case)
        case _:
            return {} if draft.get("promise") else {"promise": "请阅读承诺书并勾选同意。"}


def _account_problems(case: Case) -> dict[str, str]:
    found = {}
    typed = case.draft.get("account") or {}
    try:
        checked_account(drafted_account(case))
    except TiduError as error:
        found["number"] = error.message
    try:
        checked_holder(case, str(typed.get("holder", "")))
    except TiduError as error:
        found["holder"] = error.message
    return found


def save_section(
    *, actor: Actor, at: datetime, case: Case, section: str, typed: Mapping[str, str], done: bool, held: Mapping[str, list[HeldRecord]]
) -> dict[str, str]:
    """Keep a section as it was typed; where it is told complete, say what is wrong with it (input → sentence).

    A section with something wrong is kept all the same, and is not complete.
    """
    content = _content(actor, at, case, section, typed)
    finished = set(case.draft.get("finished", ())) - {section}
    with transaction.atomic():
        saved = save_draft(actor=actor, case=case, section={**content, "finished": sorted(finished)})
        wrong = problems_of(saved, section, held) if done and saved.state == CaseState.DRAFT else {}
        if done and not wrong:
            saved = save_draft(actor=actor, case=saved, section={"finished": sorted({*finished, section})})
        note_saving(actor, at, saved, BY_ID[section].name)
    return wrong


def _content(actor: Actor, at: datetime, case: Case, section: str, typed: Mapping[str, str]) -> dict[str, Any]:
    asked = asked_of(case)
    found: dict[str, Any] = {}
    if asked:
        answers = {field: typed[f"answer-{field}"] for field in asked_in(case, section, asked) if typed.get(f"answer-{field}", "").strip()}
        found = {"answers": {**case.draft.get("answers", {}), **answers}} if answers else {}
        if not any(_home(case, field) == section and place_of(case.award, field).split(".", 1)[0] == section for field in asked):
            return found
    match section:
        case "firm":
            return {**found, "firm": {"checked": typed.get("checked") == "yes"}}
        case "matter":
            return {**found, "matter": {"note": typed.get("note", "")}}
        case "account":
            number = typed.get("number", "").strip() or drafted_account(case)
            return {**found, "account": {"number": number, "holder": typed.get("holder", "")}}
        case "promise":
            return {**found, "promise": promise_given(actor, at) if typed.get("promise") == "yes" else {}}
    return {**found, "materials": case.draft.get("materials", {})}


def promise_given(actor: Actor, at: datetime) -> dict[str, str]:
    """The promise as it is kept: who gave it when, and the digest of what was promised. Agents promise nothing."""
    may_promise(actor).require()
    return {"by": actor.name, "at": f"{at.astimezone(CHINA):%Y-%m-%d %H:%M}", "text": sm3("\n".join(PROMISE).encode())}


def may_promise(actor: Actor) -> Decision:
    """Whether somebody may sign for the firm."""
    allowed = actor.may_write(*FIRM)
    return allowed or no("承诺书须由企业的法定代表人、经办或财务签署，代办机构不能代签。", "agent-promises")


def note_saving(actor: Actor, at: datetime, case: Case, section: str) -> None:
    """Who changed which section when; the same person changing the same section again is one line."""
    text = f"修改“{section}”"
    last = Step.objects.filter(case=case).order_by("-pk").first()
    if last is None or (last.act, last.text, last.actor_id_number) != ("save", text, actor.user):
        Step.objects.create(
            case=case, at=at, actor_name=actor.name, actor_id_number=actor.user, act="save", before=case.state, after=case.state, public=False,
            text=text,
        )  # fmt: skip
    record_event(
        actor=actor, at=at, action="case.draft-saved", subject=Subject("case", str(case.pk), str(case)), detail={"section": section}
    )


def may_attach(actor: Actor, case: Case, material: str) -> Decision:
    """Whether files of a material may be changed now."""
    allowed = may_work_on(actor, case)
    if not allowed:
        return allowed
    if case.state == CaseState.DRAFT:
        return YES
    if any(place_of(case.award, field) in {"materials", f"materials.{material}"} for field in asked_of(case)):
        return YES
    return no("这次没有要求补正这份材料。" if case.state == CaseState.CORRECTING else "办件已提交，材料不能再改。", "not-asked-for")


def attach(*, actor: Actor, at: datetime, case: Case, material: str, name: str, content: bytes) -> StoredFile:
    """Keep a file and name it in the draft. Raises the refusals of materials, ``no-such-material``, ``too-many-files``."""
    known = {one.id: one for one in item_rules(case.award).materials if one.kind != "promise"}
    if material not in known:
        raise TiduError("no-such-material", "这个事项不要这份材料。请从材料一节里上传。")
    may_attach(actor, case, material).require()
    listed = attached_files(case.draft).get(material, [])
    if len(listed) >= MOST_FILES:
        raise TiduError("too-many-files", f"“{known[material].name}”已有 {MOST_FILES} 个文件。请先删去不要的，或者合并成一个文件。")
    file = keep_file(actor=actor, at=at, owner=Owner(case.enterprise), kind=known[material].name, name=name, content=content)
    _listed(actor, at, case, material, [*listed, file.pk])
    return file


def detach(*, actor: Actor, at: datetime, case: Case, number: int) -> None:
    """Take a file out of the draft; it is deleted unless an application that was handed in names it."""
    listed = attached_files(case.draft)
    material = next((name for name, numbers in listed.items() if number in numbers), None)
    if material is None:
        raise TiduError("not-attached", "这个文件已经不在申报里。请刷新。")
    may_attach(actor, case, material).require()
    with transaction.atomic():
        _listed(actor, at, case, material, [one for one in listed[material] if one != number])
        file = StoredFile.objects.filter(pk=number, enterprise=case.enterprise_id).first()
        if file is not None and not any(
            number in numbers for one in case.submissions.all() for numbers in attached_files(one.content).values()
        ):
            drop_file(actor=actor, at=at, file=file)


def _listed(actor: Actor, at: datetime, case: Case, material: str, numbers: list[int]) -> None:
    with transaction.atomic():
        materials = {**case.draft.get("materials", {}), material: numbers}
        saved = save_draft(actor=actor, case=case, section={"materials": materials})
        note_saving(actor, at, saved, field_name(case.award, material))


def may_hand_in(case: Case, actor: Actor, at: datetime, held: Mapping[str, list[HeldRecord]]) -> Decision:
    """Whether an application, or what a 补正 asked for, can be handed in now, with the reason why not."""
    if case.state == CaseState.CORRECTING:
        return may_move(case, actor, "resubmit", legal_day(at))
    allowed = actor.may_write(*FIRM)
    if not allowed:
        return no("提交须由企业的法定代表人、经办或财务办理，代办机构可以填写。", "agent-submits")
    if case.state == CaseState.DRAFT:
        open_sections = [section.name for section, state in section_states(case, held) if state != DONE]
        if open_sections:
            return no(f"还没有填完：{'、'.join(open_sections)}。", "sections-open")
    return may_move(case, actor, "submit", legal_day(at))


def hand_in(*, actor: Actor, at: datetime, case: Case) -> Case:
    """Hand in an application or a correction, whichever is open; from the version that was looked at."""
    may_hand_in(case, actor, at, held_records(case)).require()
    act = resubmit if case.state == CaseState.CORRECTING else submit
    return act(actor=actor, at=at, case=case)


def accept_offer(*, actor: Actor, at: datetime, case: Case, account: str, holder: str, promised: bool) -> Case:
    """免申即享 as a firm confirms it: account, holder and the promise. Raises ``promise-missing``."""
    if not promised:
        raise TiduError("promise-missing", "请阅读承诺书并勾选同意。")
    return confirm(actor=actor, at=at, case=case, account=account, holder=holder, promise=promise_given(actor, at))
