"""Nothing that a visitor enters on a public page is found again anywhere afterwards."""

from __future__ import annotations

import re
from urllib.parse import quote, urlencode, urlsplit

import pytest

from tests.site.pages import PAGES, PublicPage
from tests.site.serving import Site

MARKER = "标记-6d02"
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
ANSWERS = {200, 400, 403, 404, 405}


@pytest.mark.parametrize("public", PAGES, ids=lambda public: public.name)
def test_what_is_entered_on_a_page_is_forgotten(site: Site, public: PublicPage) -> None:
    path = quote(public.path, safe="/?&=")
    names = sorted(set(re.findall(r'<(?:input|select|textarea|button)\b[^>]*\bname="([^"]+)"', site.get(path).text)))
    entered = urlencode(dict.fromkeys([*names, "other"], MARKER))
    answers = [
        site.request("POST", urlsplit(path).path, entered.encode(), FORM),
        site.request("POST", f"{urlsplit(path).path}?format=json", entered.encode(), FORM),
        site.get(f"{urlsplit(path).path}?{entered}", {"Referer": f"{site.address}/?q={quote(MARKER)}", "Cookie": f"other={quote(MARKER)}"}),
    ]
    assert {answer.status for answer in answers} <= ANSWERS
    if not public.needs_token:
        assert [answer.headers["Set-Cookie"] for answer in answers] == [None, None, None]
    site.assert_nothing_kept(MARKER)


def test_an_address_that_is_not_there_is_forgotten(site: Site) -> None:
    assert site.get(f"/{quote(MARKER)}/").status == 404
    site.assert_nothing_kept(MARKER)
