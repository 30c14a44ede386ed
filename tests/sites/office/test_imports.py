"""The pages of imports: one file from upload to undoing, by forms alone; lists of any length; who may do what, and why not."""

from __future__ import annotations

import re
from io import BytesIO

import pytest
import python_calamine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from tests.apps.imports.files import code, department_workbook, name, workbook
from tests.apps.imports.importing import checked, facts, mapped, source, uploaded
from tests.apps.people import AT, District, small_district
from tidu.apps.accounts.enums import Role
from tidu.apps.audit.models import AuditEvent
from tidu.apps.enterprises.enums import BatchState
from tidu.apps.enterprises.models import Batch, Enterprise
from tidu.apps.imports.interfaces import annotated
from tidu.apps.imports.models import CodeMeaning, ImportSheet
from tidu.apps.jobs.domain.running import run_pending
from tidu.apps.jobs.models import Job

pytestmark = pytest.mark.django_db
HEAD = ["企业名称", "统一社会信用代码", "企业类型", "主导产品"]
LIST_QUERIES = {"imports": 6, "import-rows": 6, "import-problems": 6, "import-differences": 6, "import-names": 8, "import-codes": 5}
"""Session, user, posts, then what the list itself asks."""


@pytest.fixture
def district() -> District:
    return small_district()


def client_of(district: District, role: Role = Role.BUREAU_CLERK) -> Client:
    client = Client()
    client.force_login(district.people[role], backend="django.contrib.auth.backends.ModelBackend")
    return client


def firms(count: int = 3, kind: str = "1130") -> bytes:
    return workbook({"企业": [HEAD, *([name(number), code(number), kind, "阀门"] for number in range(1, count + 1))]})


def send(client: Client, content: bytes, of: str = "市场监管", file_name: str = "名单.xlsx") -> Batch:
    answer = client.post(reverse("import-new"), {"source": of, "file": SimpleUploadedFile(file_name, content)})
    assert answer.status_code == 302, answer.content.decode()
    return Batch.objects.latest("pk")


def act(client: Client, batch: Batch, what: str, **more: str) -> int:
    answer = client.post(reverse("import-act", args=[batch.pk]), {"do": what, **more})
    run_pending(timezone.now)
    batch.refresh_from_db()
    return answer.status_code


def form_of(page: str) -> dict[str, str]:
    """What a browser would send of the mapping form: chosen options, values of inputs."""
    found = dict.fromkeys(re.findall(r'<select class="input"[^>]* name="([^"]+)"', page), "")
    for select, inner in re.findall(r'<select class="input"[^>]* name="([^"]+)"[^>]*>(.*?)</select>', page, re.DOTALL):
        chosen = re.search(r'<option value="([^"]*)" selected', inner)
        found[select] = chosen[1] if chosen else ""
    for tag in re.findall(r"<input[^>]*>", page):
        given = dict(re.findall(r'(\w+)="([^"]*)"', tag))
        if given.get("type") != "checkbox" or " checked" in tag:
            found[given.get("name", "")] = given.get("value", "")
    return found


def save(client: Client, batch: Batch, position: int = 0, **changed: str) -> str:
    address = reverse("import-sheet", args=[batch.pk, position])
    page = client.get(address).content.decode()
    answer = client.post(address, form_of(page.partition("<h2>整张表</h2>")[2]) | {"do": "save", "kind": "", **changed})
    return answer.headers.get("Location", answer.content.decode())


def test_a_clerk_takes_a_file_from_upload_to_undoing_by_forms_alone(district: District) -> None:
    source("市场监管", district)
    client = client_of(district)
    batch = send(client, firms())
    assert save(client, batch) == reverse("import", args=[batch.pk])
    assert CodeMeaning.objects.get().meaning == "企业"
    assert (act(client, batch, "check"), batch.state, batch.counts["new"]) == (302, BatchState.CHECKED, 3)
    assert (act(client, batch, "commit"), batch.state, facts(code(1))) == (
        302,
        BatchState.COMMITTED,
        {"市场主体类型": "企业", "主导产品": "阀门"},
    )
    assert (act(client, batch, "undo", sure="yes"), batch.state, Enterprise.objects.count()) == (302, BatchState.UNDONE, 2)
    done = [event.action for event in AuditEvent.objects.order_by("number") if event.action.startswith("import.")]
    assert done == ["import.uploaded", "import.mapped", "import.check-asked", "import.checked", "import.committed", "import.undone"]


def test_undoing_asks_to_be_sure(district: District) -> None:
    batch = checked(district, mapped(district, uploaded(district, firms())))
    client = client_of(district)
    act(client, batch, "commit")
    assert (act(client, batch, "undo"), batch.state) == (400, BatchState.COMMITTED)


def test_errors_are_taken_note_of_before_the_commit(district: District) -> None:
    batch = checked(district, mapped(district, uploaded(district, workbook({"企业": [HEAD, [name(1), code(1), "77", "阀门"]]}))))
    client = client_of(district)
    assert (act(client, batch, "commit"), batch.state) == (400, BatchState.CHECKED)
    assert (act(client, batch, "commit", accept="yes"), batch.state) == (302, BatchState.COMMITTED)


def test_a_registry_that_moved_on_is_not_written_into(district: District) -> None:
    batch = checked(district, mapped(district, uploaded(district, firms())))
    other = checked(district, mapped(district, uploaded(district, firms())))
    client = client_of(district)
    act(client, other, "commit")
    assert (act(client, batch, "commit"), batch.state) == (302, BatchState.CHECKED)
    assert Job.objects.latest("pk").error == "检查以后，企业库有了变动，有的行对应的企业已经不同，没有入库。请重新检查，看过结果再入库。"
    assert (act(client, batch, "check"), act(client, batch, "commit"), batch.state) == (302, 302, BatchState.COMMITTED)


def test_a_file_that_was_uploaded_before_is_pointed_out(district: District) -> None:
    source("市场监管", district)
    client = client_of(district)
    send(client, firms())
    batch = send(client, firms())
    assert "内容相同的文件在" in client.get(reverse("import", args=[batch.pk])).content.decode()


def test_a_blocked_button_says_why(district: District) -> None:
    batch = uploaded(district, department_workbook(20))
    page = client_of(district).get(reverse("import", args=[batch.pk])).content.decode()
    assert "工作表“企业”：“从业人数”等列是年度数据，但不知道是哪一年。请填写数据年度，或指定年度列。" in page


def test_the_mapping_is_changed_by_its_form(district: District) -> None:
    source("市场监管", district)
    client = client_of(district)
    batch = send(client, firms())
    save(client, batch, **{"target-3": ""})
    plan = ImportSheet.objects.get(batch=batch).plan
    assert [(column["title"], column["target"]) for column in plan["columns"]] == [
        ("企业名称", "key:name"), ("统一社会信用代码", "key:code"), ("企业类型", "fact:市场主体类型"), ("主导产品", ""),
    ]  # fmt: skip


def test_a_mapping_that_cannot_be_read_by_is_answered_with_every_reason(district: District) -> None:
    source("市场监管", district)
    client = client_of(district)
    batch = send(client, firms())
    page = save(client, batch, **{"target-0": "", "target-1": "", "target-2": "fact:主导产品"})
    assert "请至少指定一列，才知道每行是哪家企业。" in page
    assert "“企业类型”、“主导产品”都对应到“主导产品”。请只留一列。" in page


@pytest.mark.parametrize(
    "sent", [{"target-0": "fact:没有这一项"}, {"target-0": "../../etc"}, {"year": "abc", "unit-3": "斤", "head": "-1"}]
)
def test_a_form_of_nonsense_breaks_nothing(district: District, sent: dict[str, str]) -> None:
    batch = uploaded(district, firms())
    answer = client_of(district).post(reverse("import-sheet", args=[batch.pk, 0]), {"do": "save", "kind": "", **sent})
    assert answer.status_code in {302, 400}


def test_a_sheet_may_be_left_out(district: District) -> None:
    source("市场监管", district)
    client = client_of(district)
    batch = send(client, department_workbook(20))
    save(client, batch, 1, kind="-")
    assert (ImportSheet.objects.get(batch=batch, position=1).included, act(client, batch, "check")) == (False, 400)


def test_names_are_decided_by_form(district: District) -> None:
    rows = [["企业关联列", "软件全称", "登记号"], ["某某科技", "示例", "2020SR1"]]
    batch = checked(district, mapped(district, uploaded(district, workbook({"软著": rows}), of="知识产权")))
    match, client = batch.name_matches.get(), client_of(district)
    page = client.get(reverse("import-names", args=[batch.pk]), {"found": "open"}).content.decode()
    assert "某某科技" in page
    client.post(reverse("import-names", args=[batch.pk]), {"name": match.pk, "firm": "other", "code": district.jia.code})
    match.refresh_from_db()
    assert match.chosen == district.jia


def test_the_annotated_copy_is_handed_out_and_in_the_audit(district: District) -> None:
    batch = checked(district, mapped(district, uploaded(district, firms())))
    answer = client_of(district).get(reverse("import-annotated", args=[batch.pk]))
    assert python_calamine.CalamineWorkbook.from_filelike(BytesIO(answer.content)).sheet_names == ["问题清单", "企业"]
    assert AuditEvent.objects.filter(action="export").count() == 1


def test_the_annotated_copy_of_a_large_file_is_made_in_the_background(district: District, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(annotated, "AT_ONCE_ROWS", 2)
    batch = checked(district, mapped(district, uploaded(district, firms())))
    client, address = client_of(district), reverse("import-annotated", args=[batch.pk])
    assert client.get(address).status_code == 400
    act(client, batch, "annotate")
    assert Job.objects.latest("pk").href == address
    assert python_calamine.CalamineWorkbook.from_filelike(BytesIO(client.get(address).content)).sheet_names == ["问题清单", "企业"]
    assert annotated.is_ready(checked(district, batch)) is False


def test_a_department_imports_its_own_sources_only(district: District) -> None:
    source("税务", district, "tax")
    source("市场监管", district)
    client = client_of(district, Role.DEPARTMENT_CLERK)
    page = client.get(reverse("import-new")).content.decode()
    assert re.findall(r'<option value="([^"]+)"', page) == ["税务"]
    answer = client.post(reverse("import-new"), {"source": "市场监管", "file": SimpleUploadedFile("名单.xlsx", firms())})
    assert (answer.status_code, "没有选数据来源" in answer.content.decode(), Batch.objects.count()) == (400, True, 0)


def test_a_department_sees_the_imports_of_its_unit_and_no_others(district: District) -> None:
    source("税务", district, "tax")
    own = uploaded(district, firms(1), "本单位.xlsx", of="税务", actor=district.actor(Role.DEPARTMENT_CLERK))
    uploaded(district, firms(2), "牵头局.xlsx")
    seen = {
        role: sorted(Batch.objects.visible_to(district.actor(role)).values_list("file_name", flat=True))
        for role in (Role.DEPARTMENT_CLERK, Role.BUREAU_CLERK, Role.AUDITOR, Role.SUBDISTRICT_CLERK, Role.BANK_CLERK, Role.FIRM_CLERK)
    }
    assert own.unit == district.units["tax"]
    assert seen == {
        Role.DEPARTMENT_CLERK: ["本单位.xlsx"],
        Role.BUREAU_CLERK: ["本单位.xlsx", "牵头局.xlsx"],
        Role.AUDITOR: ["本单位.xlsx", "牵头局.xlsx"],
        Role.SUBDISTRICT_CLERK: [],
        Role.BANK_CLERK: [],
        Role.FIRM_CLERK: [],
    }


def test_an_auditor_reads_and_changes_nothing(district: District) -> None:
    batch = uploaded(district, firms())
    client = client_of(district, Role.AUDITOR)
    page = client.get(reverse("import-sheet", args=[batch.pk, 0])).content.decode()
    assert "您的岗位只能查看" in page
    answer = client.post(reverse("import-sheet", args=[batch.pk, 0]), {"do": "save", "kind": "-"})
    assert (answer.status_code, ImportSheet.objects.get(batch=batch).included) == (400, True)


def queries(client: Client, address: str) -> int:
    client.get(address)
    with CaptureQueriesContext(connection) as seen:
        assert client.get(address).status_code == 200
    return sum(1 for one in seen.captured_queries if one["sql"].startswith("SELECT"))


@pytest.mark.parametrize("count", [1, 3, 300])
def test_lists_of_any_length_take_the_same_queries(district: District, count: int) -> None:
    rows = [
        ["企业名称", "统一社会信用代码", "企业类型", "登记号"],
        *(["无此企业" + "甲" * number, "", f"第{number}种", "1"] for number in range(count)),
    ]
    batch = checked(district, mapped(district, uploaded(district, workbook({"软著": rows}), of="知识产权")))
    for number in range(count - 1):
        Batch.objects.create(
            source=batch.source,
            unit=batch.unit,
            file_name=f"{number}.xlsx",
            file_digest="0" * 64,
            created_by=batch.created_by,
            created_at=AT,
        )
        CodeMeaning.objects.create(source=batch.source, identifier="entity_type", code=str(number), meaning="企业", learnt_at=AT)
    client = client_of(district)
    found = {one: queries(client, reverse(one, args=[] if one in {"imports", "import-codes"} else [batch.pk])) for one in LIST_QUERIES}
    assert (found, batch.preview_rows.count()) == (LIST_QUERIES, count)


def test_the_export_of_a_list_holds_what_the_filter_leaves(district: District) -> None:
    rows = [HEAD, [name(1), code(1), "1130", "阀门"], ["无此企业", "", "1130", "阀门"]]
    batch = checked(district, mapped(district, uploaded(district, workbook({"企业": rows}))))
    answer = client_of(district).get(reverse("import-rows", args=[batch.pk]), {"outcome": "none", "format": "xlsx"})
    book = python_calamine.CalamineWorkbook.from_filelike(BytesIO(answer.content))
    assert [row[:4] for row in book.get_sheet_by_name("名单").to_python()[4:]] == [["企业", "3", "没有找到企业", "无此企业"]]
    assert AuditEvent.objects.get(action="export").detail == {"filters": {"outcome": "none", "sheet": ""}, "rows": 1}
