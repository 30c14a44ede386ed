"""Days in the back office, in a real browser on a site with its worker: import, assess, ask, assess again, enter, recommend."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import pytest
import xlsxwriter
from playwright.sync_api import Browser, Page
from python_calamine import CalamineWorkbook

from tests.site.office_district import PASSWORD
from tests.site.serving import Site, running_site

PATIENCE = 90_000
STANDARD, LACKING = "科技型中小企业", "从业人员"


@dataclass(frozen=True)
class Office:
    """A running back office and who belongs where."""

    site: Site
    member_firm: tuple[str, str]
    subdistrict: str


@pytest.fixture(scope="module")
def office() -> Iterator[Office]:
    with running_site(worker=True, prepared_by="tests.site.office_district") as site:
        told = json.loads((site.folder / "prepared").read_text(encoding="utf-8").splitlines()[-1])
        code, name = told["member_firm"]
        yield Office(site, (code, name), told["subdistrict"])


@dataclass
class Person:
    """Somebody who is logged in."""

    page: Page
    address: str

    def open(self, path: str) -> None:
        """A page by its address."""
        answer = self.page.goto(f"{self.address}{path}")
        assert answer is not None
        assert answer.status == 200, path

    def press(self, text: str) -> None:
        """A button by its words, and wait for what comes."""
        with self.page.expect_navigation():
            self.page.locator("main").get_by_role("button", name=text, exact=True).first.click()

    def follow(self, text: str) -> None:
        """A link of the page itself by its words."""
        with self.page.expect_navigation():
            self.page.locator("main .columns > div a, main .columns--side > div a").get_by_text(text, exact=True).first.click()

    def wait_for_job(self) -> None:
        """The page of a job tells of its progress by itself; then on to the result."""
        self.page.wait_for_url("**/office/jobs/**")
        self.page.get_by_text("查看结果").wait_for()
        with self.page.expect_navigation():
            self.page.get_by_text("查看结果").click()

    @property
    def text(self) -> str:
        """What the page says."""
        return self.page.locator("main").inner_text()

    def texts(self, selector: str) -> list[str]:
        """What several places say."""
        return self.page.locator(selector).all_inner_texts()


@pytest.fixture
def enter(office: Office, chromium: Browser) -> Iterator[object]:
    contexts = []

    def as_person(username: str, width: int = 1366) -> Person:
        context = chromium.new_context(locale="zh-CN", viewport={"width": width, "height": 800}, accept_downloads=True)
        context.set_default_timeout(PATIENCE)
        contexts.append(context)
        page = context.new_page()
        page.goto(f"{office.site.address}/office/login/")
        page.fill("#username", username)
        page.fill("#password", PASSWORD)
        with page.expect_navigation():
            page.locator("main").get_by_role("button", name="登录").click()
        return Person(page, office.site.address)

    yield as_person
    for context in contexts:
        context.close()


def taxes(firms: list[tuple[str, str]], folder: Path) -> Path:
    """As the tax office sends it: a title row with the year and the unit, an empty row, codes under another name."""
    path = folder / "汇算清缴.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("2025")
        sheet.write(0, 0, "2025年度企业营业收入（单位：万元）")
        sheet.write_row(2, 0, ["序号", "纳税人识别号", "纳税人名称", "营业收入（万元）"])
        for place, (code, name) in enumerate(firms):
            sheet.write_row(3 + place, 0, [place + 1, code, name, 1200 + 10 * place])
    return path


def staff(firms: list[tuple[str, str]], folder: Path, count: int) -> Path:
    """As the social-security office sends it: GB18030, commas, a column for the year."""
    path = folder / "参保人数.csv"
    with path.open("w", encoding="gb18030", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["统一社会信用代码", "单位名称", "年度", "从业人员（人）"])
        writer.writerows([code, name, 2025, count + place] for place, (code, name) in enumerate(firms))
    return path


def patents(firms: list[tuple[str, str]], folder: Path) -> Path:
    """As the patent office sends it: names only, a kind as a number, another day of application for each."""
    path = folder / "专利.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("专利")
        sheet.write_row(0, 0, ["专利权人", "专利号", "专利类型", "申请日期", "授权日期", "是否有效"])
        for place, (_, name) in enumerate(firms):
            number = f"CN2020{place:08d}.{place % 10}"
            sheet.write_row(
                1 + place, 0, [name.replace("（", "("), number, "发明专利", f"2020-03-{place % 28 + 1:02d}", "2022-05-06", "是"]
            )
    return path


def deliver(clerk: Person, source: str, path: Path) -> str:
    """A file from upload to register; what the page says in the end."""
    clerk.open("/office/imports/new/")
    clerk.page.select_option("#source", label=source)
    clerk.page.set_input_files("input[type=file]", path)
    clerk.press("上传并识别")
    clerk.press("检查")
    clerk.wait_for_job()
    if clerk.page.locator("#accept").count():
        clerk.page.locator("label[for=accept]").click()
    clerk.press("入库")
    clerk.wait_for_job()
    return clerk.text


def assess(clerk: Person) -> None:
    """Everybody against every standard."""
    clerk.open("/office/assessments/")
    clerk.press("全员评估")
    clerk.wait_for_job()


def firms_shown(person: Person) -> list[tuple[str, str]]:
    """Code and name of the firms of a list."""
    rows = person.page.locator("main table tbody tr").all()
    return [(row.get_by_role("rowheader").inner_text(), row.inner_text()) for row in rows]


def registry(person: Person) -> list[tuple[str, str]]:
    """Code and name of the first firms of the registry, as the list shows them."""
    person.open("/office/firms/")
    links = person.page.locator("main table tbody th a").all()
    return [((link.get_attribute("href") or "").strip("/").rsplit("/", 1)[-1], link.inner_text()) for link in links]


def test_a_clerk_finds_a_firm_one_fact_away_and_brings_it_up(office: Office, enter, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    clerk = enter("jingban")
    known = registry(clerk)[:30]
    assert "已入库：30 家企业" in deliver(clerk, "税务", taxes(known, tmp_path))
    assert "已入库" in deliver(clerk, "知识产权", patents(known, tmp_path))
    assess(clerk)

    # a firm one fact away, found from the run's own number
    row = clerk.page.locator("main table tbody tr").filter(has_text=STANDARD)
    with clerk.page.expect_navigation():
        row.locator('a[href*="kind=lone"]').first.click()
    waiting = [name for name, text in firms_shown(clerk) if LACKING in text]
    assert waiting
    with clerk.page.expect_navigation():
        clerk.page.locator("main table").get_by_text(waiting[0], exact=True).first.click()
    assert LACKING in clerk.text
    codes = {name: code for code, name in registry_of(clerk, waiting)}

    # the fact is asked of the department that has it
    clerk.open("/office/quality/")
    clerk.press("现在检查")
    clerk.wait_for_job()
    line = clerk.page.locator("main table tbody tr").filter(has_text=LACKING).first
    with clerk.page.expect_navigation():
        line.locator("a").first.click()
    clerk.page.locator("main form button").filter(has_text="提出").click()
    clerk.page.wait_for_load_state()
    assert LACKING in clerk.text

    # the department answers with its file; the next run knows
    department = enter("renshe")
    department.open("/office/requests/")
    assert LACKING in department.text
    assert "已入库" in deliver(department, "人社", staff([(codes[name], name) for name in waiting], tmp_path, 40))
    assess(clerk)
    clerk.follow("变化及原因")
    assert waiting[0] in clerk.text
    assert LACKING in clerk.text

    # whoever now meets the pool's rule is entered by a person
    clerk.open("/office/pools/")
    clerk.press("现在重新计算")
    clerk.wait_for_job()
    clerk.open("/office/pools/zjtx/candidates/")
    entering = [name for name in waiting if clerk.page.get_by_text(name, exact=True).count()] or [firms_shown(clerk)[0][0]]
    clerk.page.locator("main table tbody tr").filter(has_text=entering[0]).locator("input[type=checkbox]").check()
    clerk.press("确认入库")
    clerk.open(f"/office/pools/zjtx/?q={entering[0]}")
    assert [name for name, _ in firms_shown(clerk)] == [entering[0]]

    # and what is to be reported goes up as a table
    clerk.open(f"/office/to-report/firms/?standard={STANDARD}&kind=to-report&verdict=met")
    reported = [name for name, _ in firms_shown(clerk)]
    clerk.page.locator('input[name="which"][value="all"]').check(force=True)
    clerk.press("生成推荐汇总表")
    with clerk.page.expect_navigation():
        clerk.page.locator("main .columns--side > div a[href*='/office/recommendations/']").first.click()
    with clerk.page.expect_download() as download:
        clerk.page.locator("main a[href*='xlsx']").first.click()
    cells = [str(cell) for sheet in every_sheet(Path(download.value.path()).read_bytes()) for row in sheet for cell in row]
    assert [name for name in reported if name not in cells] == []


def registry_of(person: Person, names: list[str]) -> list[tuple[str, str]]:
    """Codes of firms by their names."""
    found = []
    for name in names:
        person.open(f"/office/firms/?q={name}")
        link = person.page.locator("main table tbody th a").first
        found.append(((link.get_attribute("href") or "").strip("/").rsplit("/", 1)[-1], name))
    return found


def every_sheet(content: bytes) -> list[list[list[object]]]:
    """All sheets of a workbook."""
    book = CalamineWorkbook.from_filelike(BytesIO(content))
    return [book.get_sheet_by_name(name).to_python() for name in book.sheet_names]


def test_a_subdistrict_sees_its_own_firms_only(office: Office, enter) -> None:  # type: ignore[no-untyped-def]
    clerk, street = enter("jingban"), enter("jiedao")
    all_of_district = {code for code, _ in registry(clerk)}
    street.open("/office/firms/")
    assert set(street.texts("main table tbody td[data-title='所属街道']")) == {office.subdistrict}
    mine = {code for code, _ in registry(street)}
    other = min(all_of_district - mine)
    answer = street.page.goto(f"{office.site.address}/office/firms/{other}/")
    assert answer is not None
    assert answer.status == 404
    assert "不在您的管辖范围内" in street.text


def test_a_member_sees_the_own_gap_and_the_way_up(office: Office, enter) -> None:  # type: ignore[no-untyped-def]
    code, name = office.member_firm
    member = enter("qiye", 360)
    assert member.page.url.startswith(f"{office.site.address}/portal/")
    assert name in member.text
    member.open(f"/portal/{code}/gaps/")
    for standard in [one.get_attribute("value") for one in member.page.locator("#standard option").all()]:
        member.open(f"/portal/{code}/gaps/?standard={standard}")
        if "不符合的条件" in member.text:
            break
    assert "还差" in member.text or "要求" in member.text
    member.open(f"/portal/{code}/way/?standard={standard}")
    assert str(standard) in member.text
    assert "不需要改进" not in member.text
    stranger = next(one for one, _ in registry(enter("jingban")) if one != code)
    for path, status in ((f"/office/firms/{code}/", 403), (f"/portal/{stranger}/", 404), (f"/portal/{stranger}/facts/", 404)):
        answer = member.page.goto(f"{office.site.address}{path}")
        assert (path, answer and answer.status) == (path, status)


def test_an_auditor_verifies_the_chain(office: Office, enter) -> None:  # type: ignore[no-untyped-def]
    auditor = enter("shenji")
    auditor.open("/office/audit/verify/")
    auditor.press("开始校验")
    auditor.wait_for_job()
    assert "完整" in auditor.text
