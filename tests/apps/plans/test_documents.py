"""Documents: kept once, corrections beside what was read, names remembered, clauses that become tasks."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.conf import settings

from tests.apps.materials.files import MAIN
from tests.apps.people import stranger
from tests.apps.plans.ground import NOON, TEXT, TODAY, Ground, plan_district
from tests.documents.made_files import word_file
from tidu.apps.accounts.actors import Actor
from tidu.apps.accounts.decisions import NotAllowed
from tidu.apps.accounts.enums import Role
from tidu.apps.accounts.queries import actor_of
from tidu.apps.audit.digests import sm3
from tidu.apps.audit.models import AuditEvent
from tidu.apps.audit.words import action_text
from tidu.apps.materials.domain.keeping import content_of, may_drop
from tidu.apps.plans.domain.correcting import KEYS, NEEDED, Place, add_extraction, say
from tidu.apps.plans.domain.keeping import Incoming, extractions_of, keep_document
from tidu.apps.plans.domain.naming import confirm_name
from tidu.apps.plans.enums import CorrectionAct, ExtractionKind
from tidu.apps.plans.models import Correction, Extraction, NameMeaning, Plan, PlanDocument, Task
from tidu.apps.plans.queries.documents import Held, held_of, proposals, task_proposals
from tidu.apps.units.models import Unit
from tidu.documents.reading import read_document
from tidu.kernel.errors import TiduError

pytestmark = pytest.mark.django_db
SAMPLES = sorted(
    path for path in (Path(__file__).resolve().parents[2] / "documents" / "samples").iterdir() if path.suffix in {".txt", ".md", ".html"}
)


@pytest.fixture
def ground(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Ground:
    monkeypatch.setitem(settings.MATERIALS, "folder", tmp_path / "materials")
    return plan_district()


def kept(ground: Ground, actor: Actor | None = None, text: str = TEXT) -> PlanDocument:
    incoming = Incoming("计划.txt", text.encode(), ground.district.units["bureau"])
    return keep_document(actor=actor or ground.clerk, at=NOON, incoming=incoming)


def first(ground: Ground, document: PlanDocument, kind: ExtractionKind) -> Held:
    return next(one for one in held_of(ground.clerk, document) if one.extraction.kind == kind)


def test_what_was_read_is_kept_with_its_places(ground: Ground) -> None:
    document = kept(ground)
    assert (document.title, document.digest, document.file) == ("测试区中小企业发展行动计划", sm3(TEXT.encode()), None)
    found = held_of(ground.clerk, document)
    assert [one.extraction.path for one in found if one.extraction.kind == ExtractionKind.CLAUSE] == ["一", "二", "二.（一）", "二.（二）"]
    targets = [one for one in found if one.extraction.kind == ExtractionKind.TARGET]
    assert [one.content["value"] for one in targets] == [60, 50]
    assert all(document.text[one.extraction.start : one.extraction.end] == one.content["text"] for one in targets)
    assert all(set(one.content) <= KEYS[ExtractionKind(one.extraction.kind)] for one in found)


@pytest.mark.parametrize("path", SAMPLES, ids=[path.stem for path in SAMPLES])
def test_whatever_the_reader_finds_may_be_said_again(path: Path) -> None:
    for row in extractions_of(PlanDocument(), read_document(path).as_dict()):
        assert set(row.content) <= KEYS[ExtractionKind(row.kind)]
        assert all(row.content[key] not in (None, "", []) for key in NEEDED[ExtractionKind(row.kind)])


def test_the_original_of_a_word_file_is_kept_and_not_dropped(ground: Ground) -> None:
    types = f'<Types><Override PartName="/{MAIN["docx"][0]}" ContentType="{MAIN["docx"][1]}"/></Types>'
    content = word_file(TEXT.splitlines(), more={"[Content_Types].xml": types.encode()})
    incoming = Incoming("计划.docx", content, ground.district.units["bureau"])
    document = keep_document(actor=ground.clerk, at=NOON, incoming=incoming)
    assert document.file is not None
    assert (content_of(document.file), document.digest) == (content, document.file.digest)
    assert [one.content["value"] for one in held_of(ground.clerk, document) if one.extraction.kind == ExtractionKind.TARGET] == [60, 50]
    assert may_drop(ground.clerk, document.file).reason == "“计划.docx”是计划文件“测试区中小企业发展行动计划”的原件，不能删除。"


def test_the_same_bytes_are_kept_once(ground: Ground) -> None:
    kept(ground)
    with pytest.raises(TiduError, match="同一份文件已由牵头局经办某于 2024-01-02 载入") as refused:
        kept(ground, ground.head)
    assert (refused.value.code, PlanDocument.objects.count()) == ("document-there", 1)


def test_who_may_not_keep_or_see(ground: Ground) -> None:
    document = kept(ground)
    for role in Role:
        actor, reads = ground.actor(role), role in {
            Role.BUREAU_CLERK, Role.BUREAU_HEAD, Role.DISTRICT_LEADER, Role.AUDITOR, Role.DEPARTMENT_CLERK, Role.SUBDISTRICT_CLERK,
        }  # fmt: skip
        assert (PlanDocument.objects.visible_to(actor).exists(), bool(held_of(actor, document))) == (reads, reads)
        if role not in {Role.BUREAU_CLERK, Role.BUREAU_HEAD}:
            with pytest.raises(NotAllowed):
                kept(ground, actor, TEXT + "另一份。")
    nobody = actor_of(stranger(), TODAY)
    assert not PlanDocument.objects.visible_to(nobody).exists()
    with pytest.raises(NotAllowed):
        confirm_name(actor=nobody, at=NOON, name="区税务局", units=[ground.district.units["tax"]])


def test_corrections_stand_beside_what_was_read(ground: Ground) -> None:
    document = kept(ground)
    target = first(ground, document, ExtractionKind.TARGET)
    content = {**target.content, "value": 66}
    say(actor=ground.clerk, at=NOON, extraction=target.extraction, seen=0, act=CorrectionAct.CORRECTED, content=content)
    say(actor=ground.head, at=NOON, extraction=target.extraction, seen=1, act=CorrectionAct.REFUSED, reason="不是本计划的目标")
    now = first(ground, document, ExtractionKind.TARGET)
    assert (now.content["value"], now.refused, now.seen, now.by) == (66, True, 2, ground.head.name)
    assert Extraction.objects.get(pk=target.extraction.pk).content["value"] == 60
    assert list(Correction.objects.values_list("act", flat=True)) == ["corrected", "refused"]
    assert action_text(AuditEvent.objects.order_by("-number")[0].action) == "不采用识别结果"


def test_who_says_something_second_reads_who_was_first(ground: Ground) -> None:
    clause = first(ground, kept(ground), ExtractionKind.CLAUSE).extraction
    say(actor=ground.clerk, at=NOON, extraction=clause, seen=0, act=CorrectionAct.CONFIRMED)
    with pytest.raises(TiduError, match=r"牵头局经办某刚刚处理过（确认）。请刷新"):
        say(actor=ground.head, at=NOON, extraction=clause, seen=0, act=CorrectionAct.REFUSED, reason="重复")


@pytest.mark.parametrize(
    ("act", "content", "reason", "code"),
    [
        (CorrectionAct.REFUSED, None, " ", "reason-missing"),
        (CorrectionAct.CORRECTED, None, "", "bad-act"),
        (CorrectionAct.CONFIRMED, {"path": "一"}, "", "bad-act"),
        (CorrectionAct.ADDED, {"path": "一"}, "", "bad-act"),
        (CorrectionAct.CORRECTED, {"heading": "无号"}, "", "bad-content"),
        (CorrectionAct.CORRECTED, {"path": "一", "colour": "red"}, "", "bad-content"),
    ],
)
def test_what_cannot_be_said(ground: Ground, act: CorrectionAct, content: dict[str, str] | None, reason: str, code: str) -> None:
    clause = first(ground, kept(ground), ExtractionKind.CLAUSE).extraction
    with pytest.raises(TiduError) as refused:
        say(actor=ground.clerk, at=NOON, extraction=clause, seen=0, act=act, content=content, reason=reason)
    assert (refused.value.code, Correction.objects.count()) == (code, 0)


def test_what_the_reader_did_not_find_is_added(ground: Ground) -> None:
    document = kept(ground)
    content = {"path": "一", "units": ["区财政局"], "lead": ["区财政局"]}
    made = add_extraction(
        actor=ground.clerk, at=NOON, document=document, kind=ExtractionKind.UNITS, place=Place(10, 20), content=content
    )  # fmt: skip
    assert (made.read, made.corrections.get().act) == (False, CorrectionAct.ADDED)
    assert first(ground, document, ExtractionKind.UNITS).confirmed
    for place, wrong, code in ((Place(10, 10_000), content, "bad-place"), (Place(1, 2), {**content, "lead": ["区税务局"]}, "bad-content")):
        with pytest.raises(TiduError) as refused:
            add_extraction(actor=ground.clerk, at=NOON, document=document, kind=ExtractionKind.UNITS, place=place, content=wrong)
        assert refused.value.code == code


def test_names_are_confirmed_remembered_and_become_units_of_tasks(ground: Ground) -> None:
    document, units = kept(ground), ground.district.units
    before = task_proposals(ground.clerk, document)
    assert [(one.title, one.leads, one.open_names) for one in before] == [
        ("推动小进规", (), ("区税务局", "区科经局", "各街道乡（开发区）")), ("加强融资服务", (), ("区科经局", "人行测试支行")),
    ]  # fmt: skip
    proposed = proposals(ground.clerk, [name for one in before for name in one.open_names])
    assert {name: one.units for name, one in proposed.items()} == {
        "区税务局": (units["tax"].pk,), "区科经局": (units["bureau"].pk,), "各街道乡（开发区）": (units["one"].pk, units["two"].pk),
        "人行测试支行": (),
    }  # fmt: skip
    for name, one in proposed.items():
        confirm_name(actor=ground.clerk, at=NOON, name=name, units=list(Unit.objects.filter(pk__in=one.units)), outside=not one.units)
    after = task_proposals(ground.clerk, kept(ground, text=TEXT.replace("乡（开发区）", "乡(开发区)")))  # the next document
    assert [(one.leads, one.helps, one.open_names) for one in after] == [
        ((units["tax"].pk,), (units["bureau"].pk, units["one"].pk, units["two"].pk), ()), ((units["bureau"].pk,), (), ()),
    ]  # fmt: skip
    assert [measure.name for measure in after[0].measures] == ["新增规模以上工业企业"]


def test_a_meaning_is_replaced_and_the_old_one_stays(ground: Ground) -> None:
    units = ground.district.units
    confirm_name(actor=ground.clerk, at=NOON, name="街道", units=[units["one"]])
    confirm_name(actor=ground.head, at=NOON, name="街 道", units=[units["two"]])
    assert proposals(ground.clerk, ["街道"])["街道"].units == (units["two"].pk,)
    assert list(NameMeaning.objects.values_list("number", "name")) == [(1, "街道"), (2, "街 道")]
    Unit.objects.filter(pk=units["two"].pk).update(active=False)
    assert not proposals(ground.clerk, ["街道"])["街道"].confirmed
    for units_given, outside, code in (([], False, "units-missing"), ([units["one"]], True, "units-missing")):
        with pytest.raises(TiduError) as refused:
            confirm_name(actor=ground.clerk, at=NOON, name="街道", units=units_given, outside=outside)
        assert refused.value.code == code


def test_the_plan_of_the_ground_has_its_tasks(ground: Ground) -> None:
    assert list(Task.objects.values_list("number", "title", "period")) == [(1, "推动小进规", "monthly"), (2, "银企对接", "once")]
    seen = {role: Plan.objects.visible_to(ground.actor(role)).count() for role in Role}
    assert {role for role, count in seen.items() if count} == {
        Role.BUREAU_CLERK, Role.BUREAU_HEAD, Role.DISTRICT_LEADER, Role.AUDITOR,
    }  # fmt: skip
