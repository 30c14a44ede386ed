"""How an obligation stands: every answer, the third one with its reason, all from the registry of the day."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tests.apps.duties.ground import HOME, STAYING, TODAY, happen, paid, tell
from tests.apps.fulfilment.ground import adopt
from tests.apps.people import District, small_district
from tidu.apps.accounts.enums import Role
from tidu.apps.duties.enums import Stand
from tidu.apps.duties.queries.evidence import events_behind, facts_behind, years_of
from tidu.apps.duties.queries.ledger import LedgerFilter, ledger, standing_of
from tidu.apps.fulfilment.enums import CaseState
from tidu.apps.fulfilment.models import Obligation

pytestmark = pytest.mark.django_db
AWAY = {"关系": "注册地", "迁往": "420115", "日期": "2023-09-01"}


@pytest.fixture
def district() -> District:
    return small_district()


def stand(obligation: Obligation, day: date = TODAY) -> tuple[str, str]:
    found = standing_of(obligation, day)
    return found.state.value, found.why


@pytest.mark.parametrize(
    ("facts", "day", "expected"),
    [
        (STAYING, TODAY, ("running", "注册、纳税、统计都在本区，没有迁移记录。")),
        (STAYING, date(2027, 5, 1), ("ending", "2027-06-14 期满，期内没有迁离本区。")),
        (STAYING, date(2027, 6, 14), ("ending", "2027-06-14 期满，期内没有迁离本区。")),
        (STAYING, date(2027, 6, 15), ("ended", "义务期已满，期内没有迁离本区。")),
        ({**STAYING, "统计关系所在区": None}, TODAY, ("unknown", "没有统计关系所在区的数据，不能确定是否仍在本区。")),
        ({}, TODAY, ("unknown", "没有登记状态、纳税关系所在区、统计关系所在区的数据，不能确定是否仍在本区。")),
        ({**STAYING, "登记状态": "注销"}, TODAY, ("risk", "登记状态为“注销”。须核实后才能认定。")),
        ({**STAYING, "纳税关系所在区": "420115"}, TODAY, ("risk", "纳税关系所在区为 420115，不在本区。须核实后才能认定。")),
        ({**STAYING, "列入严重失信主体名单": True}, TODAY, ("risk", "列入严重失信主体名单。须核实后才能认定。")),
    ],
)  # fmt: skip
def test_what_the_facts_of_the_day_say(district: District, facts: dict[str, Any], day: date, expected: tuple[str, str]) -> None:
    obligation = paid(district.jia)
    tell(district.jia, facts)
    assert stand(obligation, day) == expected


def test_a_move_away_breaks_it_and_a_return_heals_it(district: District) -> None:
    obligation = paid(district.jia)
    tell(district.jia, STAYING)
    happen(district.jia, "迁移", AWAY)
    assert stand(obligation) == ("breached", "注册地关系于 2023-09-01 迁往 420115，在 2027-06-14 期满（含当日）之前，应收回。")
    happen(district.jia, "迁移", {**AWAY, "迁往": HOME, "日期": "2023-12-01"})
    assert stand(obligation)[0] == "running"


def test_a_move_to_an_unrecorded_place_is_unknown_and_one_before_the_payment_nothing(district: District) -> None:
    obligation = paid(district.jia)
    tell(district.jia, STAYING)
    happen(district.jia, "迁移", {**AWAY, "日期": "2021-09-01"})
    assert stand(obligation)[0] == "running"
    happen(district.jia, "迁移", {"关系": "注册地", "日期": "2023-09-01"})
    assert stand(obligation) == ("unknown", "迁移记录缺少迁移.迁往，不能确定是否迁离本区。")


def test_the_ruling_in_force_moves_the_last_day(district: District) -> None:
    obligation = paid(district.jia)
    tell(district.jia, STAYING)
    assert standing_of(obligation, TODAY).until == date(2027, 6, 14)
    adopt("R6", "认定起含当日")
    assert standing_of(obligation, TODAY).until == date(2027, 1, 2)
    assert standing_of(obligation, TODAY).rulings == ("R6",)


def test_a_rule_that_is_not_in_the_packs_and_money_that_came_back(district: District) -> None:
    obligation = paid(district.jia)
    tell(district.jia, STAYING)
    Obligation.objects.update(rule="没有的规则")
    obligation.refresh_from_db()
    assert stand(obligation)[0] == "unknown"
    other = paid(district.jia, state=CaseState.RECOVERED)
    assert stand(other) == ("recovered", "资金已全额退回，义务随之终止。")


def test_the_ledger_counts_filters_and_pages(district: District) -> None:
    first, second = paid(district.jia), paid(district.yi, on=date(2023, 5, 1), award="C5", fen=10_000_001)
    tell(district.jia, STAYING)
    found = ledger(district.actor(Role.BUREAU_CLERK), TODAY)
    assert ([one.pk for one in found[0:50]], found.count(), found.live) == ([first.pk, second.pk], 2, 2)
    assert (dict(found.counts), dict(found.sums)) == ({"running": 1, "unknown": 1}, {"running": 50_000_000, "unknown": 10_000_001})
    assert (found.years, found.awards) == ((2023, 2022), ("C3", "C5"))

    def numbers(**wanted: Any) -> list[int]:
        return [one.pk for one in ledger(district.actor(Role.BUREAU_CLERK), TODAY, LedgerFilter(**wanted)).entries]

    assert (
        numbers(stand="unknown")
        == numbers(year="2023")
        == numbers(award="C5")
        == numbers(street="two")
        == numbers(words="乙")
        == [second.pk]
    )
    assert (numbers(until=date(2027, 12, 31)), numbers(stand="ended"), numbers(year="abc")) == ([first.pk], [], [first.pk, second.pk])


@pytest.mark.parametrize(
    ("role", "own", "other"),
    [(role, role in {Role.BUREAU_CLERK, Role.BUREAU_HEAD, Role.DISTRICT_LEADER, Role.AUDITOR, Role.SUBDISTRICT_CLERK, Role.FIRM_CLERK,
                     Role.FIRM_LEGAL, Role.FIRM_FINANCE},
      role in {Role.BUREAU_CLERK, Role.BUREAU_HEAD, Role.DISTRICT_LEADER, Role.AUDITOR}) for role in Role],
)  # fmt: skip
def test_who_sees_which_obligations(district: District, role: Role, own: bool, other: bool) -> None:
    mine, strangers = paid(district.jia), paid(district.yi)
    seen = set(Obligation.objects.visible_to(district.actor(role)))
    assert seen == {one for one, there in ((mine, own), (strangers, other)) if there}


def test_evidence_names_source_and_date_and_years_name_the_one_at_hand(district: District) -> None:
    obligation = paid(district.jia)
    tell(district.jia, {"登记状态": "存续"})
    happen(district.jia, "迁移", AWAY)
    facts = [(one.name, one.text, one.source, one.known) for one in facts_behind(district.jia.pk)]
    assert facts == [
        ("登记状态", "存续", "市场监管", True),
        ("纳税关系所在区", "没有数据", "应由税务提供", False),
        ("统计关系所在区", "没有数据", "应由统计提供", False),
        ("列入严重失信主体名单", "没有数据", "应由信用提供", False),
    ]
    assert [(one.name, one.day) for one in events_behind(obligation)] == [("迁移", date(2023, 9, 1))]
    years = years_of(obligation, date(2027, 6, 14), TODAY)
    assert [(one.number, one.over, one.now) for one in years] == [
        (1, True, False),
        (2, False, True),
        (3, False, False),
        (4, False, False),
        (5, False, False),
    ]
    assert (years[0].since, years[-1].until, Stand.RUNNING.label) == (date(2022, 6, 14), date(2027, 6, 14), "履行中")
