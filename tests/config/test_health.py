"""What a monitor is told."""

from __future__ import annotations

import json

from tests.site.serving import Site


def told(site: Site) -> tuple[int, dict[str, str]]:
    """Status and words of the health address."""
    answer = site.get("/health/")
    return answer.status, json.loads(answer.text)


def test_a_site_that_works_says_so(site: Site) -> None:
    assert told(site) == (200, {"status": "ok", "database": "ok", "packs": "ok"})


def test_a_database_that_does_not_answer_is_told_until_it_answers_again(failing_site: Site) -> None:
    database = failing_site.folder / "home/tidu.sqlite3"
    aside = database.rename(database.with_name("aside"))
    database.mkdir()
    broken = told(failing_site)
    database.rmdir()
    aside.rename(database)
    assert broken == (503, {"status": "failing", "database": "unavailable", "packs": "ok"})
    assert told(failing_site) == (200, {"status": "ok", "database": "ok", "packs": "ok"})


def test_health_may_only_be_asked(site: Site) -> None:
    assert (site.request("HEAD", "/health/").status, site.request("POST", "/health/").status) == (200, 403)
