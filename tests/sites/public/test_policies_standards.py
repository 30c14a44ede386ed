"""The pages of standards: every dated text, every pair of versions, every page of examples."""

from __future__ import annotations

from datetime import date
from itertools import permutations
from urllib.parse import urlencode

import pytest
from django.test import Client

from tests.sites.public.reading import faults
from tidu.apps.policies.domain import compare, examples_of, standard_page
from tidu.apps.policies.loaded import packs
from tidu.sites.public.policy_standards import version_in_force, versions_to_compare

VERSIONS = [(one.name, one.version) for one in packs().standards]
PAIRS = [(name, one.version, other.version) for name in packs().names() for one, other in permutations(packs().versions(name), 2)]
SCORED = [(name, version) for name, version in VERSIONS if standard_page(packs(), name, version).scores]


def address(name: str, *, tail: str = "", **query: str) -> str:
    return f"/policies/standards/{name}/{tail}?{urlencode(query)}"


@pytest.mark.parametrize(("name", "version"), VERSIONS)
def test_a_text_is_a_sound_page(client: Client, name: str, version: str) -> None:
    answer = client.get(address(name, version=version))
    assert (answer.status_code, faults(answer.text)) == (200, [])


@pytest.mark.parametrize(("name", "version"), VERSIONS)
def test_a_text_shows_every_criterion_fact_and_version(client: Client, name: str, version: str) -> None:
    html = client.get(address(name, version=version)).text
    found = standard_page(packs(), name, version)
    places = [f'id="c-{line.id}"' for line in found.lines() if line.id]
    places += [f'id="c-{item.id}"' for item in found.scores.items()] if found.scores else []
    assert [place for place in places if html.count(place) != 1] == []
    assert [fact.name for fact in found.facts if fact.name not in html] == []
    assert html.count('class="texts__name"') == len(found.versions) + 1


@pytest.mark.parametrize(("name", "version"), VERSIONS)
def test_a_text_as_json_is_the_document_of_the_domain(client: Client, name: str, version: str) -> None:
    assert client.get(address(name, version=version, format="json")).json() == standard_page(packs(), name, version).as_document()


@pytest.mark.parametrize(("name", "version"), SCORED)
def test_a_score_table_shows_every_bracket_and_the_marks(client: Client, name: str, version: str) -> None:
    html = client.get(address(name, version=version)).text
    table = standard_page(packs(), name, version).scores
    assert table is not None
    rows = sum(len(part.brackets) for item in table.items() for part in item.tables)
    assert html.count('<td class="num">') == rows
    assert f"满分 {table.most} 分" in html


def test_a_classification_shows_every_row(client: Client) -> None:
    html = client.get(address("中小企业划型")).text
    table = standard_page(packs(), "中小企业划型", "2011版").classes
    assert table is not None
    assert html.count('data-title="大型"') == len(table.rows)


@pytest.mark.parametrize("name", packs().names())
def test_examples_are_shown_ten_first_then_all_by_pages(client: Client, name: str) -> None:
    version = version_in_force(name, date(2024, 6, 1))
    first = examples_of(packs(), name, version)
    html = client.get(address(name, version=version)).text
    assert html.count('class="example"') == min(first.total, 10)
    assert ("全部" in html.partition('id="examples"')[2]) == (first.total > 10)
    last = client.get(address(name, version=version, examples="all", page=str(first.pages)))
    shown = examples_of(packs(), name, version, page=first.pages)
    assert (last.status_code, faults(last.text), last.text.count('class="example"')) == (200, [], len(shown.cases))


def test_a_page_of_examples_as_json(client: Client) -> None:
    told = client.get(address("专精特新中小企业", version="2022版", examples="all", page="3", format="json")).json()
    assert told == examples_of(packs(), "专精特新中小企业", "2022版", page=3).as_document()


@pytest.mark.parametrize(
    ("name", "day", "version"),
    [
        ("专精特新中小企业", date(2024, 6, 1), "2022版"),
        ("专精特新中小企业", date(2026, 3, 31), "2022版"),
        ("专精特新中小企业", date(2026, 4, 1), "2026版"),
        ("专精特新小巨人", date(2025, 6, 1), "2022版（2025年度新申报）"),
        ("专精特新小巨人", date(2000, 1, 1), "2022版"),
        ("湖北专精特新特色化", date(2030, 1, 1), "2022版（指标待定）"),
        ("首次进规", date(2020, 5, 1), "武汉市2020年度"),
    ],
)
def test_the_version_that_opens_first(name: str, day: date, version: str) -> None:
    assert version_in_force(name, day) == version


@pytest.mark.parametrize(("name", "one", "other"), PAIRS)
def test_two_versions_side_by_side_are_a_sound_page(client: Client, name: str, one: str, other: str) -> None:
    answer = client.get(address(name, tail="compare/", **{"from": one, "to": other}))
    found = compare(packs(), name, one, other)
    changed = sum(row.state != "same" for row in found.rows)
    assert (answer.status_code, faults(answer.text), answer.text.count('<article class="change ')) == (200, [], changed)


@pytest.mark.parametrize(("name", "one", "other"), PAIRS)
def test_two_versions_as_json_are_the_document_of_the_domain(client: Client, name: str, one: str, other: str) -> None:
    told = client.get(address(name, tail="compare/", **{"from": one, "to": other, "format": "json"})).json()
    assert told == compare(packs(), name, one, other).as_document()


def test_a_comparison_marks_what_was_removed_and_added(client: Client) -> None:
    html = client.get(address("专精特新中小企业", tail="compare/", **{"from": "2022版", "to": "2026版"})).text
    assert '从事特定细分市场满 <del class="diff">2</del> 年' in html
    assert '从事特定细分市场满 <ins class="diff">3</ins> 年' in html


def test_the_same_version_on_both_sides_is_said(client: Client) -> None:
    html = client.get(address("专精特新中小企业", tail="compare/", **{"from": "2022版", "to": "2022版"})).text
    assert ("两边选的是同一个版本" in html, '<article class="change ' in html) == (True, False)


def test_a_standard_of_one_version_has_nothing_to_compare(client: Client) -> None:
    answer = client.get(address("制造业单项冠军", tail="compare/"))
    assert (answer.status_code, "只有一个版本，没有可对照的" in answer.text, faults(answer.text)) == (200, True, [])


def test_a_comparison_without_versions_takes_the_two_newest() -> None:
    assert versions_to_compare("专精特新小巨人") == ("2026版", "2026版复核")
