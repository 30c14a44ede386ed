"""Who is put forward, who is refused and why, and what is frozen."""

from __future__ import annotations

from datetime import UTC, date, datetime

import polars as pl
import pytest
from django.db import IntegrityError, transaction

from tests.apps.assessments.districts import NOW, assess_all, last_run, seeded
from tests.apps.people import District
from tidu.apps.accounts.actors import SYSTEM
from tidu.apps.accounts.decisions import NotAllowed
from tidu.apps.accounts.enums import Role
from tidu.apps.assessments.domain.ground import pack_digest
from tidu.apps.assessments.domain.recommending import may_withdraw, recommend, withdraw
from tidu.apps.assessments.domain.titles import COVERED_BY, held_for, titles_held
from tidu.apps.assessments.enums import Reporting
from tidu.apps.assessments.forms_up import form_of
from tidu.apps.assessments.models import Recommendation, RecommendationList, Standing
from tidu.apps.assessments.run_queries import Wanted, report_counts, standings
from tidu.apps.audit.models import AuditEvent
from tidu.apps.enterprises.domain.facts_in_force import refresh_facts
from tidu.apps.enterprises.enums import Level
from tidu.apps.enterprises.models import DataSheet, Enterprise, Source
from tidu.apps.policies.loaded import packs
from tidu.kernel.errors import TiduError
from tidu.kernel.facts import FIRM_CODE, catalogue
from tidu.kernel.interpret import standard_keys
from tidu.kernel.population import event_schema

STANDARD, JUDGED = "创新型中小企业", "高新技术企业"
DAY = date(2024, 6, 1)


@pytest.fixture
def district(db: None) -> District:
    people, _ = seeded(90)
    assess_all()
    return people


def still_open(standard: str = STANDARD) -> list[int]:
    rows = standings(SYSTEM, Wanted(standard, Reporting.TO_REPORT.value))
    return list(rows.values_list("enterprise_id", flat=True))


def totals(district: District, role: Role) -> dict[str, tuple[int, int, int, int]]:
    counts = report_counts(district.actor(role), last_run())
    assert all(one.adds_up for one in counts)
    return {f"{one.standard}/{one.verdict}": (one.total, one.held, one.reported, one.to_report) for one in counts}


def test_everyone_who_qualifies_is_recognised_reported_or_to_be_reported(district: District) -> None:
    clerk = district.actor(Role.BUREAU_CLERK)
    before = totals(district, Role.BUREAU_CLERK)[f"{STANDARD}/met"]
    made = recommend(actor=clerk, at=NOW, standard=STANDARD, enterprises=still_open()[:3])
    after = totals(district, Role.BUREAU_CLERK)[f"{STANDARD}/met"]
    assert [one.taken for one in made.answers] == [True, True, True]
    assert after == (before[0], before[1], 3, before[3] - 3)
    met = Standing.objects.filter(standard__name=STANDARD, outcome__verdict="met").count()
    assert (before[0], before[2]) == (met, 0)


def test_a_subdistrict_counts_its_own_only(district: District) -> None:
    everything, mine = totals(district, Role.BUREAU_CLERK), totals(district, Role.SUBDISTRICT_CLERK)
    own = set(Enterprise.objects.visible_to(district.actor(Role.SUBDISTRICT_CLERK)).values_list("pk", flat=True))
    met = Standing.objects.filter(standard__name=STANDARD, outcome__verdict="met", enterprise__in=own).count()
    assert 0 < mine[f"{STANDARD}/met"][0] == met < everything[f"{STANDARD}/met"][0]
    rows = standings(district.actor(Role.SUBDISTRICT_CLERK), Wanted(STANDARD, Reporting.TO_REPORT.value))
    assert set(rows.values_list("enterprise_id", flat=True)) == set(still_open()) & own


def test_the_ground_is_frozen_with_the_firm(district: District) -> None:
    clerk, key = district.actor(Role.BUREAU_CLERK), still_open()[0]
    made = recommend(actor=clerk, at=NOW, standard=STANDARD, enterprises=[key])
    row = Recommendation.objects.get()
    text = packs().select(STANDARD, law_date=DAY)
    assert made.list is not None
    assert (made.list.title, made.list.run, made.list.version) == ("2024年创新型中小企业推荐汇总表（第1批）", last_run(), text.version)
    assert (row.pack_digest, row.outcome_id) == (
        pack_digest(packs()),
        Standing.objects.get(enterprise=key, standard=row.standard).outcome_id,
    )
    assert sorted(row.facts["inputs"]) == sorted(standard_keys(text))
    frozen = form_of(made.list, [row]).rows
    DataSheet.objects.create(
        enterprise_id=key, source=Source.objects.get(name="税务"), level=Level.YEAR, period=2023, values={"营业收入": 1}, received_at=NOW
    )
    refresh_facts([key])
    Enterprise.objects.filter(pk=key).update(name="改了名字")
    assert form_of(made.list, [Recommendation.objects.get()]).rows == frozen
    event = AuditEvent.objects.get(action="recommendation.made")
    assert (event.subject_name, len(event.detail["firms"])) == (made.list.title, 1)


def test_who_is_refused_reads_why_and_holds_up_nobody(district: District) -> None:
    clerk, open_ones = district.actor(Role.BUREAU_CLERK), still_open()
    taken = open_ones[0]
    recommend(actor=clerk, at=NOW, standard=STANDARD, enterprises=[taken])
    of = Standing.objects.filter(standard__name=STANDARD).order_by("pk")
    unmet = of.filter(outcome__verdict="unmet")[0].enterprise
    held = of.filter(outcome__verdict="met").exclude(outcome__held="")[0]
    changed = Enterprise.objects.get(pk=open_ones[1])
    DataSheet.objects.create(
        enterprise=changed, source=Source.objects.get(name="市场监管"), level=Level.FIRM, values={"列入经营异常名录": True}, received_at=NOW
    )
    refresh_facts([changed.pk])
    asked = [taken, unmet.pk, held.enterprise_id, changed.pk, 10**9, open_ones[2]]
    made = recommend(actor=clerk, at=NOW, standard=STANDARD, enterprises=asked)
    reasons = {one.code: one.reason for one in made.answers}
    assert reasons == {
        Enterprise.objects.get(pk=open_ones[2]).code: "",
        "": "这家企业不在企业库里，或者不在您的管辖范围内。",
        Enterprise.objects.get(pk=taken).code: "本年度已在“2024年创新型中小企业推荐汇总表（第1批）”中推荐。",
        unmet.code: "评估结论是“不符合”，不能推荐。",
        held.enterprise.code: f"已有有效的“{held.outcome.held}”，不需要再推荐。",
        changed.code: "评估以后数据有更新，现在是“不符合”。请重新评估。",
    }
    assert Recommendation.objects.count() == 2


def test_where_a_person_must_judge_the_judgement_is_asked_for_and_kept(district: District) -> None:
    clerk, key = district.actor(Role.BUREAU_CLERK), still_open(JUDGED)[0]
    refused = recommend(actor=clerk, at=NOW, standard=JUDGED, enterprises=[key])
    assert (refused.list, "须由人判断" in refused.answers[0].reason, RecommendationList.objects.count()) == (None, True, 0)
    recommend(actor=clerk, at=NOW, standard=JUDGED, enterprises=[key], judgement=" 经核查属于重点支持领域 ")
    row = Recommendation.objects.get()
    assert (row.judgement, "经人工判断：经核查属于重点支持领域" in row.reason) == ("经核查属于重点支持领域", True)


def test_a_withdrawn_firm_can_be_put_forward_again(district: District) -> None:
    clerk, key = district.actor(Role.BUREAU_CLERK), still_open()[0]
    recommend(actor=clerk, at=NOW, standard=STANDARD, enterprises=[key])
    row = Recommendation.objects.get()
    with pytest.raises(TiduError) as refused:
        withdraw(actor=clerk, at=NOW, row=row, reason="  ")
    assert refused.value.code == "no-reason"
    withdraw(actor=clerk, at=NOW, row=row, reason="企业放弃")
    row.refresh_from_db()
    assert (row.withdrawn_by, row.withdrawn_reason, key in still_open()) == (clerk.name, "企业放弃", True)
    assert may_withdraw(clerk, row).reason == f"这条推荐已由{clerk.name}撤回。"
    made = recommend(actor=clerk, at=NOW, standard=STANDARD, enterprises=[key])
    assert made.list is not None
    assert made.list.title == "2024年创新型中小企业推荐汇总表（第2批）"
    acts = AuditEvent.objects.filter(action__startswith="recommendation.").order_by("number").values_list("action", flat=True)
    assert list(acts) == ["recommendation.made", "recommendation.withdrawn", "recommendation.made"]


def test_the_second_of_two_withdrawals_names_the_first(district: District) -> None:
    recommend(actor=district.actor(Role.BUREAU_CLERK), at=NOW, standard=STANDARD, enterprises=still_open()[:1])
    first, second = Recommendation.objects.get(), Recommendation.objects.get()
    withdraw(actor=district.actor(Role.BUREAU_HEAD), at=NOW, row=first, reason="放弃")
    with pytest.raises(TiduError) as refused:
        withdraw(actor=district.actor(Role.BUREAU_CLERK), at=NOW, row=second, reason="放弃")
    assert (refused.value.code, district.actor(Role.BUREAU_HEAD).name in refused.value.message) == ("already-withdrawn", True)


def test_one_firm_is_not_put_forward_twice_whatever_happens(district: District) -> None:
    recommend(actor=district.actor(Role.BUREAU_CLERK), at=NOW, standard=STANDARD, enterprises=still_open()[:1])
    row = Recommendation.objects.get()
    row.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save(force_insert=True)


@pytest.mark.parametrize("role", [Role.SUBDISTRICT_CLERK, Role.DEPARTMENT_CLERK, Role.DISTRICT_LEADER, Role.AUDITOR, Role.FIRM_CLERK])
def test_others_read_only(district: District, role: Role) -> None:
    with pytest.raises(NotAllowed):
        recommend(actor=district.actor(role), at=NOW, standard=STANDARD, enterprises=still_open()[:1])
    assert RecommendationList.objects.count() == 0


@pytest.mark.parametrize(("standard", "code"), [("中小企业划型", "not-reported"), ("没有这项", "not-reported")])
def test_a_standard_without_a_title_is_not_put_forward(district: District, standard: str, code: str) -> None:
    with pytest.raises(TiduError) as refused:
        recommend(actor=district.actor(Role.BUREAU_CLERK), at=NOW, standard=standard, enterprises=[1])
    assert refused.value.code == code


def test_nobody_and_too_many_are_refused(district: District) -> None:
    for chosen in ([], range(2001)):
        with pytest.raises(TiduError) as refused:
            recommend(actor=district.actor(Role.BUREAU_CLERK), at=datetime(2024, 6, 1, tzinfo=UTC), standard=STANDARD, enterprises=chosen)
        assert refused.value.code == "bad-choice"


def test_figures_of_a_form_are_what_the_registry_holds(district: District) -> None:
    key = still_open()[0]
    made = recommend(actor=district.actor(Role.BUREAU_CLERK), at=NOW, standard=STANDARD, enterprises=[key])
    assert made.list is not None
    form = form_of(made.list, list(made.list.rows.all()))
    told = dict(zip(form.columns, form.rows[0], strict=True))
    enterprise = Enterprise.objects.get(pk=key)
    values = enterprise.facts.get(level=Level.YEAR, period=2023).values
    revenue = values["营业收入"]
    assert (told["序号"], told["企业名称"], told["统一社会信用代码"]) == ("1", enterprise.name, enterprise.code)
    assert told["上年度营业收入（万元）"] == f"{revenue / 1_000_000:.2f}".rstrip("0").rstrip(".")
    assert (told["推荐单位"], told["联系人"]) == ("科经局", "")
    assert form.title == "2024年创新型中小企业推荐汇总表（第1批）"


def recognised(*rows: tuple[str, str, str | None, date | None, date | None]) -> dict[str, pl.DataFrame]:
    facts = catalogue()
    made = [{FIRM_CODE: code, "名称": name, "级别": level, "日期": day, "有效期至": until} for code, name, level, day, until in rows]
    return {
        "认定": pl.DataFrame(made, schema=event_schema(facts, "认定")),
        "首次进规": pl.DataFrame([{FIRM_CODE: "E", "日期": date(2022, 1, 1)}], schema=event_schema(facts, "首次进规")),
    }


def test_a_title_covers_its_own_standard_and_the_lower_ones_of_its_line() -> None:
    since, until = date(2022, 1, 1), date(2025, 1, 1)
    events = recognised(
        ("A", "专精特新小巨人", "省级", since, until), ("B", "专精特新小巨人", "国家级", since, until), ("C", "专精特新中小企业", None, since, None),
        ("D", "创新型中小企业", None, since, date(2024, 5, 31)), ("F", "创新型中小企业", None, date(2024, 6, 2), None),
        ("G", "创新型中小企业", None, since, DAY),
    )  # fmt: skip
    codes = pl.Series(list("ABCDEFG"))
    titles = titles_held(events, DAY)
    held = {name: held_for(name, codes, titles).to_list() for name in COVERED_BY}
    own, giant = "专精特新中小企业", "专精特新小巨人"
    assert held["专精特新中小企业"] == [own, giant, own, "", "", "", ""]
    assert held["专精特新小巨人"] == ["", giant, "", "", "", "", ""]
    assert held["创新型中小企业"] == [own, giant, own, "", "", "", "创新型中小企业"]
    assert held["规模以上工业企业"] == ["", "", "", "", "首次进规", "", ""]
    assert held["科技型中小企业"] == [""] * 7
