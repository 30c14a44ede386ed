"""What clerks, heads, departments and firms do between entitlement and money, page by page, in a real browser."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page
from python_calamine import CalamineWorkbook

from tests.site.fulfilment_district import PASSWORD
from tests.site.serving import Site, running_site
from tidu.kernel.legal_days import legal_day

PATIENCE = 60_000
ACCOUNT = "6222020200012345678"
CLERK, HEAD = "bureau-clerk", "bureau-head"


@dataclass(frozen=True)
class Firm:
    """A firm of the district and who acts for it."""

    code: str
    name: str
    member: str


@dataclass(frozen=True)
class District:
    """The running site and its firms by their short names."""

    site: Site
    firms: Mapping[str, Firm]


@pytest.fixture(scope="module")
def district() -> Iterator[District]:
    with running_site(worker=True, prepared_by="tests.site.fulfilment_district") as site:
        told = json.loads((site.folder / "prepared").read_text(encoding="utf-8").splitlines()[-1])
        yield District(site, {name: Firm(**firm) for name, firm in told.items()})


@dataclass
class Person:
    """Somebody who is logged in."""

    page: Page
    address: str

    def open(self, path: str) -> None:
        """A page by its address; it is never wider than the screen."""
        answer = self.page.goto(f"{self.address}{path}")
        assert answer is not None
        assert answer.status == 200, path
        assert self.page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path

    def press(self, text: str) -> None:
        """A button by its words, and wait for what comes."""
        with self.page.expect_navigation():
            self.page.locator("main").get_by_role("button", name=text, exact=True).first.click()

    def follow(self, text: str) -> None:
        """A link of the page by its words, and wait for what comes."""
        with self.page.expect_navigation():
            self.page.locator("main").get_by_role("link", name=text, exact=True).first.click()

    def fill(self, label: str, text: str) -> None:
        """A field by its label."""
        self.page.locator("main").get_by_label(label, exact=True).fill(text)

    def tick(self, name: str) -> None:
        """A box by the words beside it, as a finger does."""
        self.page.locator(f"label[for={name}]").click()

    def wait_for_job(self) -> None:
        """The page of a job tells of its progress by itself; then on to the result."""
        self.page.wait_for_url("**/office/jobs/**")
        self.page.get_by_text("查看结果").wait_for()
        with self.page.expect_navigation():
            self.page.get_by_text("查看结果").click()

    def row(self, words: str) -> str:
        """The row of a table in which something stands, as one text."""
        return self.page.locator("main tbody tr").filter(has_text=words).first.inner_text()

    @property
    def text(self) -> str:
        """What the page says."""
        return self.page.locator("main").inner_text()

    @property
    def number(self) -> int:
        """The number in the address of the page."""
        found = re.search(r"/(\d+)/", self.page.url.removeprefix(self.address))
        assert found is not None, self.page.url
        return int(found[1])

    def says(self, *words: str) -> None:
        """Every one of these stands on the page."""
        text = self.text
        assert [one for one in words if one not in text] == [], text


Enter = Callable[..., Person]


@pytest.fixture
def enter(district: District, chromium: Browser) -> Iterator[Enter]:
    contexts = []

    def as_person(username: str, width: int = 1366) -> Person:
        context = chromium.new_context(locale="zh-CN", viewport={"width": width, "height": 800}, accept_downloads=True)
        context.set_default_timeout(PATIENCE)
        contexts.append(context)
        page = context.new_page()
        page.goto(f"{district.site.address}/office/login/")
        page.fill("#username", username)
        page.fill("#password", PASSWORD)
        with page.expect_navigation():
            page.locator("main").get_by_role("button", name="登录").click()
        return Person(page, district.site.address)

    yield as_person
    for context in contexts:
        context.close()


def settle(clerk: Person) -> int:
    """Another settlement of the district; its number."""
    clerk.open("/office/settlements/")
    clerk.press("测算全区")
    clerk.wait_for_job()
    return clerk.number


def decide(clerk: Person, head: Person, title: str, award: str, count: int) -> int:
    """All waiting cases of an item go before a meeting, which agrees; the number of the batch."""
    clerk.open("/office/batches/new/")
    clerk.fill("批次名称", title)
    clerk.press("新建批次")
    batch = clerk.number
    clerk.open(f"/office/batches/{batch}/add/?award={award}")
    clerk.tick("which-all")
    clerk.press("列入本批次")
    head.open(f"/office/batches/{batch}/decide/")
    head.page.fill("#met_on", legal_day(datetime.now(UTC)).isoformat())
    head.page.fill("#minutes", "会议听取了审核情况，逐项核对金额，同意。")
    head.page.fill("#typed", str(count))
    head.press("会审同意，占用预算")
    head.wait_for_job()
    return batch


def publish(clerk: Person, head: Person, batch: int, title: str) -> int:
    """The batch's notice is drafted by the clerk and published by the head; its number."""
    clerk.open(f"/office/notices/new/{batch}/")
    clerk.page.fill("#title", title)
    clerk.page.fill("#contact", "测试区科经局，电话 027-84940000")
    clerk.press("存为公示稿")
    clerk.wait_for_job()
    clerk.open("/office/notices/")
    clerk.follow(title)
    notice = clerk.number
    head.open(f"/office/notices/{notice}/publish/")
    head.press("发布")
    head.wait_for_job()
    return notice


def close(clerk: Person, notice: int) -> None:
    """What no open objection stops goes on to payment."""
    clerk.open(f"/office/notices/{notice}/close/")
    clerk.press("办结")
    clerk.wait_for_job()


def pay(clerk: Person, head: Person, count: int) -> int:
    """All that wait for the district's money: a batch made by one, checked by another, handed to finance; its number."""
    clerk.open("/office/payments/waiting/")
    clerk.press(f"筛选出的 {count} 件全部列入")
    clerk.press("建立区级拨付批次")
    clerk.wait_for_job()
    clerk.open("/office/payments/batches/")
    clerk.page.locator("main tbody th a").first.click()
    clerk.page.wait_for_url("**/payments/batches/*/")
    batch = clerk.number
    clerk.open(f"/office/payments/batches/{batch}/check/")
    assert clerk.page.get_by_role("button", name="复核通过").is_disabled()
    head.open(f"/office/payments/batches/{batch}/check/")
    head.press("复核通过")
    clerk.open(f"/office/payments/batches/{batch}/send/")
    clerk.press("送财政")
    clerk.wait_for_job()
    return batch


def answered(clerk: Person, batch: int, returned: Mapping[str, str], folder: Path) -> None:
    """Finance fills in its table (``returned``: why, by account holder; the rest arrived today) and the clerk takes it."""
    clerk.open(f"/office/payments/batches/{batch}/feedback/")
    with clerk.page.expect_download() as download:
        clerk.page.get_by_role("link", name="下载这一批的回执空表").click()
    book = CalamineWorkbook.from_path(str(download.value.path()))
    rows = [row for row in book.get_sheet_by_index(0).to_python() if str(row[0]).strip().removesuffix(".0").isdecimal()]
    today = legal_day(datetime.now(UTC)).isoformat()
    path = folder / f"回执{batch}.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["拨付编号", "到账日期", "财政流水号", "退票原因"])
        for number, holder, *_ in rows:
            key = str(number).removesuffix(".0")
            why = returned.get(str(holder), "")
            writer.writerow([key, "" if why else today, f"CZ{batch}-{key}", why])
    clerk.page.set_input_files("input[type=file]", path)
    clerk.press("上传并预览")
    clerk.press(f"登记这 {len(rows)} 笔")
    clerk.wait_for_job()


def days_pass(district: District, notice: int) -> None:
    """Longer than five working days with any holiday between."""
    district.site.run("tests.site.days_pass", str(notice), "30")


def later(days: int) -> str:
    """A day from today, as fields want it."""
    return (legal_day(datetime.now(UTC)) + timedelta(days=days)).isoformat()
