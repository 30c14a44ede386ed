"""From entitlement to money in a real browser: the year's 小巨人 without an application, a contract that comes back twice."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Browser

from tests.apps.materials.files import png
from tests.site.fulfilment_steps import (  # noqa: F401 - fixtures
    ACCOUNT,
    CLERK,
    HEAD,
    District,
    Enter,
    Firm,
    Person,
    answered,
    close,
    days_pass,
    decide,
    district,
    enter,
    later,
    pay,
    publish,
    settle,
)

CONTRACT = "技术合同奖励"
OTHER_ACCOUNT = "6217000000000000123"


def confirmed(member: Person, firm: Firm, amount: str) -> None:
    """A firm reads what it is offered at phone width, promises, names its account."""
    member.open(f"/portal/{firm.code}/offers/")
    member.follow("专精特新小巨人配套")
    member.says(amount)
    member.page.fill("#number", ACCOUNT)
    member.tick("promise")
    member.press("确认领取")
    member.says("受理编号 MS")


def test_all_little_giants_of_a_year_are_paid_without_an_application(
    district: District,  # noqa: F811
    enter: Enter,  # noqa: F811
    chromium: Browser,
    tmp_path: Path,
) -> None:
    clerk, head = enter(CLERK), enter(HEAD)
    run = settle(clerk)
    clerk.open(f"/office/settlements/{run}/list/C3/")
    clerk.says("3 项")
    clerk.press("列入名单并通知企业（3 件）")
    clerk.wait_for_job()
    firms = {name: district.firms[name] for name in "甲乙丙"}
    clerk.says(*(firm.name for firm in firms.values()), "尚未答复")

    for name, firm in firms.items():
        confirmed(enter(firm.member, 360), firm, "20万元" if name == "乙" else "50万元")
    clerk.open("/office/no-application/firms/?award=C3&answer=confirmed")
    clerk.says(*(firm.name for firm in firms.values()))

    batch = decide(clerk, head, "小巨人第一批", "C3", 3)
    head.says("小巨人第一批", "名单（3 件）", "会议听取了审核情况")
    title = "小巨人第一批拟支持名单公示"
    notice = publish(clerk, head, batch, title)
    head.says("3 项，合计 120 万元")
    clerk.open(f"/office/notices/{notice}/close/")
    assert clerk.page.get_by_role("button", name="办结").is_disabled()
    clerk.says("5 个工作日")
    visitor = Person(chromium.new_page(), district.site.address)
    visitor.open(f"/notices/{notice}/")
    visitor.says(*(firm.name for firm in firms.values()), "50万元", "20万元")
    assert (ACCOUNT in visitor.page.content(), ACCOUNT[-4:] in visitor.text) == (False, False)

    days_pass(district, notice)
    close(clerk, notice)
    money = pay(clerk, head, 3)
    clerk.says("3 笔，1,200,000.00 元", "人民币壹佰贰拾万元整", "已送财政")
    answered(clerk, money, {}, tmp_path)
    clerk.says("新登记 3 笔")
    clerk.open(f"/office/payments/batches/{money}/")
    clerk.says("已回执", f"PZ{later(0)[:4]}-000001", f"PZ{later(0)[:4]}-000003")
    clerk.open("/office/vouchers/")
    clerk.says(*(firm.name for firm in firms.values()))
    clerk.open("/office/reconciliation/")
    clerk.says("项全部一致，没有一分钱的差额。")

    member = enter(firms["乙"].member, 360)
    member.open(f"/portal/{firms['乙'].code}/payments/")
    member.says("已到账合计 200,000.00")
    visitor.open("/notices/payments/")
    visitor.says(*(firm.name for firm in firms.values()))
    assert ACCOUNT[-4:] not in visitor.text
    visitor.page.close()


def applied(member: Person, firm: Firm) -> int:
    """The application for the contract, from the offer to the receipt; the number of the case."""
    member.open(f"/portal/{firm.code}/offers/")
    member.follow(CONTRACT)
    member.says("成交额 1200万元 × 10% = 120万元", "100万元", "上限")
    member.press("开始申报")
    case = int(member.page.url.strip("/").rsplit("/", 1)[-1])
    for section, act in (("企业信息", "checked"), ("事项信息", ""), ("收款账户", ""), ("承诺书", "promise")):
        member.open(f"/portal/{firm.code}/cases/{case}/")
        member.follow(section)
        if section == "收款账户":
            member.page.fill("#number", ACCOUNT)
        if act:
            member.tick(act)
        member.press("本节已填完")
    member.open(f"/portal/{firm.code}/cases/{case}/check/")
    member.press("提交申报")
    member.says("受理编号 SL")
    return case


def mended(member: Person, firm: Firm, case: int, folder: Path) -> None:
    """What was asked for is answered with a file; nothing else is open."""
    member.open(f"/portal/{firm.code}/cases/{case}/")
    member.says("登记章看不清")
    member.follow("材料")
    picture = folder / "登记证明.png"
    picture.write_bytes(png())
    member.page.set_input_files("#file-contract", picture)
    member.press("上传")
    member.open(f"/portal/{firm.code}/cases/{case}/check/")
    member.press("提交补正")
    member.says("第 2 次提交")


def agreed(department: Person, firm: Firm) -> None:
    """A department answers what it was asked."""
    department.open("/office/opinions/")
    department.page.locator("main tbody tr").filter(has_text=firm.name).first.locator("a[href*='/opinions/']").first.click()
    department.page.wait_for_url("**/opinions/*/")
    department.says("针对第 2 次提交")
    department.page.get_by_label("同意", exact=True).check(force=True)
    department.page.fill("#reason", "已核，无意见。")
    department.press("反馈意见")


def test_a_contract_is_mended_reviewed_objected_to_returned_and_paid(
    district: District,  # noqa: F811
    enter: Enter,  # noqa: F811
    tmp_path: Path,
) -> None:
    clerk, head, firm = enter(CLERK), enter(HEAD), district.firms["丁"]
    member = enter(firm.member, 360)
    settle(clerk)
    case = applied(member, firm)
    page = f"/office/cases/{case}/"

    clerk.open(f"{page}correct/")
    clerk.page.get_by_label("材料：技术合同登记证明").fill("登记章看不清")
    clerk.press("退回补正")
    mended(member, firm, case, tmp_path)
    clerk.open(page)
    clerk.says("补正改了什么", "登记证明.png")
    clerk.press("继续审核")
    clerk.says("联审完成", "还有部门没有反馈意见：")
    for department in ("department-clerk", "market", "finance"):
        agreed(enter(department), firm)
    clerk.open(page)
    clerk.press("联审完成")

    batch = decide(clerk, head, "技术合同第一批", "C5", 1)
    notice = publish(clerk, head, batch, "技术合同第一批拟支持名单公示")
    head.says("1 项，合计 100 万元")
    clerk.open(f"/office/notices/{notice}/objections/{case}/")
    clerk.fill("异议内容", "反映合同没有实际履行。")
    clerk.press("登记异议")
    objection = clerk.number
    clerk.open(page)
    clerk.says("异议核查中", "反映合同没有实际履行。")
    head.open(f"/office/notices/objections/{objection}/")
    head.page.get_by_label("异议不成立").check(force=True)
    head.page.fill("#answer", "已查验付款凭证和成果验收单，合同已履行。")
    head.page.locator("main form button").last.click()
    head.page.wait_for_load_state()
    head.says("异议不成立", "合同已履行")

    days_pass(district, notice)
    close(clerk, notice)
    first = pay(clerk, head, 1)
    answered(clerk, first, {firm.name: "账号与户名不符"}, tmp_path)
    clerk.open("/office/payments/returned/")
    clerk.says(firm.name, "账号与户名不符", "企业在“我的申报”里更正收款账户")
    member.open(f"/portal/{firm.code}/cases/{case}/")
    member.says("账号与户名不符")
    member.page.fill("#number", OTHER_ACCOUNT)
    member.press("更正账户")

    second = pay(clerk, head, 1)
    answered(clerk, second, {}, tmp_path)
    clerk.open(page)
    clerk.says("已到账")
    member.open(f"/portal/{firm.code}/cases/{case}/")
    member.says("第 1 次：1,000,000.00", "第 2 次：1,000,000.00", "凭证")
    clerk.open("/office/reconciliation/")
    clerk.says("项全部一致，没有一分钱的差额。")
