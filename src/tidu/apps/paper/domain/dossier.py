"""The dossier of a case: one PDF, and a zip with it, everything handed in, and a list of digests. Derived, never stored.

The same state of the records gives the same bytes: nothing in it says when it was made.
"""

from __future__ import annotations

import json
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from typing import Any

from tidu.apps.accounts.actors import Actor
from tidu.apps.accounts.decisions import no
from tidu.apps.accounts.enums import FIRM_ROLES
from tidu.apps.audit.digests import sm3
from tidu.apps.audit.domain.chain import Subject
from tidu.apps.fulfilment.models import Case
from tidu.apps.materials.checking.names import checked_name
from tidu.apps.materials.domain.keeping import content_of
from tidu.apps.paper.blocks import Paper, numbered
from tidu.apps.paper.domain import dossier_sections as sections
from tidu.apps.paper.domain.gathering import Gathered, gather
from tidu.apps.paper.domain.making import Printed, note_paper
from tidu.apps.paper.enums import Audience
from tidu.apps.paper.printing.pdf import pdf_of
from tidu.apps.paper.wording import day_text, moment_text, yuan_text
from tidu.kernel.awards import AwardBook
from tidu.kernel.errors import TiduError

MANIFEST, DOSSIER = "清单.json", "卷宗.pdf"
ZIP = "application/zip"
WHOLE = "完好"
_STATES = {"material-dropped": "已删除", "material-lost": "文件缺失", "material-altered": "与摘要不符"}
_EPOCH = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class _File:
    """One file of the zip."""

    name: str
    content: bytes
    about: str


def make_dossier(*, actor: Actor, at: datetime, case: Case, audience: Audience, book: AwardBook | None) -> Printed:
    """The zip of a case for who may see the case; a firm gets the public one only. Raises ``NotAllowed``."""
    found = _seen(actor, case, audience)
    content = dossier_zip(gather(found, book), audience, book)
    printed = Printed(f"{_name(found)}卷宗（{audience.label}）.zip", content, ZIP, sm3(content))
    note_paper(actor=actor, at=at, subject=Subject("case", str(found.pk), str(found)), printed=printed)
    return printed


def make_dossier_pdf(*, actor: Actor, at: datetime, case: Case, audience: Audience, book: AwardBook | None) -> Printed:
    """The PDF of the dossier alone."""
    found = _seen(actor, case, audience)
    gathered = gather(found, book)
    content = pdf_of(dossier_paper(gathered, audience, book, {number: state for number, (state, _) in _bytes_of(gathered).items()}))
    printed = Printed(f"{_name(found)}卷宗（{audience.label}）.pdf", content, "application/pdf", sm3(content))
    note_paper(actor=actor, at=at, subject=Subject("case", str(found.pk), str(found)), printed=printed)
    return printed


def _seen(actor: Actor, case: Case, audience: Audience) -> Case:
    related = "enterprise__subdistrict", "batch", "notice", "budget", "handler"
    found = Case.objects.visible_to(actor).filter(pk=case.pk).select_related(*related).first()
    if found is None:
        no("这个办件不在您的办理范围内。", "other-case").require()
    if audience == Audience.INTERNAL and not actor.is_official and actor.roles & FIRM_ROLES:
        no("内部卷宗只给办理部门。您可以生成对企业公开的卷宗。", "internal-dossier").require()
    assert found is not None  # noqa: S101 - told above
    return found


def _name(case: Case) -> str:
    return f"{case.number or f'办件{case.pk}'}"


def dossier_paper(found: Gathered, audience: Audience, book: AwardBook | None, states: Mapping[int, str]) -> Paper:
    """The PDF's content; ``states`` tells for every file whether it is whole."""
    case, internal = found.case, audience == Audience.INTERNAL
    state = case.get_state_display() if internal else case.public_state
    street = case.enterprise.subdistrict
    cover = [
        ("受理编号", case.number or "未编号"), ("企业名称", case.enterprise.name), ("统一社会信用代码", case.enterprise.code),
        ("所属街道", street.name if street else "未登记"), ("事项", f"{case.title}（{case.award}）"), ("对象", case.item),
        ("政策和条款", f"{case.policy} {case.clause}"), ("方式", case.get_route_display()), ("现在状态", state),
        ("金额", yuan_text(case.amount) if case.amount is not None else f"{yuan_text(case.computed)}（测算）"), ("资金来源", case.payer),
        ("首次提交", moment_text(case.submitted_at) or "还没有提交"), ("截至", f"{day_text(found.changed_on)}的最后一次办理"),
    ]  # fmt: skip
    if case.released_by:
        cover.append(("重复申报放行理由", case.released_by))
    blocks = [
        *sections.submission_section(found),
        *sections.facts_section(found, audience),
        *sections.timeline_section(found, audience),
        *(sections.opinion_section(found) if internal else []),
        *sections.computation_section(found, audience),
        *sections.decision_section(found, audience),
        *sections.notice_section(found, audience),
        *sections.payment_section(found),
        *sections.obligation_section(found, book),
        *sections.recovery_section(found, audience),
        *sections.material_section(found, states),
    ]
    return Paper(
        title="办件卷宗", subtitle="内部卷宗，注意保密" if internal else "对企业公开的卷宗", day=found.changed_on, blocks=numbered(blocks),
        foot=f"{_name(case)}　{case.enterprise.name}", cover=tuple(cover),
    )  # fmt: skip


def dossier_zip(found: Gathered, audience: Audience, book: AwardBook | None) -> bytes:
    """The zip: PDF, submissions as JSON, materials, manifest. A file that is lost or altered is left out and said to be."""
    contents = _bytes_of(found)
    paper = dossier_paper(found, audience, book, {number: state for number, (state, _) in contents.items()})
    files = [_File(DOSSIER, pdf_of(paper), "卷宗"), *_submissions(found), *_materials(found, contents)]
    missing = [{"name": one.name, "sm3": one.digest, "state": contents[one.pk][0]} for one in found.files if contents[one.pk][1] is None]
    manifest = {
        "case": _name(found.case), "firm": found.case.enterprise.code, "audience": audience.value, "as_of": found.changed_on.isoformat(),
        "files": [{"name": one.name, "about": one.about, "size": len(one.content), "sm3": sm3(one.content)} for one in files],
        "missing": missing,
    }  # fmt: skip
    return _zipped([*files, _File(MANIFEST, _json(manifest), "清单")])


def _bytes_of(found: Gathered) -> dict[int, tuple[str, bytes | None]]:
    contents: dict[int, tuple[str, bytes | None]] = {}
    for one in found.files:
        try:
            contents[one.pk] = (WHOLE, content_of(one))
        except TiduError as error:
            contents[one.pk] = (_STATES[error.code], None)
    return contents


def _submissions(found: Gathered) -> list[_File]:
    return [
        _File(
            f"提交件/第{one.number}次.json",
            _json(
                {
                    "number": one.number, "submitted_at": one.submitted_at.isoformat(), "submitted_by": one.submitted_by,
                    "digest": one.digest, "content": one.content, "computation": one.computation,
                }
            ),
            f"第 {one.number} 次提交",
        )
        for one in found.submissions
    ]  # fmt: skip


def _materials(found: Gathered, contents: Mapping[int, tuple[str, bytes | None]]) -> list[_File]:
    return [
        _File(f"材料/{number:02d}_{checked_name(one.name)}", content, f"材料：{found.uses[one.pk]}")
        for number, one in enumerate(found.files, start=1)
        if (content := contents[one.pk][1]) is not None
    ]


def _json(value: Mapping[str, Any]) -> bytes:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, indent=2).encode()


def _zipped(files: list[_File]) -> bytes:
    stream = BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for one in files:
            info = zipfile.ZipInfo(one.name, _EPOCH)
            info.external_attr = 0o644 << 16
            packed = zipfile.ZIP_DEFLATED if one.name.endswith(".json") else zipfile.ZIP_STORED
            archive.writestr(info, one.content, packed)
    return stream.getvalue()


def check_dossier(content: bytes) -> list[str]:
    """Sentences on every file of a dossier's zip that does not agree with its manifest; empty where all do. For auditors."""
    with zipfile.ZipFile(BytesIO(content)) as archive:
        listed = {one["name"]: one["sm3"] for one in json.loads(archive.read(MANIFEST))["files"]}
        names = set(archive.namelist()) - {MANIFEST}
        found = [f"清单之外多了“{name}”。" for name in sorted(names - set(listed))]
        found += [f"清单里的“{name}”不在卷宗里。" for name in sorted(set(listed) - names)]
        found += [f"“{name}”与清单的摘要不符。" for name in sorted(names & set(listed)) if sm3(archive.read(name)) != listed[name]]
    return found
