"""The funnel, the moves and the coverage against counting firm by firm; scope with a stranger; reminders."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta

import pytest

from tests.apps.cultivation.districts import DAY, computed, recognised, seeded
from tests.apps.people import District, small_district
from tidu.apps.accounts.actors import Actor
from tidu.apps.accounts.enums import Role
from tidu.apps.cultivation.domain.recognitions import refresh_holdings
from tidu.apps.cultivation.domain.titles import titles
from tidu.apps.cultivation.models import Holding
from tidu.apps.cultivation.queries import ladder
from tidu.apps.cultivation.queries.desk import to_dos
from tidu.apps.enterprises.models import Enterprise, Event

pytestmark = pytest.mark.django_db
SINCE = date(2022, 6, 1)


@pytest.fixture
def district() -> District:
    found = small_district()
    seeded()
    refresh_holdings()
    return found


def brute(actor: Actor, day: date) -> dict[str, int]:
    """The rung of every firm the actor sees, read off the events one by one."""
    known = titles()
    found = {firm.code: 0 for firm in Enterprise.objects.visible_to(actor)}
    for event in Event.objects.filter(type="认定").select_related("enterprise"):
        kind = known.kind_of(event.fields["名称"], event.fields.get("级别", ""))
        until = event.fields.get("有效期至")
        last, _ = known.last_day(kind, event.day, date.fromisoformat(until) if until else None)
        if event.enterprise.code in found and event.day <= day and (last is None or day <= last):
            found[event.enterprise.code] = max(found[event.enterprise.code], known.rung_of(kind))
    return found


@pytest.mark.parametrize("role", [Role.BUREAU_CLERK, Role.SUBDISTRICT_CLERK])
@pytest.mark.parametrize("day", [DAY, SINCE, date(2024, 4, 30), date(2024, 5, 1), date(2030, 1, 1)])
def test_the_funnel_counts_what_the_events_say(district: District, role: Role, day: date) -> None:
    actor = district.actor(role)
    standing = brute(actor, day)
    found = ladder.funnel(actor, day)
    counted = Counter(standing.values())
    assert {rung: found.standing.get(rung, 0) for rung in range(7)} == {rung: counted[rung] for rung in range(7)}
    assert (found.total, sum(found.standing.values())) == (len(standing), len(standing))
    for rung in range(7):
        listed = ladder.ladder_firms(actor, ladder.LadderFilter(day=day, rung=rung))
        assert {firm.code for firm in listed} == {code for code, held in standing.items() if held == rung}
    assert sum(sum(counts.values()) for counts in found.streets.values()) == len(standing) - counted[0]


@pytest.mark.parametrize("role", [Role.BUREAU_CLERK, Role.SUBDISTRICT_CLERK])
def test_the_moves_between_two_days_are_those_of_the_firms(district: District, role: Role) -> None:
    actor = district.actor(role)
    before, after = brute(actor, SINCE), brute(actor, DAY)
    found = ladder.moves(actor, SINCE, DAY)
    counted = Counter((before[code], after[code]) for code in before)
    assert {pair: count for pair, count in found.matrix.items() if count} == dict(counted)
    for move in ladder.MOVES:
        wanted = {code for code in before if ladder.move_of(before[code], after[code]) == move}
        listed = ladder.ladder_firms(actor, ladder.LadderFilter(day=DAY, since=SINCE, move=move))
        assert (found.counts[move], {firm.code for firm in listed}) == (len(wanted), wanted)
    for (first, last), count in counted.items():
        assert ladder.ladder_firms(actor, ladder.LadderFilter(day=DAY, since=SINCE, before=first, rung=last)).count() == count


def test_the_coverage_is_that_of_the_lists_behind_it(district: District) -> None:
    computed()
    for role in (Role.BUREAU_CLERK, Role.SUBDISTRICT_CLERK):
        actor = district.actor(role)
        paid = set(Event.objects.filter(type="奖补发放", day__lte=DAY).values_list("enterprise__code", flat=True))
        standing = brute(actor, DAY)
        rows = {row.key: row for row in ladder.coverage(actor, DAY)}
        assert rows["all"].total == len(standing)
        assert rows["all"].not_enjoyed == len(standing.keys() - paid)
        assert rows["special"].total == sum(rung >= 3 for rung in standing.values())
        for row in rows.values():
            behind = {
                lacks: ladder.ladder_firms(actor, ladder.LadderFilter(day=DAY, group=row.key, lacks=lacks)).count()
                for lacks in ("", "rung", "research", "research-unknown", "enjoyed")
            }
            assert behind == {
                "": row.total,
                "rung": row.no_rung,
                "research": row.no_research,
                "research-unknown": row.research_unknown,
                "enjoyed": row.not_enjoyed,
            }


def test_a_renewed_recognition_does_not_expire_and_the_last_day_is_inside() -> None:
    district = small_district()
    recognised(district.jia, "高新技术企业", date(2021, 6, 1), DAY)
    recognised(district.yi, "高新技术企业", date(2021, 6, 1), DAY)
    recognised(district.yi, "高新技术企业", date(2024, 5, 30), date(2027, 5, 29))
    refresh_holdings()
    clerk = district.actor(Role.BUREAU_CLERK)
    assert [one.enterprise for one in ladder.expiring(clerk, DAY, 0)] == [district.jia]
    assert ladder.rungs_on(clerk, DAY) == {district.jia.pk: 2, district.yi.pk: 2}
    assert ladder.rungs_on(clerk, DAY + timedelta(days=1)) == {district.yi.pk: 2}
    history = [(step.day, step.before, step.after) for step in ladder.firm_ladder(district.jia, DAY).steps]
    assert history == [(date(2021, 6, 1), 0, 2), (DAY + timedelta(days=1), 2, 0)]


def test_a_withdrawn_event_and_one_without_a_day_hold_nothing() -> None:
    district = small_district()
    event = recognised(district.jia, "高新技术企业", DAY)
    event.withdrawn_at = event.received_at
    event.save()
    undated = recognised(district.yi, "高新技术企业", DAY)
    Event.objects.filter(pk=undated.pk).update(day=None, fields={"名称": "高新技术企业"})
    assert (refresh_holdings(), Holding.objects.count()) == (0, 0)


def test_the_yearly_update_is_reminded_of_before_its_day() -> None:
    district = small_district()
    recognised(district.jia, "专精特新中小企业", date(2023, 5, 1), date(2026, 4, 30))
    refresh_holdings()
    clerk, stranger = district.actor(Role.BUREAU_CLERK), district.actor(Role.BANK_CLERK)
    found = [(one.kind, one.day, one.count) for one in ladder.update_reminders(clerk, date(2024, 3, 20)) if one.count]
    assert found == [("专精特新中小企业", date(2024, 4, 30), 1)]
    assert [one.count for one in ladder.update_reminders(stranger, date(2024, 3, 20)) if one.count] == []
    assert [one for one in ladder.update_reminders(clerk, date(2024, 7, 1)) if one.kind == "专精特新中小企业"] == []


def test_who_has_no_part_in_it_has_no_to_dos(district: District) -> None:
    computed()
    counts = {role: sum(one.count for one in to_dos(district.actor(role), DAY)) for role in Role}
    writers = {Role.BUREAU_CLERK, Role.BUREAU_HEAD, Role.SUBDISTRICT_CLERK, Role.DEPARTMENT_CLERK}
    assert {role for role, count in counts.items() if count} == writers
    assert 0 < counts[Role.SUBDISTRICT_CLERK] < counts[Role.BUREAU_CLERK]
