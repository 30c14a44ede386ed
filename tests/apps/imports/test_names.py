"""Rows keyed by name: folded, former, ambiguous, unknown; what a person decides is remembered as an alias."""

from __future__ import annotations

import pytest

from tests.apps.imports.files import code, name, software_rows, workbook
from tests.apps.imports.importing import checked, clerk, committed, imported, mapped, undone, uploaded
from tests.apps.people import AT, District, firm, small_district
from tidu.apps.accounts.decisions import NotAllowed
from tidu.apps.accounts.enums import Role
from tidu.apps.enterprises.enums import NameKind
from tidu.apps.enterprises.models import Batch, Enterprise, Event, NameRecord
from tidu.apps.imports.domain.reviewing import decide_name
from tidu.apps.imports.enums import Choice, Found
from tidu.kernel.errors import TiduError

pytestmark = pytest.mark.django_db


@pytest.fixture
def district() -> District:
    found = small_district()
    firm(code(901), "武汉江城（集团）有限公司", found.units["one"])
    old = firm(code(902), "武汉新名科技有限公司", found.units["one"])
    NameRecord.objects.create(enterprise=old, name="武汉旧名科技有限公司", folded="武汉旧名科技有限公司", kind=NameKind.FORMER)
    for number in (903, 904):
        firm(code(number), "武汉同名有限公司", found.units["two"])
    return found


def register(*names: str) -> bytes:
    return workbook({"软著": software_rows(names)})


def outcome(district: District, *names: str) -> dict[str, tuple[str, str]]:
    batch = checked(district, mapped(district, uploaded(district, register(*names), of="知识产权")))
    return {row.name: (row.outcome, row.code) for row in batch.preview_rows.all()}


@pytest.mark.parametrize(
    "written",
    [
        "武汉江城（集团）有限公司",
        "武汉江城(集团)有限公司",
        "武汉江城〔集团〕有限公司",
        "　武汉 江城（集团） 有限公司 ",
        "武汉江城（集团)有限公司",
    ],
)
def test_brackets_of_both_widths_and_blanks_are_the_same_name(district: District, written: str) -> None:
    assert list(outcome(district, written).values()) == [("name", code(901))]


def test_a_former_name_leads_to_the_firm(district: District) -> None:
    assert outcome(district, "武汉旧名科技有限公司") == {"武汉旧名科技有限公司": ("former", code(902))}


def test_a_name_that_several_bear_is_nobodys_until_a_person_says(district: District) -> None:
    assert outcome(district, "武汉同名有限公司") == {"武汉同名有限公司": ("several", "")}


def test_a_former_name_of_one_does_not_take_the_name_of_another(district: District) -> None:
    firm(code(905), "武汉旧名科技有限公司", district.units["two"])
    assert outcome(district, "武汉旧名科技有限公司") == {"武汉旧名科技有限公司": ("name", code(905))}


def test_a_merged_firm_leads_to_the_one_that_stands_for_it(district: District) -> None:
    Enterprise.objects.filter(code=code(902)).update(merged_into=Enterprise.objects.get(code=code(901)))
    assert outcome(district, "武汉新名科技有限公司") == {"武汉新名科技有限公司": ("name", code(901))}


def test_names_alike_are_proposed_for_one_that_nobody_bears(district: District) -> None:
    batch = checked(district, mapped(district, uploaded(district, register("武汉市新名科技股份有限公司"), of="知识产权")))
    match = batch.name_matches.get()
    assert (match.found, match.candidates) == (Found.NONE, [{"code": code(902), "name": "武汉新名科技有限公司"}])


def checked_batch(district: District, *names: str) -> Batch:
    return checked(district, mapped(district, uploaded(district, register(*names), of="知识产权")))


def test_what_a_person_chose_is_committed_and_known_from_then_on(district: District) -> None:
    batch = checked_batch(district, "江城集团", "江城集团")
    match = batch.name_matches.get()
    decide_name(actor=clerk(district), at=AT, match=match, choice=Choice.FIRM, code=code(901))
    written = committed(district, batch)
    assert (written.events, Event.objects.filter(enterprise__code=code(901)).count()) == (2, 2)
    assert NameRecord.objects.get(name="江城集团").kind == NameKind.ALIAS
    assert outcome(district, "江城 集团") == {"江城 集团": ("former", code(901))}


def test_undoing_the_batch_takes_the_alias_along(district: District) -> None:
    batch = checked_batch(district, "江城集团")
    decide_name(actor=clerk(district), at=AT, match=batch.name_matches.get(), choice=Choice.FIRM, code=code(901))
    committed(district, batch)
    undone(district, batch)
    assert outcome(district, "江城集团") == {"江城集团": ("none", "")}


def test_a_decision_outlives_a_second_check(district: District) -> None:
    batch = checked_batch(district, "江城集团", name(7))
    decide_name(actor=clerk(district), at=AT, match=batch.name_matches.get(name="江城集团"), choice=Choice.FIRM, code=code(901))
    decide_name(actor=clerk(district), at=AT, match=batch.name_matches.get(name=name(7)), choice=Choice.LEAVE)
    again = checked(district, batch)
    assert {row.name: row.outcome for row in again.preview_rows.all()} == {"江城集团": "chosen", name(7): "left"}
    assert {match.name: match.found for match in again.name_matches.all()} == {"江城集团": "none", name(7): "none"}


def test_a_decision_can_be_taken_back(district: District) -> None:
    batch = checked_batch(district, "江城集团")
    decide_name(actor=clerk(district), at=AT, match=batch.name_matches.get(), choice=Choice.FIRM, code=code(901))
    decide_name(actor=clerk(district), at=AT, match=batch.name_matches.get(), choice=Choice.OPEN)
    assert committed(district, batch).events == 0


def test_a_code_that_is_not_in_the_registry_is_refused(district: District) -> None:
    batch = checked_batch(district, "江城集团")
    with pytest.raises(TiduError) as refused:
        decide_name(actor=clerk(district), at=AT, match=batch.name_matches.get(), choice=Choice.FIRM, code=code(999))
    assert refused.value.message == f"企业库里没有代码“{code(999)}”。请填写 18 位统一社会信用代码，可以先在企业查询里查到。"


def test_a_name_that_was_found_is_not_decided(district: District) -> None:
    batch = checked_batch(district, "武汉新名科技有限公司")
    with pytest.raises(TiduError, match="已经找到企业"):
        decide_name(actor=clerk(district), at=AT, match=batch.name_matches.get(), choice=Choice.LEAVE)


def test_a_stranger_decides_nothing(district: District) -> None:
    batch = checked_batch(district, "江城集团")
    with pytest.raises(NotAllowed, match="由科经局导入"):
        decide_name(actor=district.actor(Role.DEPARTMENT_CLERK), at=AT, match=batch.name_matches.get(), choice=Choice.LEAVE)


FIRMS = ["企业名称", "统一社会信用代码", "注册号", "曾用名", "主导产品"]


def firms(*rows: list[str]) -> bytes:
    return workbook({"企业": [FIRMS, *rows]})


def rows_of(district: District, content: bytes) -> list[tuple[int, str, str]]:
    batch = checked(district, mapped(district, uploaded(district, content)))
    return list(batch.preview_rows.order_by("row").values_list("row", "outcome", "code"))


def test_a_code_beside_another_firms_name_is_left_to_a_person(district: District) -> None:
    content = firms(["武汉新名科技有限公司", code(901), "", "", "阀门"], ["武汉新名科技有限公司", code(950), "", "", "阀门"])
    assert [row[1] for row in rows_of(district, content)] == ["clash", "clash"]


def test_an_old_number_is_learnt_beside_a_code_and_found_alone(district: District) -> None:
    imported(district, firms(["", code(901), "420114000012345", "", "阀门"]))
    assert rows_of(district, firms(["", "", "420114000012345", "", "水泵"])) == [(2, "number", code(901))]


def test_an_old_number_in_the_column_of_codes_is_one(district: District) -> None:
    imported(district, firms(["", code(901), "420114000012345", "", "阀门"]))
    assert rows_of(district, firms(["某某", "420114000012345", "", "", "水泵"])) == [(2, "number", code(901))]


def test_a_former_name_in_the_file_is_known_afterwards(district: District) -> None:
    imported(district, firms(["", code(901), "", "江城老厂", "阀门"]))
    assert outcome(district, "江城老厂") == {"江城老厂": ("former", code(901))}


def test_a_name_that_a_firm_bears_is_not_given_to_another(district: District) -> None:
    imported(district, firms(["", code(901), "", "武汉新名科技有限公司", "阀门"]))
    assert outcome(district, "武汉新名科技有限公司") == {"武汉新名科技有限公司": ("name", code(902))}


def test_a_new_firm_is_registered_only_where_the_sheet_may_do_so(district: District) -> None:
    assert rows_of(district, firms([name(1), code(1), "", "", "阀门"], ["", code(2), "", "", "阀门"])) == [
        (2, "new", code(1)),
        (3, "none", code(2)),
    ]
