"""Filings: saved as typed, checked when told complete, submitted as versions that stay, accepted as sheets."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.apps import cases
from tests.apps.people import AT, District, small_district
from tidu.apps.accounts.decisions import NotAllowed
from tidu.apps.accounts.enums import Role
from tidu.apps.corrections.domain import filings as domain
from tidu.apps.corrections.domain.moves import FILING_MOVES
from tidu.apps.corrections.domain.sanity import unlikely, warnings_of
from tidu.apps.corrections.enums import CaseState
from tidu.apps.corrections.models import Filing, FilingVersion
from tidu.apps.corrections.queries import compared, prefilled
from tidu.apps.corrections.reading import read_text, written
from tidu.apps.corrections.sections import FIRM_SOURCES, section_of, sections
from tidu.apps.enterprises.enums import Level
from tidu.apps.enterprises.models import DataSheet, FactsInForce
from tidu.kernel.errors import TiduError
from tidu.kernel.facts import Kind, Store, catalogue
from tidu.kernel.quantities import LARGEST_STORED, LEVELS


@pytest.fixture
def district(db: None) -> District:
    made = small_district()
    cases.sources(made)
    return made


def begun(district: District) -> Filing:
    return domain.begin_filing(
        actor=cases.member(district, Role.FIRM_CLERK), at=AT, enterprise=district.jia, year=cases.YEAR, today_year=2024
    )


def fill(district: District, filing: Filing, texts: dict[str, str], *, done: bool = True, role: Role = Role.FIRM_CLERK) -> dict[str, str]:
    wrong = {}
    for section in sections():
        own = {fact.name: texts.get(fact.name, "") for fact in section.facts}
        wrong |= domain.save_section(
            actor=cases.member(district, role), at=AT, filing=filing, section=section, texts=own, done=done, version=filing.version
        )
    return wrong


def submitted(district: District, texts: dict[str, str] | None = None) -> Filing:
    filing = begun(district)
    assert fill(district, filing, texts or {"研发费用": "300", "主导产品": "轴承"}) == {}
    domain.submit_filing(actor=cases.member(district, Role.FIRM_CLERK), at=AT, filing=filing, version=filing.version, confirmed=False)
    return filing


def test_a_filing_asks_for_just_the_facts_that_the_catalogue_lets_a_firm_tell() -> None:
    asked = [fact.name for section in sections() for fact in section.facts]
    wanted = [
        name
        for name, fact in catalogue().facts.items()
        if FIRM_SOURCES & set(fact.source.split("|")) and fact.kind in {Kind.FIRM, Kind.YEAR}
    ]
    assert sorted(asked) == sorted(wanted)


@given(data=st.data())
def test_what_is_written_is_read_as_the_same_value(data: st.DataObject) -> None:
    fact = data.draw(st.sampled_from([fact for section in sections() for fact in section.facts]))
    if fact.store is Store.BOOLEAN:
        value = data.draw(st.booleans())
    elif fact.values and fact.store is not Store.INTEGER:
        value = data.draw(st.sampled_from(fact.values))
    elif fact.store is Store.INTEGER:
        low, high = (fact.lowest if fact.lowest is not None else -LARGEST_STORED), fact.highest
        high = (
            len(LEVELS) if fact.unit_label == "level" else high if high is not None else 10**9 if fact.unit.scale == 1 else LARGEST_STORED
        )
        value = data.draw(st.integers(low, high))
    else:
        value = data.draw(st.text("轴承齿轮AB", min_size=1, max_size=20))
    assert read_text(fact, written(fact, value)) == value


def test_a_draft_keeps_whatever_is_typed_and_says_what_is_wrong_only_when_told_complete(district: District) -> None:
    filing = begun(district)
    fill(district, filing, {"研发费用": "约三百万"}, done=False)
    assert (filing.drafts["finance"]["研发费用"], filing.finished) == ("约三百万", [])
    wrong = fill(district, filing, {"研发费用": "约三百万"})
    assert (list(wrong), "finance" in filing.finished, "people" in filing.finished) == (["研发费用"], False, True)


def test_of_two_who_save_the_second_reads_who_was_first(district: District) -> None:
    filing = begun(district)
    stale = filing.version
    fill(district, filing, {"研发费用": "300"}, done=False)
    with pytest.raises(TiduError, match="企业经办某已于"):
        domain.save_section(
            actor=cases.member(district, Role.FIRM_FINANCE), at=AT, filing=filing, section=sections()[0], texts={"研发费用": "1"}, done=False,
            version=stale,
        )  # fmt: skip
    assert Filing.objects.get().drafts["finance"]["研发费用"] == "300"


@pytest.mark.parametrize("year", [2020, 2024, 2025])
def test_only_the_last_three_years_that_are_over_can_be_told(district: District, year: int) -> None:
    with pytest.raises(NotAllowed, match="只能填报已经结束的最近 3 个年度"):
        domain.begin_filing(actor=cases.member(district, Role.FIRM_CLERK), at=AT, enterprise=district.jia, year=year, today_year=2024)


def test_a_stranger_cannot_write_and_an_agent_cannot_submit(district: District) -> None:
    filing = begun(district)
    with pytest.raises(NotAllowed, match="只有本企业的人员"):
        domain.save_section(
            actor=cases.member(district, Role.FIRM_FINANCE, district.yi), at=AT, filing=filing, section=sections()[0], texts={}, done=False,
            version=filing.version,
        )  # fmt: skip
    fill(district, filing, {"研发费用": "300"}, role=Role.FIRM_AGENT)
    with pytest.raises(NotAllowed, match="代办机构可以填写"):
        domain.submit_filing(actor=cases.member(district, Role.FIRM_AGENT), at=AT, filing=filing, version=filing.version, confirmed=False)
    assert FilingVersion.objects.count() == 0


def test_facts_of_the_firm_are_carried_over_with_their_source_and_last_years_figures_stand_beside(district: District) -> None:
    source = cases.sources(district)
    cases.told(district.jia, source["自报"], {"主导产品": "轴承"}, period=0, level=Level.FIRM)
    cases.told(district.jia, source["审计报告"], {"研发费用": 250_000_000}, period=cases.YEAR - 1)
    cases.told(district.jia, source["审计报告"], {"净利润": 80_000_000})
    filing = begun(district)
    rows = {one.fact.name: one for section in sections() for one in prefilled(filing, section)}
    assert (rows["主导产品"].text, rows["主导产品"].source) == ("轴承", "自报，2024-06-01 收到")
    assert (rows["研发费用"].text, rows["研发费用"].before) == ("", "250 万元")
    assert (rows["净利润"].text, rows["净利润"].source) == ("80", "审计报告，2024-06-01 收到")


def test_an_odd_figure_is_submitted_only_after_it_was_confirmed(district: District) -> None:
    cases.told(district.jia, cases.sources(district)["审计报告"], {"研发费用": 3_000_000}, period=cases.YEAR - 1)
    filing = begun(district)
    fill(district, filing, {"研发费用": "30000"})
    clerk = cases.member(district, Role.FIRM_CLERK)
    with pytest.raises(TiduError, match="逐条核对"):
        domain.submit_filing(actor=clerk, at=AT, filing=filing, version=filing.version, confirmed=False)
    made = domain.submit_filing(actor=clerk, at=AT, filing=filing, version=filing.version, confirmed=True)
    assert made.warnings == ["研发费用：填的是 30000 万元，2022 年是 3 万元，相差一万倍，像是把元当成了万元。请核对单位。"]


def test_an_accepted_filing_is_two_sheets_of_the_firms_own_word(district: District) -> None:
    filing = submitted(district)
    domain.accept_filing(actor=district.actor(Role.BUREAU_CLERK), at=AT, filing=filing, version=filing.version)
    sheets = sorted((sheet.source.name, sheet.level, sheet.period, sheet.values) for sheet in DataSheet.objects.all())
    assert sheets == [("自报", 0, 0, {"主导产品": "轴承"}), ("自报", 1, 2023, {"研发费用": 300_000_000})]
    assert FactsInForce.objects.get(level=Level.YEAR).values == {"研发费用": 300_000_000}
    assert domain.may_write(filing, cases.member(district, Role.FIRM_CLERK)).reason.endswith("数据有误请用“更正申请”。")


def test_a_return_names_what_to_mend_opens_only_that_and_the_version_before_stays(district: District) -> None:
    filing, clerk = submitted(district), district.actor(Role.BUREAU_CLERK)
    before = FilingVersion.objects.get()
    domain.move_filing(
        actor=clerk,
        at=AT,
        filing=filing,
        move=FILING_MOVES["return"],
        version=filing.version,
        reason="与审计报告不符",
        items=("研发费用", "假的"),
    )
    assert (filing.items, filing.finished, domain.writable(filing)) == (["研发费用"], ["people", "product"], frozenset({"研发费用"}))
    fill(district, filing, {"研发费用": "320", "主导产品": "偷偷改了"})
    domain.submit_filing(actor=cases.member(district, Role.FIRM_CLERK), at=AT, filing=filing, version=filing.version, confirmed=False)
    newest = FilingVersion.objects.latest("number")
    assert (newest.number, newest.values["year"], newest.values["firm"]) == (2, {"研发费用": 320_000_000}, {"主导产品": "轴承"})
    assert FilingVersion.objects.get(pk=before.pk).values == before.values
    changed = [(line.fact.name, line.text, line.earlier) for _, lines in compared(filing) for line in lines if line.earlier]
    assert (changed, filing.handler_id) == ([("研发费用", "320 万元", "300 万元")], clerk.user)


def test_a_filing_that_is_submitted_cannot_be_written_until_it_is_recalled(district: District) -> None:
    filing = submitted(district)
    with pytest.raises(NotAllowed, match="现在是“已提交”"):
        fill(district, filing, {"研发费用": "1"})
    domain.move_filing(
        actor=cases.member(district, Role.FIRM_CLERK), at=AT, filing=filing, move=FILING_MOVES["recall"], version=filing.version
    )
    assert (filing.state, domain.may_write(filing, cases.member(district, Role.FIRM_CLERK)).allowed) == (CaseState.DRAFT, True)


@pytest.mark.parametrize(
    ("value", "before", "said"),
    [
        (999 * 10**6, 10**6, ""),
        (1000 * 10**6, 10**6, "相差 1,000 倍"),
        (10**6, 10**10, "像是把万元当成了元"),
        (10**10, 10**6, "像是把元当成了万元"),
        (0, 10**6, ""),
        (10**12, 0, ""),
        (-2000 * 10**6, 10**6, "相差 2,000 倍"),
    ],
)
def test_a_figure_a_thousand_times_last_years_is_odd(value: int, before: int, said: str) -> None:
    found = unlikely(catalogue().fact("净利润"), value, before, "上年")
    assert (said in found, bool(found)) == (True, bool(said))


def test_a_part_larger_than_its_whole_is_odd() -> None:
    found = warnings_of({"研发人员": 30, "从业人员": 20}, {}, "2022 年", catalogue())
    assert found == ["研发人员 30 人，大于从业人员 20 人。请核对两个数。"]


def test_every_section_has_an_address() -> None:
    assert [section_of(section.id) for section in sections()] == list(sections())
