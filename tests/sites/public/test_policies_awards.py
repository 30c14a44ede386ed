"""The pages of policies that pay, of awards and of rulings."""

from __future__ import annotations

from datetime import date

import pytest
from django.test import Client

from tests.apps.policies.schema_check import faults as schema_faults
from tests.sites.public.reading import faults
from tidu.apps.policies.domain import award_page, examples_of, policy_page, rulings, schema
from tidu.apps.policies.loaded import packs
from tidu.kernel.awards import AwardBook
from tidu.sites.public.policy_awards import award_context, in_short

BOOK = packs().book or AwardBook()
AWARDS = [award.id for award in BOOK.awards]
POLICIES = [(policy.name, policy.version) for policy in BOOK.policies]


@pytest.mark.parametrize("award", AWARDS)
def test_an_award_is_a_sound_page(client: Client, award: str) -> None:
    answer = client.get(f"/policies/awards/{award}/")
    assert (answer.status_code, faults(answer.text)) == (200, [])


@pytest.mark.parametrize("award", AWARDS)
def test_an_award_shows_its_amount_and_every_ruling(client: Client, award: str) -> None:
    html = client.get(f"/policies/awards/{award}/").text
    found = award_page(packs(), award)
    assert found.amount.text in html
    assert [ruling.id for ruling in found.rulings if f'/policies/rulings/#{ruling.id}"' not in html] == []
    assert [row.amount for row in found.amount.rows if row.amount not in html] == []


@pytest.mark.parametrize("award", AWARDS)
def test_an_award_as_json_is_the_document_of_the_domain(client: Client, award: str) -> None:
    assert client.get(f"/policies/awards/{award}/", {"format": "json"}).json() == award_page(packs(), award).as_document()


@pytest.mark.parametrize("award", AWARDS)
def test_all_examples_of_an_award(client: Client, award: str) -> None:
    found = examples_of(packs(), award)
    answer = client.get(f"/policies/awards/{award}/", {"examples": "all"})
    assert (answer.status_code, answer.text.count('class="example"'), faults(answer.text)) == (200, len(found.cases), [])
    told = client.get(f"/policies/awards/{award}/", {"examples": "all", "page": found.pages, "format": "json"}).json()
    assert told == examples_of(packs(), award, page=found.pages).as_document()


@pytest.mark.parametrize(
    ("day", "state"),
    [(date(2021, 12, 31), "upcoming"), (date(2022, 1, 1), "in-force"), (date(2024, 12, 31), "in-force"), (date(2025, 1, 1), "expired")],
)
def test_an_award_says_whether_it_is_in_force(day: date, state: str) -> None:
    assert award_context("C5", day, "", 1)["state"] == state


@pytest.mark.parametrize(
    ("award", "text"),
    [
        ("C3", "100% × 基数（武汉市专精特新小巨人奖励）"),
        ("C5", "10% × 成交额；每家企业每年合计不超过 100 万元"),
    ],
)
def test_what_an_award_gives_fits_in_a_line(award: str, text: str) -> None:
    assert in_short(award_page(packs(), award).amount) == text


@pytest.mark.parametrize(("name", "version"), POLICIES)
def test_a_policy_is_a_sound_page_with_all_its_awards(client: Client, name: str, version: str) -> None:
    answer = client.get(f"/policies/plans/{name}/", {"version": version})
    found = policy_page(packs(), name, version)
    assert (answer.status_code, faults(answer.text)) == (200, [])
    assert [award.id for award in found.awards if f'href="/policies/awards/{award.id}/"' not in answer.text] == []


@pytest.mark.parametrize(("name", "version"), POLICIES)
def test_a_policy_as_json_is_the_document_of_the_domain(client: Client, name: str, version: str) -> None:
    told = client.get(f"/policies/plans/{name}/", {"version": version, "format": "json"}).json()
    assert told == policy_page(packs(), name, version).as_document()


def test_the_rulings_are_a_sound_page_with_a_place_for_each(client: Client) -> None:
    answer = client.get("/policies/rulings/")
    found = rulings(packs())
    assert (answer.status_code, faults(answer.text)) == (200, [])
    assert [one.id for one in found if f'id="{one.id}"' not in answer.text] == []
    assert answer.text.count('<span class="tag">系统默认</span>') == len(found)


def test_the_rulings_as_json(client: Client) -> None:
    told = client.get("/policies/rulings/", {"format": "json"}).json()
    assert told == {"rulings": [one.as_document() for one in rulings(packs())]}
    shapes = schema()
    assert [fault for one in told["rulings"] for fault in schema_faults(one, shapes["$defs"]["RulingPage"], shapes)] == []
