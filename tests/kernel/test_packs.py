"""Which text is in force: the day before, the day itself, the day it ends; new applications and reviews; no silent fallback."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tidu.kernel.errors import TiduError
from tidu.kernel.packs import PackSet, Reference, Validity, digest_of
from tidu.kernel.reading import load_packs

GIANT, SME = "专精特新小巨人", "专精特新中小企业"
DAYS = st.dates(date(2000, 1, 1), date(2040, 1, 1))
VALIDITIES = st.tuples(DAYS, st.integers(1, 4000) | st.none()).map(lambda pair: Validity(pair[0], pair[1] and pair[0] + timedelta(pair[1])))


@pytest.fixture(scope="module")
def packs() -> PackSet:
    return load_packs()


def version(packs: PackSet, name: str, day: date, application: str = "new") -> str:
    try:
        return packs.select(name, law_date=day, application=application).version
    except TiduError as error:
        return error.code


def test_validity_holds_from_its_first_day_until_before_its_end() -> None:
    validity = Validity(date(2022, 8, 1), date(2026, 4, 1))
    days = [date(2022, 7, 31), date(2022, 8, 1), date(2026, 3, 31), date(2026, 4, 1)]

    assert [validity.holds(day) for day in days] == [False, True, True, False]
    assert Validity(date(2022, 8, 1)).holds(date.max)


@given(VALIDITIES, VALIDITIES)
def test_overlap_means_a_common_day(one: Validity, other: Validity) -> None:
    common = max(one.start, other.start)

    assert one.overlaps(other) is other.overlaps(one) is (one.holds(common) and other.holds(common))


def test_validity_reads_as_people_say_it() -> None:
    assert [Validity(date(2022, 8, 1), end).text() for end in (date(2026, 4, 1), None)] == [
        "2022-08-01 起，至 2026-04-01 前",
        "2022-08-01 起，长期",
    ]
    assert [Reference("工信部企业〔2022〕63号", part).text() for part in ("附件2", "")] == [
        "工信部企业〔2022〕63号 附件2",
        "工信部企业〔2022〕63号",
    ]


@pytest.mark.parametrize(
    ("name", "application", "days"),
    [
        (SME, "new", {"2022-07-31": "no-rule-in-force", "2022-08-01": "2022版", "2026-03-31": "2022版", "2026-04-01": "2026版"}),
        (SME, "review", {"2026-03-31": "2022版", "2026-04-01": "2026版复核"}),
        (
            GIANT,
            "new",
            {
                "2025-05-13": "2022版",
                "2025-05-14": "2022版（2025年度新申报）",
                "2026-03-31": "2022版（2025年度新申报）",
                "2026-04-01": "2026版",
            },
        ),
        (
            GIANT,
            "review",
            {
                "2025-05-13": "2022版",
                "2025-05-14": "2022版（2025年度复核）",
                "2026-04-01": "2022版（2026年度复核）",
                "2026-12-31": "2022版（2026年度复核）",
                "2027-01-01": "2026版复核",
            },
        ),
        ("创新型中小企业", "new", {"2022-07-31": "no-rule-in-force", "2022-08-01": "2022版", "2099-12-31": "2022版"}),
    ],
)
def test_text_in_force_on_boundary_days(packs: PackSet, name: str, application: str, days: dict[str, str]) -> None:
    assert {day: version(packs, name, date.fromisoformat(day), application) for day in days} == days


def test_no_rule_in_force_names_what_there_is(packs: PackSet) -> None:
    with pytest.raises(TiduError) as caught:
        packs.select("创新型中小企业", law_date=date(2022, 7, 31), application="review")

    assert caught.value.data == {"name": "创新型中小企业", "law_date": "2022-07-31", "application": "review"}
    assert caught.value.message == (
        "2022-07-31 没有现行的“创新型中小企业”标准（复核）。已登记的文本：2022版（2022-08-01 起，长期）。请换一个政策日期（--law-date）。"
    )


def test_unknown_standard_names_what_there_is(packs: PackSet) -> None:
    with pytest.raises(TiduError) as caught:
        packs.select("瞪羚企业", law_date=date(2024, 6, 1))

    assert (caught.value.code, caught.value.data) == ("unknown-standard", {"name": "瞪羚企业"})
    assert caught.value.message == f"没有名为“瞪羚企业”的标准。可用：{'、'.join(packs.names())}。"


def test_in_force_is_what_select_finds_for_every_name(packs: PackSet) -> None:
    for day in {standard.in_force.start for standard in packs.standards} | {date(2024, 6, 1)}:
        for application in ("new", "review"):
            listed = {standard.name: standard.version for standard in packs.in_force(law_date=day, application=application)}
            selected = {name: version(packs, name, day, application) for name in packs.names()}

            assert listed == {name: found for name, found in selected.items() if found != "no-rule-in-force"}


def test_versions_are_listed_oldest_first(packs: PackSet) -> None:
    starts = [standard.in_force.start for standard in packs.versions(GIANT)]

    assert starts == sorted(starts)
    assert len(starts) == 6


def test_groups_hold_every_score_item_in_order(packs: PackSet) -> None:
    standard = packs.select("创新型中小企业", law_date=date(2024, 6, 1))

    assert {name: [item.id for item in items] for name, items in standard.groups.items()} == {
        "创新能力": ["IN1", "IN2"],
        "成长性": ["IN3", "IN4"],
        "专业化": ["IN5", "IN6"],
    }


def test_digest_depends_on_names_and_content_only() -> None:
    parts = [("a.yaml", b"1"), ("b.yaml", b"2")]

    assert digest_of(parts) == digest_of(reversed(parts))
    assert digest_of(parts).startswith("sha256:")
    assert (
        len(
            {
                digest_of(parts),
                digest_of([("a.yaml", b"1")]),
                digest_of([("a.yaml", b"2"), ("b.yaml", b"1")]),
                digest_of([("a.yamlb.yaml", b"12")]),
            }
        )
        == 4
    )


def test_every_shipped_folder_has_a_digest(packs: PackSet) -> None:
    assert set(packs.digests) >= {"national", "hubei", "wuhan", "caidian", "indicators", "industry_classes", "effort"}
