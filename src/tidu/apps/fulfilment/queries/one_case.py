"""One case as its page shows it: who holds it, what may be done now, what was handed in, what changed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from tidu.apps.accounts.actors import Actor
from tidu.apps.accounts.decisions import Decision
from tidu.apps.accounts.enums import FIRM_ROLES
from tidu.apps.fulfilment.domain.applying import difference
from tidu.apps.fulfilment.domain.attached import attached_files
from tidu.apps.fulfilment.domain.items import item_rules
from tidu.apps.fulfilment.domain.moving import may_move
from tidu.apps.fulfilment.domain.transitions import SYSTEM_ONLY, Transition, transitions_from
from tidu.apps.fulfilment.enums import PUBLIC_NAMES, CaseState
from tidu.apps.fulfilment.models import Case, Opinion, Step, Submission
from tidu.apps.fulfilment.words import CONTENT, step_label
from tidu.apps.materials.models import StoredFile
from tidu.apps.units.enums import UnitKind
from tidu.apps.units.models import Unit

HOLDERS = {
    CaseState.DRAFT: "企业",
    CaseState.LISTED: "企业（确认意愿）",
    CaseState.CORRECTING: "企业（补正）",
    CaseState.PROPOSED: "会审",
    CaseState.DECIDED: "牵头局（起草公示）",
    CaseState.NOTICED: "公示期内",
    CaseState.OBJECTED: "牵头局（核查异议）",
    CaseState.CLEARED: "牵头局（拨付）",
    CaseState.PAYING: "财政",
    CaseState.BOUNCED: "企业（更正账户）",
    CaseState.PAID: "企业（履行承诺）",
    CaseState.RECOVERING: "牵头局（追缴）",
    CaseState.RECOVERED: "已办结",
    CaseState.REFUSED: "已办结",
    CaseState.WITHDRAWN: "已办结",
}
REGISTRY = ("facts", "records")
"""Parts of a submission that the system fills in from the registry."""

UNASKED = ("answers", "promise")
"""What belongs to every correction without being asked for by name."""

WITH_THE_BUREAU = "牵头局经办（还没有人接手）"
INSIDE = frozenset({"materials", "correction", "promise", "confirmed"})
"""Parts of a submission that are no answers: files and promises have places of their own."""
WORDS = {"value": "值", "source": "来源", **CONTENT}
NOT_MENDED = ("records", "answers", "firm")
"""Answers that no correction names: the registry's own records, what was said to an earlier one, a box that was ticked."""


def held_by(case: Case, waiting: Sequence[Opinion]) -> str:
    """Who has to do the next thing."""
    state = CaseState(case.state)
    if state == CaseState.REVIEWING and waiting:
        return "、".join(one.unit.short_name for one in waiting)
    if state in HOLDERS:
        return HOLDERS[state]
    return case.handler.name if case.handler is not None else WITH_THE_BUREAU


@dataclass(frozen=True, slots=True)
class Act:
    """One step that fits the state, and whether this person may take it now."""

    row: Transition
    decision: Decision


@dataclass(frozen=True, slots=True)
class Ways:
    """What can come next: steps of the office, steps that are the firm's, steps that follow from batches."""

    office: list[Act]
    firm: list[str]
    follow: list[str]


def ways_on(case: Case, actor: Actor, day: date) -> Ways:
    """All rows of the table that begin in the case's state, by whose they are."""
    rows = transitions_from(case.state)
    office = [row for row in rows if row.roles != SYSTEM_ONLY and not set(row.roles) <= FIRM_ROLES]
    acts = [Act(row, may_move(case, actor, row.name, day)) for row in office]
    return Ways(
        sorted(acts, key=lambda one: (not one.decision, one.row.reason)),  # what can be done first, what ends a case last
        [row.label for row in rows if row.roles and set(row.roles) <= FIRM_ROLES],
        [row.label for row in rows if row.roles == SYSTEM_ONLY],
    )


@dataclass(frozen=True, slots=True)
class Line:
    """One answer of a submission, with its source and date where the system filled it in; ``path`` is its place in the draft."""

    path: str
    name: str
    text: str
    source: str = ""
    day: str = ""


def answers(content: Mapping[str, Any]) -> list[Line]:
    """The answers of a submission in their order; a prefilled one is a mapping of value, source and date."""
    return [line for name, value in content.items() if name not in INSIDE for line in _lines(name, WORDS.get(name, name), value)]


def with_places(lines: Sequence[Line], district: str) -> list[Line]:
    """The same answers with the own district by its name beside its code (GB/T 2260); other divisions stay codes.

    The code of the district is what its subdistricts' codes begin with; nothing is asked where no answer is such a code.
    """
    if not any(_is_division(one) for one in lines):
        return list(lines)
    codes = {code[:6] for code in Unit.objects.filter(kind=UnitKind.SUBDISTRICT).values_list("code", flat=True)}
    return [replace(one, text=f"{district}（{one.text}）") if _is_division(one) and one.text in codes else one for one in lines]


def _is_division(line: Line) -> bool:
    return line.name.endswith("所在区") and line.text.isascii() and line.text.isdigit() and len(line.text) == 6


def _lines(path: str, name: str, value: Any) -> Iterator[Line]:
    if isinstance(value, Mapping) and "value" in value:
        day = value.get("day") or value.get("date") or value.get("received_at") or ""
        yield Line(path, name, _text(value["value"]), str(value.get("source") or ""), str(day)[:10])
    elif isinstance(value, Mapping):
        for key, inner in value.items():
            yield from _lines(f"{path}.{key}", f"{name} · {WORDS.get(str(key), key)}", inner)
    elif isinstance(value, list):
        yield Line(path, name, "、".join(_text(one) for one in value) or "没有")
    else:
        yield Line(path, name, _text(value))


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "是" if value else "否"
    return "未填写" if value in (None, "") else str(value)


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that a correction changed; ``note`` says where it was not asked for."""

    name: str
    before: str
    after: str
    note: str = ""


def changes(submissions: Sequence[Submission], asked: Sequence[str], last: Step | None = None) -> list[Change]:
    """What the last submission changed against the one before: answers one by one, files by name; nothing for a first one.

    ``last`` is the step that handed it in: a submission holds no account, so that only the step tells of another one.
    """
    if len(submissions) < 2:
        return []
    old, new = submissions[-2].content, submissions[-1].content
    account = last is not None and "account" in last.detail.get("changed", {})
    found = [Change("收款账户", "原账户", "已更换（账号不显示）", _note("account", asked))] if account else []
    for name in difference(old, new):
        if name == "materials":
            continue
        before, after = ({line.name: line for line in _lines(name, WORDS.get(name, name), one.get(name))} for one in (old, new))
        for one in dict.fromkeys([*before, *after]):
            was, now = before.get(one), after.get(one)
            if (was and was.text) != (now and now.text):
                path = (now or was or Line("", "", "")).path
                found.append(Change(one, was.text if was else "没有", now.text if now else "没有", _note(path, asked)))
    return found + _changed_files(old, new, asked)


def _note(path: str, asked: Sequence[str]) -> str:
    root = path.split(".", maxsplit=1)[0]
    if root in REGISTRY:
        return "企业库的数据有更新"
    if root in UNASKED or any(f"{path}.".startswith(f"{field}.") for field in asked if field):
        return ""
    return "没有要求补正"


def _changed_files(old: Mapping[str, Any], new: Mapping[str, Any], asked: Sequence[str]) -> list[Change]:
    before, after = attached_files(old), attached_files(new)
    wanted = {number for files in (before, after) for numbers in files.values() for number in numbers}
    names = dict(StoredFile.objects.filter(pk__in=wanted).values_list("pk", "name"))

    def text(numbers: Sequence[int]) -> str:
        return "、".join(names.get(number, f"文件 {number}") for number in numbers) or "没有"

    return [
        Change(f"材料 · {one}", text(before.get(one, ())), text(after.get(one, ())), _note(f"materials.{one}", asked))
        for one in dict.fromkeys([*before, *after])
        if before.get(one) != after.get(one)
    ]


@dataclass(frozen=True, slots=True)
class Paper:
    """One file handed in, under the name of its material; ``missing`` where it is gone."""

    material: str
    file: StoredFile | None
    number: int

    @property
    def is_picture(self) -> bool:
        """Whether the page itself can show it."""
        return self.file is not None and self.file.shown and self.file.type != "pdf"


def papers(actor: Actor, case: Case, submission: Submission | None) -> list[Paper]:
    """The files of the version in review that the actor may open."""
    if submission is None:
        return []
    listed = attached_files(submission.content)
    wanted = [number for numbers in listed.values() for number in numbers]
    files = StoredFile.objects.visible_to(actor).kept().filter(enterprise=case.enterprise_id).in_bulk(wanted)
    names = {one.id: one.name for one in item_rules(case.award).materials}
    return [Paper(names.get(name, name), files.get(number), number) for name, numbers in listed.items() for number in numbers]


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the timeline; the firm reads the public ones, under the public name of the state."""

    at: datetime
    who: str
    label: str
    text: str
    public: bool
    firm_sees: str


def timeline(case: Case) -> list[Entry]:
    """The whole course of a case, the newest first."""
    return [
        Entry(
            step.at, step.actor_name, step_label(step.act), step.text, step.public,
            PUBLIC_NAMES[CaseState(step.after)] if step.public else "",
        )
        for step in case.steps.order_by("-pk")
    ]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Mendable:
    """One thing that a correction can name: its path in the draft, what people call it, what was handed in."""

    path: str
    label: str
    text: str


def mendable(case: Case, submission: Submission | None) -> list[Mendable]:
    """Everything a correction of this case can name: the answers, the materials of the item, the account."""
    content = submission.content if submission is not None else {}
    listed = [Mendable(line.path, line.name, line.text) for line in answers(content) if line.path.split(".")[0] not in NOT_MENDED]
    files = attached_files(content)
    for material in item_rules(case.award).materials:
        if material.kind != "promise":
            count = len(files.get(material.id, ()))
            listed.append(Mendable(f"materials.{material.id}", f"材料：{material.name}", f"{count} 个文件" if count else "没有提交文件"))
    return [*listed, Mendable("account", "收款账户", case.account_holder)]
