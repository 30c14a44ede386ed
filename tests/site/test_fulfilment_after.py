"""After the money, and beside it, in a real browser: a firm that moved away pays back; a nomination is not paid beside its prize."""

from __future__ import annotations

from tests.site.fulfilment_steps import CLERK, HEAD, District, Enter, district, enter, later, settle  # noqa: F401 - fixtures

REFUSED = "同一年度的同一质量奖从高不重复（文末第二段），已按较高的“区政府质量奖 获奖 2024-05-20”（30万元）计算，本项不再给。"


def test_a_firm_that_moved_away_pays_back_in_instalments(district: District, enter: Enter) -> None:  # noqa: F811
    clerk, head, firm = enter(CLERK), enter(HEAD), district.firms["己"]
    clerk.open("/office/leads/")
    clerk.press("现在就查找一次")
    clerk.wait_for_job()
    clerk.open("/office/leads/")
    clerk.says(firm.name)
    clerk.page.locator("main tbody th a").first.click()
    clerk.page.wait_for_url("**/leads/*/")
    lead = clerk.number
    clerk.says(firm.name, "税务", "500,000.00")
    clerk.page.fill("#words", "税务局月度名单显示已迁出，电话核实属实。")
    clerk.press("核实属实")

    head.open(f"/office/leads/{lead}/recover/")
    head.says("已到账、未在追缴的共 500,000.00 元")
    head.page.locator("main tbody label").first.click()
    head.page.fill("#reason", "承诺期内税务关系迁出本区，按承诺全额退回。")
    head.press("立案追缴选中的拨付")
    recovery = head.number
    page = f"/office/recoveries/{recovery}/"
    head.page.fill("#words", "承诺期内税务关系迁出本区，拟全额追缴。")
    head.press("已告知，可申辩")

    member = enter(firm.member, 360)
    where = f"/portal/{firm.code}/duties/recoveries/{recovery}/"
    member.open(where)
    member.page.get_by_text("怎么算的", exact=True).click()
    member.says("500,000.00 元", "不按已履行的年数折算")
    member.page.fill("#words", "因厂房到期迁址，愿意分期退回。")
    member.press("提交申辩")
    head.open(page)
    head.says("因厂房到期迁址，愿意分期退回。", "企业的申辩还没有处理，处理后才能继续。")
    head.fill("核实和处理情况", "迁址属实，承诺期内须全额退回，同意分期。")
    head.press("登记处理情况")
    head.page.fill("#words", "已听取申辩，维持全额追缴。")
    head.press("申辩已处理")
    head.page.fill("#words", "请退回 50 万元，可分两期。")
    head.press("已发追缴决定")

    clerk.open(page)
    clerk.page.get_by_text("约定分期", exact=True).click()
    clerk.page.fill("#plan", f"{later(30)} 200000.00\n{later(60)} 300000.00")
    clerk.press("登记约定")
    clerk.says(later(30), later(60), "300,000.00")
    for amount, reference, left in (("200000.00", "HK-1", "300,000.00"), ("300000.00", "HK-2", "0.00")):
        clerk.page.fill("#amount", amount)
        clerk.page.fill("#reference", reference)
        clerk.page.fill("#on", later(0))
        clerk.press("登记到账")
        clerk.says(f"尚欠\n{left} 元")
    clerk.says("办结")
    member.open(where)
    member.says("已退回\n500,000.00 元，尚欠 0.00 元", "HK-1", "HK-2")
    clerk.open("/office/reconciliation/")
    clerk.says("项全部一致，没有一分钱的差额。")


def test_a_nomination_is_refused_beside_the_prize_of_the_same_year(district: District, enter: Enter) -> None:  # noqa: F811
    clerk, firm = enter(CLERK), district.firms["戊"]
    run = settle(clerk)
    clerk.open(f"/office/settlements/{run}/candidates/?award=C6")
    assert "30" in clerk.row("区政府质量奖 获奖")
    clerk.page.locator("main tbody tr").filter(has_text="提名").locator("th a").first.click()
    clerk.page.wait_for_url("**/settlements/candidates/*/")
    clerk.says("提名", REFUSED)
    number = int(clerk.page.url.strip("/").rsplit("/", 1)[-1])

    member = enter(firm.member, 360)
    member.open(f"/portal/{firm.code}/offers/{number}/")
    member.says("按现行政策不能享受", REFUSED)
    assert member.page.get_by_role("button", name="开始申报").is_disabled()

    # the prize itself is applied for once; the same thing again is refused with the case that exists
    member.open(f"/portal/{firm.code}/offers/")
    member.says("30万元")
    member.follow("质量奖奖励")
    offer = member.page.url.removeprefix(member.address)
    member.press("开始申报")
    member.open(offer)
    assert member.page.get_by_role("button", name="开始申报").is_disabled()
    member.says("同一事项不能重复申报")
