"""Whole journeys through the calculator in a real browser: with the mouse, with the keyboard alone, without JavaScript."""

from __future__ import annotations

import json
from collections import Counter
from datetime import date
from pathlib import Path

import pytest
import python_calamine
from playwright.sync_api import expect

from tests.apps.calculator.visitors import report
from tests.site.browsing import OpenPage, Traffic, Window
from tests.site.page_checks import overflow
from tests.site.walking import KEYBOARD, MOUSE, Walker
from tidu.apps.calculator.domain import Answers, Results, example, results, way_to, what_if
from tidu.apps.policies.loaded import packs
from tidu.demo import make_district
from tidu.exchange.settlement_figures import wan
from tidu.exchange.workbooks import population_to_workbook
from tidu.kernel.inputs import FirmInputs, Moment
from tidu.kernel.interpret import assess
from tidu.kernel.population import Population
from tidu.kernel.settle import settle

START = "/calculator/?law_date=2024-06-01"
PAYING, LATER = Moment(date(2024, 6, 1), date(2024, 6, 1)), Moment(date(2026, 5, 1), date(2024, 6, 1))
MOST_QUESTIONS = 7
"""Questions after which a first result stands that was not there before."""
FACTORY = {**example("nearly").answers.as_fields(), "titles": "none", "happenings": "none"}
REWARDED = example("rewarded").answers.as_fields()
TRADER = {
    "persona": "factory", "tax_home": "yes", "registration": "active", "titles": "none", "exclusions": "none", "happenings": "contract",
    "contract.1.type": "develop", "contract.1.amount": "300", "contract.1.party": "university", "contract.1.date": "2023-05-04",
    "contract.2.type": "advice", "contract.2.amount": "80", "contract.2.party": "institute", "contract.2.date": "2023-09-15",
}  # fmt: skip

WALKS = [(MOUSE, Window()), (KEYBOARD, Window())]


def spelled(walk: object) -> str:
    """A walk as the name of a test."""
    return "-".join(map(str, walk)) if isinstance(walk, tuple) else str(walk)


@pytest.fixture(params=WALKS, ids=spelled)
def walker(request: pytest.FixtureRequest, open_page: OpenPage) -> Walker:
    """A visitor before the first page."""
    means, window = request.param
    return Walker(open_page(window), means, window.javascript)


ANYHOW = pytest.mark.parametrize(
    "walker",
    [*WALKS, (MOUSE, Window(360)), (KEYBOARD, Window(360)), (MOUSE, Window(javascript=False)), (KEYBOARD, Window(javascript=False))],
    indirect=True,
    ids=spelled,
)


@ANYHOW
@pytest.mark.parametrize(
    ("firm", "is_first"),
    [
        pytest.param(REWARDED, "in favour", id="rewarded"),
        pytest.param(FACTORY, "decided", id="factory"),
        pytest.param(TRADER, "decided", id="contracts"),
    ],
)
def test_a_first_result_stands_after_seven_questions_at_most(walker: Walker, firm: dict[str, str], is_first: str) -> None:
    walker.page.goto(START)
    untold = decided(results(Answers(), packs=packs(), moment=PAYING))
    while not (in_favour(walker) if is_first == "in favour" else shown_decided(walker) > untold):
        assert len(walker.asked) < MOST_QUESTIONS, walker.asked
        walker.answer(firm)
    report(f"{is_first} after {len(walker.asked)} questions: {walker.asked}")
    assert overflow(walker.page) == []


def decided(found: Results) -> int:
    """Results that are settled. Some are so before anything is told: only what the answers add is a result for the visitor."""
    return sum(result.group != "待补充" for result in found.results)


def shown_decided(walker: Walker) -> int:
    """The same as the page counts them; none on the first page, which counts nothing."""
    return sum(count for name, count in walker.groups.items() if name != "待补充")


def in_favour(walker: Walker) -> bool:
    """Whether the page tells the visitor of something to have or nearly to have."""
    return walker.groups.get("可享", 0) + walker.groups.get("差一点", 0) > 0


def test_who_knows_nothing_is_promised_nothing(walker: Walker) -> None:
    walker.page.goto(START)
    untold = results(Answers(), packs=packs(), moment=PAYING)
    for _ in range(MOST_QUESTIONS):
        walker.answer({})
    assert (walker.groups["可享"], walker.groups["差一点"], shown_decided(walker)) == (0, 0, decided(untold))


@ANYHOW
def test_what_is_answered_question_by_question_adds_up_to_the_domains_results(walker: Walker) -> None:
    walker.page.goto(START)
    while walker.question and len(walker.asked) < 8:
        walker.answer(TRADER)
    if walker.question:
        walker.go("先看结果")
    told = {name: text for name, text in TRADER.items() if name in fields_sent(walker)}
    found = results(Answers.parse(told)[0], packs=packs(), moment=PAYING)
    expected = [fen for one in found.results if one.kind == "award" if (fen := one.amount or one.most)]
    assert told.keys() >= {"persona", "happenings", "contract.1.amount"}
    assert sorted(walker.amounts) == sorted([*([found.total] if found.total else []), *expected])
    assert walker.groups == {name: len(found.group(name)) for name in walker.groups}


def fields_sent(walker: Walker) -> dict[str, str]:
    """What the form would send now."""
    pairs = walker.page.evaluate("() => [...new FormData(document.querySelector('main form'))].map(([name, value]) => [name, value])")
    return {name: value for name, value in pairs if value}


def test_a_firm_one_step_away_finds_the_step_and_tries_it(walker: Walker) -> None:
    nearly = example("nearly")
    walker.page.goto(START)
    walker.go(nearly.label)
    walker.go("用这些数据做梯度体检", arrives=False)
    expect(walker.page.get_by_role("heading", level=1)).to_have_text("梯度体检")
    walker.leave(walker.page.locator('button[name="target"][value="specialised"]'))
    assert walker.page.url.endswith("/checkup/")
    way = way_to(nearly.answers, rung="specialised", packs=packs(), moment=PAYING)
    assert walker.page.locator("section[aria-labelledby=way] ol li").all_inner_texts() == [step.sentence for step in way.found.steps]
    figure = walker.page.locator('[id="try-rd_expense.0"]')
    walker.write(figure, "210")
    walker.page.keyboard.press("Tab")
    expect(walker.page.locator("#what-if")).to_contain_text(changed({"rd_expense.0": "210"}))
    slider = walker.page.get_by_label("研发人员（拖动）")
    if walker.means == MOUSE:
        box = slider.bounding_box()
        assert box is not None
        walker.page.mouse.click(box["x"] + box["width"] * 0.9, box["y"] + box["height"] / 2)
    else:
        walker.reach(slider)
        walker.page.keyboard.press("End")
    staff = walker.page.locator('[id="try-rd_staff.0"]').input_value()
    assert int(staff) > 6
    expect(walker.page.locator("#what-if")).to_contain_text(changed({"rd_expense.0": "210", "rd_staff.0": staff}))


def changed(changes: dict[str, str]) -> str:
    """What the domain says of some changes for the firm that is one step away; a change of score or verdict is among it."""
    found = what_if(example("nearly").answers, changes, standard="专精特新中小企业", packs=packs(), moment=PAYING)
    assert found.score_before is not None
    assert found.score_after is not None
    assert (found.score_before.low, found.verdict_before) != (found.score_after.low, found.verdict_after)
    return found.sentence


SEEN_ON_PAPER = """() => {
  const seen = selector => [...document.querySelectorAll(selector)].filter(one =>
    one.checkVisibility({visibilityProperty: true}) && one.getBoundingClientRect().height > 2);
  return {
    buttons: seen("button, input, select, textarea, .button").length,
    navigation: seen("nav, .nav-top, .crumbs, .skip, .site-head__tools, .site-foot a").length,
    results: seen(".result").length,
    folded: [...document.querySelectorAll("main details")].filter(one => one.checkVisibility() &&
      ![...one.children].slice(1).every(part => part.checkVisibility())).length,
    told: seen(".summary dd").length,
    dates: seen(".only-print").length,
  };
}"""


@pytest.mark.parametrize("window", [Window(), Window(360)], ids=str)
def test_a_result_on_paper_has_everything_and_nothing_to_press(open_page: OpenPage, window: Window) -> None:
    walker = Walker(open_page(window), MOUSE, window.javascript)
    walker.page.goto(START)
    walker.go(example("rewarded").label)
    shown = sum(walker.groups.values())
    told = sum(1 for _ in example("rewarded").answers.shown())
    folded = walker.page.locator("main details:not([open])").count()
    walker.page.emulate_media(media="print")
    walker.page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    found = walker.page.evaluate(SEEN_ON_PAPER)
    assert found == {"buttons": 0, "navigation": 0, "results": shown, "folded": 0, "told": told, "dates": 1}
    walker.page.evaluate("window.dispatchEvent(new Event('afterprint'))")
    walker.page.emulate_media(media="screen")
    assert walker.page.locator("main details:not([open])").count() == folded
    assert walker.page.pdf().startswith(b"%PDF")


def test_another_date_of_law_changes_texts_and_ends_awards(walker: Walker) -> None:
    answers = example("rewarded").answers
    walker.page.goto(START)
    walker.go(example("rewarded").label)
    before, after = (results(answers, packs=packs(), moment=moment) for moment in (PAYING, LATER))
    texts = {
        moment: {one.name: one.version for one in found.results if one.kind == "standard"} for moment, found in ((1, before), (2, after))
    }
    assert (walker.versions, walker.amounts[0]) == (texts[1], before.total)
    walker.unfold("日期和申报类型")
    walker.write(walker.page.get_by_label("政策日期"), "2026-05-01")
    walker.go("按这些日期重算")
    assert (walker.versions, walker.amounts) == (texts[2], [])
    assert [name for name, version in texts[1].items() if texts[2].get(name, version) != version] != []
    expect(walker.page.locator("#results-area")).to_contain_text(after.sentence)
    assert after.sentence != ""


def test_answers_are_mended_steps_taken_back_and_everything_cleared(walker: Walker) -> None:
    page = walker.page
    page.goto(START)
    for _ in range(4):
        walker.answer(TRADER)
    third = walker.question
    walker.go("上一题")
    assert walker.question == walker.asked[-1]
    walker.go("下一题")
    assert walker.question == third
    walker.go("先看结果")
    assert walker.question == ""
    walker.go("继续答题")
    assert walker.question == third
    walker.unfold("已填写的内容")
    walker.leave(page.locator('button[value="edit:persona"]').last)
    assert (walker.question, page.locator("input[name=persona]:checked").get_attribute("value")) == ("persona", "factory")
    walker.choose("persona", "software")
    walker.go("下一题")
    assert fields_sent(walker)["persona"] == "software"
    walker.go("先看结果")
    walker.go("清空重来")
    assert (walker.question, page.locator("input:checked").count(), page.locator(".tally").count()) == ("persona", 1, 0)


def test_a_second_contract_is_added_and_counts(walker: Walker) -> None:
    page = walker.page
    page.goto(START)
    while walker.question != "contract":
        assert len(walker.asked) < MOST_QUESTIONS
        walker.answer(TRADER)
    one = {name: text for name, text in TRADER.items() if not name.startswith("contract.2")}
    walker.fill_in(one)
    walker.go("再加一条")
    walker.fill_in({name: text for name, text in TRADER.items() if name.startswith("contract.2")})
    walker.go("下一题")
    sent = {name: text for name, text in fields_sent(walker).items() if name.startswith("contract.")}
    assert sent == {name: text for name, text in TRADER.items() if name.startswith("contract.")}
    walker.unfold("已填写的内容")
    walker.leave(page.locator('button[value="edit:contract"]').last)
    assert page.locator(".question__row > legend").all_inner_texts() == ["第 1 条", "第 2 条"]


def test_a_faulty_answer_keeps_the_question_and_says_why(walker: Walker, traffic: Traffic) -> None:
    traffic.may_answer.add(400)
    walker.page.goto(START)
    walker.page.goto("/calculator/?law_date=2024-06-01")
    while walker.question != "founded":
        assert len(walker.asked) < 12
        walker.answer(FACTORY | {"exclusions": "none"})
        if walker.question in {"revenue", "main_revenue"}:
            break
    name = walker.page.locator(".question input[type=text]").first.get_attribute("name")
    field = walker.page.locator(f'[id="{name}"]')
    question = walker.question
    walker.write(field, "很多")
    walker.go("下一题")
    assert (walker.question, field.input_value(), field.get_attribute("aria-invalid")) == (question, "很多", "true")
    problem = walker.page.locator(".problems a").first
    assert problem.inner_text().endswith("。")
    walker.press(problem)
    assert walker.page.evaluate("document.activeElement.id") == name


def test_results_and_answers_are_taken_along_and_brought_back(walker: Walker, tmp_path: Path) -> None:
    page, answers = walker.page, example("rewarded").answers
    page.goto(START)
    walker.go(example("rewarded").label)
    with page.expect_download() as book:
        walker.press(page.get_by_role("button", name="下载结果（Excel）"))
    with page.expect_download() as data:
        walker.press(page.get_by_role("button", name="下载填写的数据"))
    assert (book.value.suggested_filename, data.value.suggested_filename) == ("政策测算结果.xlsx", "填写的数据.json")
    saved = tmp_path / "answers.json"
    data.value.save_as(saved)
    assert json.loads(saved.read_text(encoding="utf-8"))["firms"][0]["企业名称"] == answers.name
    page.goto("/calculator/workbook/?law_date=2024-06-01&facts_as_of=2024-06-01")
    page.get_by_label("选择数据表").set_input_files(saved)
    walker.leave(page.get_by_role("button", name="开始测算"), arrives=False)
    found = results(answers, packs=packs(), moment=PAYING)
    assert sum(walker.amounts) == found.total
    counts = page.locator("section[aria-labelledby=by-standard] tbody tr").evaluate_all(
        "rows => rows.map(row => [row.cells[0].textContent, row.cells[1].textContent])"
    )
    assert dict(counts) == {one.name: "1" if one.verdict == "met" else "0" for one in found.results if one.kind == "standard"}


@pytest.mark.parametrize("means", [MOUSE, KEYBOARD])
def test_the_step_is_found_and_tried_without_javascript(open_page: OpenPage, means: str) -> None:
    walker = Walker(open_page(Window(javascript=False)), means, script=False)
    page = walker.page
    page.goto(START)
    walker.go(example("nearly").label)
    walker.go("用这些数据做梯度体检")
    walker.leave(page.locator('button[name="target"][value="specialised"]'))
    assert page.locator("#sliders input[type=range]:visible").count() == 0
    walker.write(page.locator('[id="try-rd_expense.0"]'), "210")
    walker.go("看变化")
    assert changed({"rd_expense.0": "210"}) in page.locator("#what-if").inner_text()
    assert page.locator('[id="rd_expense.0"]').input_value() == "150"


# A district in a workbook

FIRMS = 500


@pytest.fixture(scope="module")
def district() -> Population:
    return make_district(FIRMS)


@pytest.fixture(scope="module")
def workbook(district: Population, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return population_to_workbook(district, tmp_path_factory.mktemp("district") / "firms.xlsx")


@pytest.fixture(scope="module")
def verdicts(district: Population) -> dict[str, dict[str, str]]:
    """What the kernel says of each firm by each standard, one by one."""
    standards = [one for one in packs().in_force(law_date=PAYING.law_date) if not one.classes]
    return {
        firm.code: {one.name: str(assess(FirmInputs(firm, PAYING, packs()), one).verdict) for one in standards}
        for firm in district.each_firm()
    }


def test_a_workbook_of_five_hundred_firms_is_counted_as_the_kernel_counts(
    walker: Walker, district: Population, workbook: Path, verdicts: dict[str, dict[str, str]], tmp_path: Path
) -> None:
    page = walker.page
    page.goto("/calculator/workbook/?law_date=2024-06-01&facts_as_of=2024-06-01")
    page.get_by_label("选择数据表").set_input_files(workbook)
    walker.leave(page.get_by_role("button", name="开始测算"), arrives=False)
    counts = Counter((name, verdict) for by_name in verdicts.values() for name, verdict in by_name.items())
    cells = "rows => rows.map(row => [...row.cells].map(cell => cell.textContent))"
    shown = {row[0]: row[1:] for row in page.locator("section[aria-labelledby=by-standard] tbody tr").evaluate_all(cells)}
    assert {name: [row[0], *row[2:]] for name, row in shown.items()} == {
        name: [str(counts[name, verdict]) for verdict in ("met", "unmet", "unknown", "manual")] for name, _ in dict.fromkeys(counts)
    }
    settlement = settle(district, packs(), law_date=PAYING.law_date, as_of=PAYING.facts_as_of)
    assert walker.amounts == list(settlement.totals.values())
    page.get_by_label("选择数据表").set_input_files(workbook)
    with page.expect_download() as report:
        walker.press(page.get_by_role("button", name="算完直接下载 Excel"))
    saved = tmp_path / "report.xlsx"
    report.value.save_as(saved)
    paid = Counter[str]()
    for one in settlement.results:
        paid[one.firm] += one.amount
    rows = python_calamine.CalamineWorkbook.from_path(saved).get_sheet_by_name("企业").to_python()
    listed = [(row[0], row[1], row[2] or 0) for row in rows if row[0] in verdicts]
    assert listed == [(firm.code, firm.name, wan(paid[firm.code])) for firm in district.each_firm()]
