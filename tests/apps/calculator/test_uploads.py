"""A workbook of many firms is assessed as the command does it, kept nowhere, and refused where it is too much."""

from __future__ import annotations

import json
import tempfile
import zipfile
from collections import Counter
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pytest

from tidu.apps.calculator.domain import as_workbook, assess_workbook, example, results
from tidu.apps.calculator.domain.uploads import LARGEST_UNPACKED, LARGEST_UPLOAD, MOST_FIRMS, check_archive, safe_name
from tidu.demo import make_district
from tidu.exchange.results import Assessing
from tidu.exchange.workbooks import population_to_workbook
from tidu.kernel.errors import TiduError
from tidu.kernel.inputs import Moment
from tidu.kernel.packs import PackSet
from tidu.kernel.population import Firm, Population, population_of
from tidu.kernel.settle import settle

FIRMS = 60


@pytest.fixture(scope="module")
def district() -> Population:
    return make_district(firms=FIRMS)


@pytest.fixture(scope="module")
def workbook(district: Population, tmp_path_factory: pytest.TempPathFactory) -> bytes:
    return population_to_workbook(district, tmp_path_factory.mktemp("upload") / "district.xlsx").read_bytes()


def test_the_counts_are_those_of_the_assessment_and_the_settlement(
    workbook: bytes, district: Population, packs: PackSet, paying: Moment
) -> None:
    found = assess_workbook(workbook, name="企业.xlsx", packs=packs, moment=paying)
    standards = packs.in_force(law_date=paying.law_date)
    assessed = Assessing(district, packs, paying, standards).document()["results"]
    verdicts = Counter((result["standard"], result["verdict"]) for result in assessed if "verdict" in result)
    assert [(one.name, one.met, one.unmet, one.unknown, one.manual) for one in found.standards] == [
        (one.name, *(verdicts[one.name, verdict] for verdict in ("met", "unmet", "unknown", "manual"))) for one in found.standards
    ]
    assert sorted(one.name for one in found.standards) == sorted(one.name for one in standards if not one.classes)
    assert (found.firms, sum(found.sizes.values()), found.assessed, found.sentence) == (FIRMS, FIRMS, True, "")
    settlement = settle(district, packs, law_date=paying.law_date, as_of=paying.facts_as_of)
    assert found.totals == settlement.totals
    assert sum(one.amount for one in found.awards) == sum(settlement.totals.values())
    assert sum(one.items for one in found.awards) == sum(1 for one in settlement.results if one.amount)
    orders = [one.id for one in found.awards]
    assert orders == sorted(orders)


def test_firms_come_in_pages(workbook: bytes, district: Population, packs: PackSet, paying: Moment) -> None:
    pages = [assess_workbook(workbook, name="企业.xlsx", packs=packs, moment=paying, page=page, page_size=25) for page in (1, 2, 3, 9)]
    assert [(one.page, one.pages, len(one.rows)) for one in pages] == [(1, 3, 25), (2, 3, 25), (3, 3, 10), (3, 3, 10)]
    assert [row.code for one in pages[:3] for row in one.rows] == district.codes
    first = pages[0].rows[0]
    assert (first.code, set(first.verdicts)) == (district.codes[0], {one.name for one in pages[0].standards})
    amounts = sum(row.amount for one in pages[:3] for row in one.rows)
    assert amounts == sum(pages[0].totals.values())


def test_missing_facts_are_ranked_by_what_they_decide(workbook: bytes, packs: PackSet, paying: Moment) -> None:
    found = assess_workbook(workbook, name="企业.xlsx", packs=packs, moment=paying)
    decides = [one.decides for one in found.missing]
    assert decides == sorted(decides, reverse=True)
    assert [one.name for one in found.missing if one.firms == 0 or not one.standards] == []


def test_without_a_policy_only_standards_are_counted(workbook: bytes, packs: PackSet, later: Moment) -> None:
    found = assess_workbook(workbook, name="企业.xlsx", packs=packs, moment=later)
    assert (found.awards, found.totals, found.sentence) == ((), {}, "2026-06-01 没有现行的奖补政策，没有计算奖补。")
    assert found.firms == FIRMS


def test_faulty_cells_are_told_with_their_place(packs: PackSet, paying: Moment) -> None:
    content = json.dumps({"firms": [{"统一社会信用代码": "91420114MA4K000015", "列入经营异常名录": "也许"}]}, ensure_ascii=False).encode()
    found = assess_workbook(content, name="企业.json", packs=packs, moment=paying)
    assert (found.assessed, found.firms, found.rows) == (False, 0, ())
    (problem,) = found.problems
    assert (problem.sheet, problem.row, problem.column, problem.value) == ("企业", 2, "列入经营异常名录", "也许")
    assert problem.advice != ""


def test_what_was_entered_in_the_calculator_can_be_uploaded(packs: PackSet, paying: Moment) -> None:
    answers = replace(example("rewarded").answers, code="91420114MA4K000015")
    content = json.dumps(as_workbook(answers, paying), ensure_ascii=False).encode()
    found = assess_workbook(content, name="企业.json", packs=packs, moment=paying)
    alone = results(answers, packs=packs, moment=paying)
    assert found.totals == {"区级": alone.total, "市级": 0}
    (row,) = found.rows
    assert row.verdicts == {one.name: one.verdict for one in alone.results if one.kind == "standard"}


def test_nothing_is_left_behind(workbook: bytes, packs: PackSet, later: Moment, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    assess_workbook(workbook, name="企业.xlsx", packs=packs, moment=later)
    with pytest.raises(TiduError):
        assess_workbook(b"no workbook at all", name="企业.xlsx", packs=packs, moment=later)
    assert list(tmp_path.iterdir()) == []


def raised(content: bytes, packs: PackSet, moment: Moment, name: str = "企业.xlsx") -> str:
    with pytest.raises(TiduError) as found:
        assess_workbook(content, name=name, packs=packs, moment=moment)
    assert found.value.message.endswith("。")
    return found.value.code


def test_too_large_a_file_is_refused_unread(packs: PackSet, later: Moment) -> None:
    assert raised(b"x" * (LARGEST_UPLOAD + 1), packs, later) == "too-large"


def test_too_many_firms_are_refused(packs: PackSet, later: Moment) -> None:
    firms = population_of([Firm(f"91420114MA4{number:07d}") for number in range(MOST_FIRMS + 1)])
    entries = [{"统一社会信用代码": code} for code in firms.codes]
    assert raised(json.dumps({"firms": entries}).encode(), packs, later, "企业.json") == "too-many-firms"


def archive(size: int) -> bytes:
    stream = BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as packed, packed.open("xl/worksheets/sheet1.xml", "w") as part:
        for _ in range(size // 2**20):
            part.write(b"0" * 2**20)
    return stream.getvalue()


def test_an_archive_that_unpacks_too_far_is_refused(packs: PackSet, later: Moment) -> None:
    bomb = archive(LARGEST_UNPACKED + 2**20)
    assert len(bomb) < 2**20
    assert raised(bomb, packs, later) == "zip-bomb"


def test_an_archive_that_lies_about_its_size_is_refused_too(packs: PackSet, later: Moment) -> None:
    bomb = archive(LARGEST_UNPACKED + 2**20)
    size = (LARGEST_UNPACKED + 2**20).to_bytes(4, "little")
    lie = bomb.replace(size, (100).to_bytes(4, "little"))
    assert lie != bomb
    assert raised(lie, packs, later) in {"zip-bomb", "not-excel"}


def test_an_archive_of_the_usual_size_passes() -> None:
    check_archive(archive(2**20))
    check_archive(b"\xd0\xcf\x11\xe0 an old workbook")


@pytest.mark.parametrize(("content", "code"), [(b"PK\x03\x04 broken", "not-excel"), (b"", "not-excel"), (b"hello", "not-excel")])
def test_what_is_no_workbook_is_refused(packs: PackSet, later: Moment, content: bytes, code: str) -> None:
    assert raised(content, packs, later) == code


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("企业.xlsx", "企业.xlsx"),
        ("../../etc/passwd", "passwd.xlsx"),
        ("C:\\报表\\企业 名单（1）.xls", "企业 名单（1）.xls"),
        ("a\x00b/c\n.json", "c_.json"),
        ("", "上传.xlsx"),
        ("...", "上传.xlsx"),
        ("x" * 300 + ".xlsx", "x" * 60 + ".xlsx"),
    ],
)
def test_a_file_name_leads_nowhere(name: str, safe: str) -> None:
    assert safe_name(name) == safe
