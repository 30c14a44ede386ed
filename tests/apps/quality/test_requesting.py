"""Requests for facts: made, answered by what arrives, closed with a reason, and a workbook that the import reads back."""

from __future__ import annotations

import re
import zipfile
from datetime import date
from io import BytesIO

import pytest
import python_calamine

from tests.apps import cases
from tests.apps.imports import importing
from tests.apps.people import AT, District, small_district
from tidu.apps.accounts.decisions import NotAllowed
from tidu.apps.accounts.enums import Role
from tidu.apps.quality.domain.requesting import Wanted, close_request, holders_of, request_facts
from tidu.apps.quality.models import FactRequest
from tidu.apps.quality.queries import asked_of_firm, firms_of_request, progress_of, requests
from tidu.apps.quality.request_files import column_title, request_workbook
from tidu.kernel.errors import TiduError

pytestmark = pytest.mark.django_db


@pytest.fixture
def district() -> District:
    made = small_district()
    cases.sources(made)
    return made


def made(district: District, fact: str = cases.REVENUE, unit: str | None = "tax") -> FactRequest:
    rows = [(district.jia.pk, cases.YEAR), (district.yi.pk, cases.YEAR), (district.jia.pk, cases.YEAR)]
    wanted = Wanted(fact, district.units[unit] if unit else None, rows, "判断标准", date(2024, 6, 30))
    return request_facts(actor=district.actor(Role.BUREAU_CLERK), at=AT, wanted=wanted)


def test_a_fact_is_answered_when_a_sheet_with_it_arrives_and_not_before(district: District) -> None:
    request = made(district)
    assert progress_of([request]) == {request.pk: (2, 0)}
    cases.told(district.jia, cases.sources(district)["税务"], {"上缴税金": 5})
    cases.told(district.yi, cases.sources(district)["税务"], {cases.REVENUE: 5}, period=cases.YEAR - 1)
    assert progress_of([request]) == {request.pk: (2, 0)}
    sheet = cases.told(district.jia, cases.sources(district)["自报"], {cases.REVENUE: 5})
    assert progress_of([request]) == {request.pk: (2, 1)}
    listed = firms_of_request(request, district.actor(Role.BUREAU_CLERK))
    assert [(row.enterprise, row.answered) for row in listed] == [(district.jia, True), (district.yi, False)]
    sheet.delete()


def test_a_name_that_another_name_holds_is_another_fact(district: District) -> None:
    request = made(district)
    cases.told(district.jia, cases.sources(district)["审计报告"], {"主营业务收入": 5, "主导产品": "营业收入"})
    assert progress_of([request]) == {request.pk: (2, 0)}


def test_who_sees_a_request(district: District) -> None:
    to_tax, to_firms = made(district), made(district, "研发费用", None)
    seen = {role: set(requests(district.actor(role))) for role in (Role.BUREAU_CLERK, Role.DEPARTMENT_CLERK, Role.SUBDISTRICT_CLERK)}
    assert seen == {Role.BUREAU_CLERK: {to_tax, to_firms}, Role.DEPARTMENT_CLERK: {to_tax}, Role.SUBDISTRICT_CLERK: set()}
    assert set(requests(cases.member(district, Role.FIRM_CLERK))) == {to_firms}
    assert [row.request for row in asked_of_firm(district.jia)] == [to_firms]
    cases.told(district.jia, cases.sources(district)["自报"], {"研发费用": 5})
    assert asked_of_firm(district.jia) == []


def test_only_the_bureau_asks_and_only_for_what_can_be_listed(district: District) -> None:
    wanted = Wanted(cases.REVENUE, district.units["tax"], [(district.jia.pk, cases.YEAR)], "")
    with pytest.raises(NotAllowed):
        request_facts(actor=district.actor(Role.SUBDISTRICT_CLERK), at=AT, wanted=wanted)
    with pytest.raises(NotAllowed, match="登记的事项"):
        request_facts(actor=district.actor(Role.BUREAU_CLERK), at=AT, wanted=Wanted("认定.级别", None, [(district.jia.pk, 0)], ""))
    with pytest.raises(TiduError, match="没有企业缺"):
        request_facts(actor=district.actor(Role.BUREAU_CLERK), at=AT, wanted=Wanted(cases.REVENUE, None, [], ""))


def test_who_holds_a_fact_is_told_by_the_catalogue(district: District) -> None:
    assert holders_of(cases.REVENUE) == ([district.units["tax"]], False)
    assert holders_of("研发费用") == ([], True)


def test_a_request_is_closed_once_with_a_reason(district: District) -> None:
    request, clerk = made(district), district.actor(Role.BUREAU_CLERK)
    with pytest.raises(TiduError, match="请写明为什么了结"):
        close_request(actor=clerk, at=AT, request=request, version=request.version, reason="")
    stale = FactRequest.objects.get(pk=request.pk)
    close_request(actor=clerk, at=AT, request=request, version=request.version, reason="已收齐")
    with pytest.raises(TiduError, match="牵头局经办某刚刚办理过"):
        close_request(actor=district.actor(Role.BUREAU_HEAD), at=AT, request=stale, version=stale.version, reason="再来")
    assert FactRequest.objects.get().closing == "已收齐"


def rows_of(content: bytes) -> list[list[object]]:
    return python_calamine.CalamineWorkbook.from_filelike(BytesIO(content)).get_sheet_by_index(0).to_python()


def filled(content: bytes, values: list[str]) -> bytes:
    """The workbook with figures typed into its empty column."""
    stream, left = BytesIO(), iter(values)
    with zipfile.ZipFile(BytesIO(content)) as before, zipfile.ZipFile(stream, "w") as after:
        for name in before.namelist():
            part = before.read(name)
            if name == "xl/worksheets/sheet1.xml":
                part = re.sub(rb'<c (r="D\d+" s="\d+")/>', lambda cell: b"<c %s><v>%s</v></c>" % (cell[1], next(left).encode()), part)
            after.writestr(name, part)
    return stream.getvalue()


def test_the_workbook_lists_who_has_not_answered_with_an_empty_column(district: District) -> None:
    request = made(district)
    cases.told(district.jia, cases.sources(district)["税务"], {cases.REVENUE: 5})
    content = request_workbook(request, firms_of_request(request, district.actor(Role.BUREAU_CLERK), open_only=True))
    assert rows_of(content) == [
        ["统一社会信用代码", "企业名称", "年度", "营业收入（万元）"],
        [district.yi.code, district.yi.name, 2023.0, ""],
    ]


@pytest.mark.parametrize(("fact", "title"), [(cases.REVENUE, "营业收入（万元）"), ("从业人员", "从业人员（人）"), ("主导产品", "主导产品")])
def test_the_empty_column_says_its_unit(fact: str, title: str) -> None:
    assert column_title(fact) == title


def test_the_workbook_filled_in_is_read_back_by_the_import_and_answers_the_request(district: District) -> None:
    request = made(district)
    content = request_workbook(request, firms_of_request(request, district.actor(Role.BUREAU_CLERK)))
    batch = importing.uploaded(district, filled(content, ["320.5", "80"]), "营业收入清单.xlsx", of="税务")
    importing.checked(district, importing.mapped(district, batch))
    importing.committed(district, batch, days=1)
    assert progress_of([request]) == {request.pk: (2, 2)}
    assert cases.DataSheet.objects.get(enterprise=district.jia).values[cases.REVENUE] == 320_500_000
