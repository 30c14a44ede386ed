"""An item under a ruling, in a real browser: rehearsed, left open, nothing is paid on it, decided, and the money is there again."""

from __future__ import annotations

import re
from collections.abc import Callable

from tests.site.test_office_journeys import Office, Person, enter, office  # noqa: F401 - fixtures

RULING, USUAL, OPEN = "R8", "事项在期内即可", "待定"
NEWEST = re.compile(r"第 (\d+) 次兑现测算")


def settled(clerk: Person) -> dict[str, tuple[int, str]]:
    """Another settlement of the district: certain and waiting items with the worth, by award."""
    clerk.open("/office/settlements/")
    clerk.press("测算全区")
    clerk.wait_for_job()
    assert NEWEST.fullmatch(clerk.page.locator("h1").inner_text())
    found = {}
    for row in clerk.page.locator("section[aria-labelledby=counts] tbody tr").all():
        cells = {one.get_attribute("data-title"): one.inner_text() for one in row.locator("td").all()}
        found[row.locator("th a").first.inner_text().partition(" ")[0]] = (int(cells["待定口径"]), cells["金额（万元）"])
    return found


def rehearsed(person: Person, choice: str) -> None:
    """From the question to what the choice moves."""
    person.open(f"/office/rulings/{RULING}/")
    person.page.check(f'input[name="choice"][value="{choice}"]')
    person.press("试算影响")
    person.wait_for_job()


def test_an_item_under_a_ruling(office: Office, enter: Callable[[str], Person]) -> None:  # noqa: F811 - fixtures
    clerk, head = enter("jingban"), enter("kezhang")
    before = settled(clerk)
    assert any(worth != "0" for _, worth in before.values())

    rehearsed(clerk, OPEN)
    where = clerk.page.url.removeprefix(office.site.address)
    assert "这一步由牵头局负责人办理" in clerk.text
    assert clerk.page.get_by_role("button", name=f"采用“{OPEN}”").is_disabled()
    moved = int(clerk.page.locator("section[aria-labelledby=moved] tbody td[data-title='变动（项）']").first.inner_text())
    clerk.page.locator("section[aria-labelledby=moved] tbody td a").first.click()
    clerk.page.wait_for_url("**/firms/?payer=*")
    assert f"{moved} 条" in clerk.text

    head.open(where)
    head.page.fill("#reason", "等待市局答复，暂不兑现。")
    head.press(f"采用“{OPEN}”")
    assert "等待市局答复，暂不兑现。" in head.text

    waiting = settled(clerk)
    assert {worth for _, worth in waiting.values()} == {"0"}
    assert sum(count for count, _ in waiting.values()) > sum(count for count, _ in before.values())
    clerk.page.locator("td[data-title='待定口径'] a").first.click()
    clerk.page.locator("main tbody th a").first.click()
    clerk.page.get_by_text("依据的口径").wait_for()
    assert f"口径 {RULING} 尚未确定" in clerk.text
    assert f"这次按“{OPEN}”" in clerk.text

    rehearsed(head, USUAL)
    head.page.fill("#reason", "市局答复：按事项日期。")
    head.press(f"停用，恢复为“{USUAL}”")
    assert "市局答复：按事项日期。" in head.text
    assert settled(clerk) == before
