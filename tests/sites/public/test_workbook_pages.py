"""上传数据表测算 as an address: a district of firms, counted as the kernel counts it."""

from __future__ import annotations

import json
import re
from collections import Counter
from dataclasses import asdict
from datetime import date
from io import BytesIO
from pathlib import Path

import pytest
import python_calamine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client

from tests.sites.public.calculator_forms import PAYING, Shown, shown
from tidu.apps.calculator.domain import assess_workbook
from tidu.apps.policies.loaded import packs
from tidu.demo import make_district
from tidu.exchange.settlement_figures import wan
from tidu.exchange.workbooks import population_to_workbook
from tidu.kernel.inputs import FirmInputs, Moment
from tidu.kernel.interpret import assess
from tidu.kernel.population import Population
from tidu.kernel.settle import Settlement, settle

FIRMS, SHOWN = 130, 100
MOMENT = Moment(date(2024, 6, 1), date(2024, 6, 1))
VERDICTS = {"met": "符合", "unmet": "不符合", "unknown": "待补充", "manual": "需人工判断"}


@pytest.fixture(scope="module")
def district() -> Population:
    return make_district(FIRMS)


@pytest.fixture(scope="module")
def workbook(district: Population, tmp_path_factory: pytest.TempPathFactory) -> bytes:
    return population_to_workbook(district, tmp_path_factory.mktemp("district") / "firms.xlsx").read_bytes()


@pytest.fixture(scope="module")
def verdicts(district: Population) -> dict[str, dict[str, str]]:
    """The kernel's verdict on every firm by every standard in force, one by one."""
    standards = [one for one in packs().in_force(law_date=MOMENT.law_date) if not one.classes]
    return {
        firm.code: {one.name: assess(FirmInputs(firm, MOMENT, packs()), one).verdict or "" for one in standards}
        for firm in district.each_firm()
    }


@pytest.fixture(scope="module")
def settlement(district: Population) -> Settlement:
    return settle(district, packs(), law_date=MOMENT.law_date, as_of=MOMENT.facts_as_of)


def answered(
    client: Client, content: bytes, name: str = "企业.xlsx", address: str = "/calculator/workbook/", **fields: str
) -> HttpResponse:
    """What the site says to an upload."""
    return client.post(address, {"workbook": SimpleUploadedFile(name, content), **PAYING, **fields})


def uploaded(client: Client, content: bytes, status: int = 200) -> Shown:
    """The page of an upload."""
    answer = answered(client, content)
    assert answer.status_code == status
    return shown(answer)


def table(answer: HttpResponse, label: str) -> list[list[str]]:
    """The rows of the table with a label, as texts."""
    (frame,) = re.findall(rf'aria-label="{re.escape(label)}".*?<tbody>(.*?)</tbody>', answer.content.decode(), re.DOTALL)
    rows = re.findall(r"<tr>(.*?)</tr>", frame, re.DOTALL)
    return [[re.sub(r"<[^>]*>", "", cell).strip() for cell in re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.DOTALL)] for row in rows]


def headings(answer: HttpResponse, label: str) -> list[str]:
    """What stands above the columns of a table."""
    (head,) = re.findall(rf'aria-label="{re.escape(label)}".*?<thead>(.*?)</thead>', answer.content.decode(), re.DOTALL)
    return [re.sub(r"<[^>]*>", "", cell).strip() for cell in re.findall(r"<th[^>]*>(.*?)</th>", head, re.DOTALL)]


def number(text: str) -> str:
    """A number without the commas that group it."""
    return text.replace(",", "")


def test_verdicts_on_the_page_are_those_of_the_kernel(client: Client, workbook: bytes, verdicts: dict[str, dict[str, str]]) -> None:
    counts = Counter((name, verdict) for by_name in verdicts.values() for name, verdict in by_name.items())
    names = dict.fromkeys(name for by_name in verdicts.values() for name in by_name)
    found = {row[0]: row for row in table(answered(client, workbook), "各项标准的结论（家）")}
    assert {name: (row[1], row[3], row[4], row[5]) for name, row in found.items()} == {
        name: tuple(str(counts[name, verdict]) for verdict in VERDICTS) for name in names
    }


def test_money_on_the_page_is_that_of_the_settlement(client: Client, workbook: bytes, settlement: Settlement) -> None:
    answer = answered(client, workbook)
    by_award = {
        result.award.title: [one for one in settlement.results if one.award.title == result.award.title] for result in settlement.results
    }
    assert shown(answer).amounts == list(settlement.totals.values())
    assert sum(settlement.totals.values()) > 0
    assert {row[0]: (row[2], row[3]) for row in table(answer, "各项奖补")} == {
        title: (str(len({one.firm for one in listed if one.amount})), str(sum(1 for one in listed if one.amount)))
        for title, listed in by_award.items()
    }


def test_the_first_hundred_firms_stand_on_the_page(
    client: Client, workbook: bytes, district: Population, verdicts: dict[str, dict[str, str]], settlement: Settlement
) -> None:
    answer = answered(client, workbook)
    firms = district.each_firm()[:SHOWN]
    amounts = Counter[str]()
    for one in settlement.results:
        amounts[one.firm] += one.amount
    rows = table(answer, "逐家结果")
    names = headings(answer, "逐家结果")[2:-1]
    assert [row[0] for row in rows] == [firm.name for firm in firms]
    assert [dict(zip(names, row[2:-1], strict=True)) for row in rows] == [
        {name: VERDICTS[verdict] for name, verdict in verdicts[firm.code].items()} for firm in firms
    ]
    assert [float(number(row[1])) for row in rows] == [amounts[firm.code] / 1_000_000 for firm in firms]


def test_the_report_holds_every_firm(
    client: Client, workbook: bytes, district: Population, verdicts: dict[str, dict[str, str]], settlement: Settlement
) -> None:
    answer = answered(client, workbook, do="report")
    assert answer.headers["Content-Disposition"].startswith("attachment; filename*=utf-8''")
    rows = python_calamine.CalamineWorkbook.from_filelike(BytesIO(answer.content)).get_sheet_by_name("企业").to_python()
    (head,) = [index for index, row in enumerate(rows) if row[0] == "统一社会信用代码"]
    titles = [str(title).replace("\n", "") for title in rows[head]]
    listed = [dict(zip(titles, row, strict=True)) for row in rows[head + 1 :] if row[0] in verdicts]
    amounts = Counter[str]()
    for one in settlement.results:
        amounts[one.firm] += one.amount
    assert [(row["统一社会信用代码"], row["企业名称"], row["奖补（万元）"] or 0) for row in listed] == [
        (firm.code, firm.name, wan(amounts[firm.code])) for firm in district.each_firm()
    ]
    assert [{name: row[name] for name in verdicts[row["统一社会信用代码"]]} for row in listed] == [
        {name: VERDICTS[verdict] for name, verdict in verdicts[firm.code].items()} for firm in district.each_firm()
    ]


def test_the_json_is_the_document_of_the_domain(client: Client, workbook: bytes) -> None:
    found = answered(client, workbook, address="/calculator/workbook/?format=json")
    expected = assess_workbook(workbook, name="企业.xlsx", packs=packs(), moment=MOMENT, page_size=5000)
    assert found.json() == json.loads(json.dumps(asdict(expected)))


def test_without_a_policy_in_force_a_notice_says_so(client: Client, workbook: bytes) -> None:
    answer = answered(client, workbook, law_date="2026-05-01")
    page = shown(answer)
    assert "2026-05-01 没有现行的奖补政策，没有计算奖补。" in page.texts
    assert (answer.status_code, page.amounts) == (200, [])


def test_faulty_cells_are_listed_with_their_places_and_nothing_is_computed(client: Client) -> None:
    firms = [{"统一社会信用代码": "91420114MA4K000015", "企业名称": "甲", "年度数据": [{"年度": 2023, "营业收入": "很多"}]}]
    answer = answered(client, json.dumps({"firms": firms}).encode(), "企业.json")
    rows = table(answer, "需要改正的地方")
    assert (answer.status_code, len(rows), "很多" in rows[0][3]) == (400, 1, True)
    assert answered(client, json.dumps({"firms": firms}).encode(), "企业.json", do="report").status_code == 400


def test_no_file_is_told_in_a_sentence(client: Client) -> None:
    sentence = "没有收到文件，或者文件是空的。请选择一个 Excel 或 JSON 文件再提交。"
    assert sentence in shown(client.post("/calculator/workbook/", PAYING)).refused
    assert sentence in uploaded(client, b"", 400).refused
    assert client.post("/calculator/workbook/?format=json", PAYING).json()["problems"] == [{"code": "no-file", "message": sentence}]


def test_the_empty_form_can_be_filled_in_and_uploaded(client: Client, tmp_path: Path) -> None:
    empty = client.get("/calculator/workbook/template/")
    path = tmp_path / "form.xlsx"
    path.write_bytes(empty.content)
    sheets = python_calamine.CalamineWorkbook.from_path(path).sheet_names
    assert [name for name in ("企业", "年度数据", "事项") if name not in sheets] == []
    found = assess_workbook(empty.content, name="form.xlsx", packs=packs(), moment=MOMENT)
    assert (found.firms, found.assessed) == (0, True)


def test_who_is_one_step_away_is_no_part_of_who_has_arrived(client: Client, workbook: bytes) -> None:
    answer = answered(client, workbook)
    assert headings(answer, "各项标准的结论（家）") == ["标准", "符合", "差一步", "不符合", "待补充", "需人工判断"]
    assert all(sum(int(number(count)) for count in (row[1], *row[3:])) == FIRMS for row in table(answer, "各项标准的结论（家）"))
