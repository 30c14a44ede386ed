"""A member of a firm at phone width, in a real browser: applies, is asked to mend, mends, hands in again; confirms what needs no application."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.apps.materials.files import png
from tests.site.office_district import PASSWORD
from tests.site.serving import Site, running_site

PATIENCE = 60_000
ACCOUNT = "6222020200012345678"
ITEM = "技术合同奖励"


@dataclass(frozen=True)
class Portal:
    """A running site and the member's firm, which has a contract and a recognition to be rewarded."""

    site: Site
    firm: str


@pytest.fixture(scope="module")
def portal() -> Iterator[Portal]:
    with running_site(prepared_by="tests.site.portal_district") as site:
        told = json.loads((site.folder / "prepared").read_text(encoding="utf-8").splitlines()[-1])
        yield Portal(site, told["firm"])


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

    def tick(self, name: str) -> None:
        """A box by the words beside it, as a finger does."""
        self.page.locator(f"label[for={name}]").click()

    @property
    def text(self) -> str:
        """What the page says."""
        return self.page.locator("main").inner_text()


@pytest.fixture
def enter(portal: Portal, chromium: Browser) -> Iterator[Callable[..., Person]]:
    contexts = []

    def as_person(username: str, width: int = 360) -> Person:
        context = chromium.new_context(locale="zh-CN", viewport={"width": width, "height": 740})
        context.set_default_timeout(PATIENCE)
        contexts.append(context)
        page = context.new_page()
        page.goto(f"{portal.site.address}/office/login/")
        page.fill("#username", username)
        page.fill("#password", PASSWORD)
        with page.expect_navigation():
            page.locator("main").get_by_role("button", name="登录").click()
        return Person(page, portal.site.address)

    yield as_person
    for context in contexts:
        context.close()


def hand_in(member: Person, firm: str) -> str:
    """An application from the offer to the receipt; the address of its page."""
    member.open(f"/portal/{firm}/offers/")
    member.follow(ITEM)
    assert "成交额 1200万元 × 10% = 120万元" in member.text
    member.press("开始申报")
    case = member.page.url.removeprefix(member.address)
    member.follow("企业信息")
    member.tick("checked")
    member.press("本节已填完")
    member.follow("事项信息")
    member.press("本节已填完")
    member.follow("收款账户")
    member.page.fill("#number", "123")
    member.press("先保存，以后再填")
    member.follow("收款账户")
    assert member.page.input_value("#number") == "123"
    member.page.fill("#number", ACCOUNT)
    member.press("本节已填完")
    member.follow("承诺书")
    member.tick("promise")
    member.press("本节已填完")
    member.follow("检查填写内容并提交")
    assert ("免提交" in member.text, ACCOUNT in member.page.content(), "***************5678" in member.text) == (True, False, True)
    member.press("提交申报")
    assert "受理编号 SL" in member.text
    return case


def ask_for_the_contract(clerk: Person, case: str) -> None:
    """The bureau sends it back for one material."""
    number = case.strip("/").rsplit("/", 1)[-1]
    clerk.open(f"/office/cases/{number}/correct/")
    clerk.page.get_by_label("材料：技术合同登记证明").fill("登记章看不清")
    with clerk.page.expect_navigation():
        clerk.page.locator("main").get_by_role("button", name="退回补正").click()


def test_a_member_applies_mends_what_was_asked_for_and_hands_in_again(
    portal: Portal, enter: Callable[..., Person], tmp_path: Path
) -> None:  # fmt: skip
    member = enter("qiye")
    case = hand_in(member, portal.firm)
    ask_for_the_contract(enter("jingban", 1366), case)

    member.open(f"/portal/{portal.firm}/")
    member.page.locator("main a.key", has_text="待补正").click()
    member.follow(ITEM)
    assert ("登记章看不清" in member.text, member.page.get_by_role("link", name="收款账户", exact=True).count()) == (True, 0)
    member.follow("材料")
    picture = tmp_path / "登记证明.png"
    picture.write_bytes(png())
    member.page.set_input_files("#file-contract", picture)
    member.press("上传")
    assert "登记证明.png" in member.text
    member.open(f"{case}check/")
    member.press("提交补正")
    assert "第 2 次提交" in member.text
    member.open(case)
    assert "补正" in member.text
    assert "第 1 次提交" in member.text


def test_a_member_confirms_what_needs_no_application(portal: Portal, enter: Callable[..., Person]) -> None:
    member = enter("qiye")
    member.open(f"/portal/{portal.firm}/messages/")
    member.follow("专精特新小巨人配套：免申即享")
    member.follow("去确认")
    member.page.fill("#number", ACCOUNT)
    member.press("确认领取")
    assert "请阅读承诺书" in member.text
    member.page.fill("#number", ACCOUNT)
    member.tick("promise")
    member.press("确认领取")
    assert "受理编号 MS" in member.text
    member.open(f"/portal/{portal.firm}/cases/?show=confirm")
    assert "待您确认（0）" in member.text
