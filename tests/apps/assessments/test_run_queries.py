"""Counts and lists of runs: from the database and from the files they are the same, and everybody sees the own firms only."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from tests.apps.assessments.districts import DAY, assess_all, last_run, seeded
from tests.apps.people import District
from tidu.apps.accounts.enums import Role
from tidu.apps.assessments.comparing import Moved, changes, firms_moved, moves_between, value_words
from tidu.apps.assessments.enums import Verdict
from tidu.apps.assessments.history import history_of, standings_of
from tidu.apps.assessments.models import Change, Run, Standing
from tidu.apps.assessments.run_queries import FROM_FILE, Wanted, counts_for, past_standings, standings
from tidu.apps.enterprises.models import Enterprise
from tidu.kernel.facts import FIRM_CODE

ROLES = (Role.BUREAU_CLERK, Role.SUBDISTRICT_CLERK, Role.BANK_CLERK)


@pytest.fixture
def district(db: None) -> District:
    people, _ = seeded(90)
    assess_all()
    return people


@pytest.mark.parametrize("role", ROLES)
def test_the_list_behind_a_number_has_as_many_firms_from_the_database_and_from_the_file(district: District, role: Role) -> None:
    actor, run = district.actor(role), last_run()
    firms, counts = counts_for(actor, run, run)
    assert (firms, counts) == counts_for(actor, run, None)
    for one in counts:
        assert sum(one[verdict.value] for verdict in Verdict) == firms
        for kind in FROM_FILE:
            wanted = Wanted(one["standard"], kind)
            here = list(standings(actor, wanted).values_list("enterprise__code", flat=True))
            there = past_standings(actor, run, wanted)
            assert there is not None
            assert sorted(here) == there.frame[FIRM_CODE].to_list()
            if kind != "held":
                assert len(here) == one[kind]


@pytest.mark.parametrize("role", ROLES)
def test_no_list_shows_a_strangers_firm(district: District, role: Role) -> None:
    assess_all(law_date=date(2026, 11, 23), at=datetime(2026, 11, 23, 4, 0, tzinfo=UTC))
    actor = district.actor(role)
    own = set(Enterprise.objects.visible_to(actor).values_list("code", flat=True))
    first, second = Run.objects.order_by("number")
    told = changes(actor, second, turned=False)
    assert {one.change.enterprise.code for one in told[:5000]} <= own
    assert told.count() == Change.objects.filter(run=second, enterprise__code__in=own).count()
    moves = moves_between(actor, first, second)
    assert moves is not None
    assert sum(move.count for move in moves if move.after != "absent") == len(own) * len(second.counts)
    for move in moves:
        listed = firms_moved(actor, first, second, move, Wanted(move.standard, ""))
        assert listed is not None
        assert (listed.count(), {row.enterprise.code for row in listed[:5000]} <= own) == (move.count, True)


def test_words_and_subdistrict_narrow_both_kinds_of_list(district: District) -> None:
    actor, run = district.actor(Role.BUREAU_CLERK), last_run()
    for wanted in (Wanted("创新型中小企业", "unknown", street="one"), Wanted("创新型中小企业", "unknown", words="科技")):
        here = standings(actor, wanted)
        there = past_standings(actor, run, wanted)
        assert there is not None
        assert 0 < here.count() == there.count() < standings(actor, Wanted("创新型中小企业", "unknown")).count()


def test_an_earlier_run_is_listed_as_it_was(district: District) -> None:
    actor, first = district.actor(Role.BUREAU_CLERK), last_run()
    wanted = Wanted("专精特新中小企业", "unmet")
    before = list(standings(actor, wanted).values_list("enterprise__code", "outcome__low"))
    assess_all(law_date=date(2026, 11, 23))
    there = past_standings(actor, first, wanted)
    assert there is not None
    assert [(row.enterprise.code, row.outcome.low) for row in there[:5000]] == before


def test_a_firm_shows_every_standard_and_its_course(district: District) -> None:
    actor = district.actor(Role.BUREAU_CLERK)
    firm = Standing.objects.filter(standard__name="专精特新中小企业", outcome__verdict="met").order_by("pk")[0].enterprise
    rows = standings_of(actor, firm)
    assert [row.standing.standard.name for row in rows] == [one["standard"] for one in last_run().counts]
    assert history_of(actor, firm) == []
    assess_all(law_date=date(2026, 11, 23))
    course = {told.change.standard.name: (told.before.split("（")[0], told.reason) for told in history_of(actor, firm)}
    assert course["专精特新中小企业"] == ("符合", "标准文本由2022版改为2026版")
    assert standings_of(district.actor(Role.BANK_CLERK), firm) == []


def test_a_move_that_nobody_made_lists_nobody(district: District) -> None:
    run = last_run()
    listed = firms_moved(
        district.actor(Role.BUREAU_CLERK), run, run, Moved("创新型中小企业", "met", "unmet", 0), Wanted("创新型中小企业", "")
    )
    assert listed is not None
    assert (listed.count(), listed[:50]) == (0, [])


def test_values_are_told_as_people_read_them() -> None:
    assert [
        value_words("营业收入@1", 123_450_000), value_words("列入经营异常名录", False), value_words("研发机构级别", "省级"),
        value_words("成立日期", DAY.toordinal()), value_words("事项:认定", True), value_words("营业收入", None), value_words("数字化水平", 2),
    ] == ["123.45万元", "否", "省级", "2024-06-01", "是", "未知", "二级"]  # fmt: skip
