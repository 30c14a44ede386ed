"""What visitors enter is used for the answer and for nothing else: not kept, not logged, not in the address, no cookie."""

from __future__ import annotations

import gc
import json
import os
import tempfile
from contextlib import suppress
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from playwright.sync_api import Page

from tests.site.serving import Answer, Site
from tests.sites.public.calculator_forms import PAYING
from tidu.apps.calculator.domain import example, uploads
from tidu.demo import make_district
from tidu.exchange.workbooks import population_to_workbook

FORM = {"Content-Type": "application/x-www-form-urlencoded"}
MULTIPART = {"Content-Type": "multipart/form-data; boundary=x"}
CODE = "91420114MA4K000015"
FOLDERS = (Path(tempfile.gettempdir()), Path("/dev/shm"), Path("/var/tmp"))  # noqa: S108 - they are searched, not written


def assert_left_nowhere(site: Site, marker: str) -> None:
    """Neither with the site nor in any folder for temporary files; our own processes hold it in memory only."""
    site.assert_nothing_kept(marker)
    found = [path for path in temporary_files() if site.folder not in path.parents and _holds(path, marker)]
    assert found == []


def temporary_files() -> list[Path]:
    """Every file in a folder that Tidu made for passing use; folders of other tests may vanish meanwhile."""
    made = [path for folder in FOLDERS for path in folder.glob("tidu-*")]
    return [Path(place, name) for folder in made for place, _, names in os.walk(folder) for name in names]


def _holds(path: Path, marker: str) -> bool:
    return marker in path.name or marker.encode() in _bytes(path)


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:
        return b""  # a folder of another test that is gone by now


def filled(marker: str) -> bytes:
    """A form with a marker as a name, in a field that is a text, and where it is no number."""
    return f"firm_name={marker}&standard.1.number={marker}&happenings=standard&law_date=2024-06-01".encode()


def upload(marker: str, content: bytes | None = None) -> bytes:
    """A workbook whose firm, and whose own name, is the marker."""
    firms = {"firms": [{"统一社会信用代码": CODE, "企业名称": marker}]}
    body = json.dumps(firms).encode() if content is None else content
    return f'--x\r\nContent-Disposition: form-data; name="workbook"; filename="{marker}.json"\r\n\r\n'.encode() + body + b"\r\n--x--\r\n"


def private(answer: Answer) -> tuple[str | None, list[str] | None]:
    """What keeps an answer out of caches, and cookies."""
    return answer.headers["Cache-Control"], answer.headers.get_all("Set-Cookie")


@pytest.mark.parametrize("path", ["/calculator/", "/checkup/", "/calculator/download/", "/calculator/download/?what=answers"])
def test_what_is_typed_is_left_nowhere(site: Site, path: str) -> None:
    marker = f"marker-typed-{path.strip('/').translate(str.maketrans('/?=', '---'))}"
    answer = site.request("POST", path, filled(marker), FORM)
    assert (answer.status, private(answer)) == (200, ("no-store", None))
    assert_left_nowhere(site, marker)


@pytest.mark.parametrize(
    "body",
    ["revenue.0={}", "law_date={}", "do=edit:{}", "example={}", "target={}", "current={}&do={}", "try:revenue.0={}&revenue.0=1", "{}={}"],
)
def test_what_is_typed_wrongly_is_left_nowhere(site: Site, body: str) -> None:
    marker = f"marker-wrong-{body.partition('=')[0].strip('{}').replace(':', '')}"
    for path in ("/calculator/", "/checkup/"):
        answer = site.request("POST", path, body.replace("{}", marker).encode(), FORM)
        assert private(answer) == ("no-store", None)
    assert_left_nowhere(site, marker)


@pytest.mark.parametrize("query", ["persona={}", "law_date={}", "target={}", "do=edit:{}", "{}"])
def test_what_stands_in_an_address_is_left_nowhere(site: Site, query: str) -> None:
    marker = f"marker-address-{query.partition('=')[0].strip('{}')}"
    for path in ("/calculator/", "/checkup/", "/calculator/workbook/", "/calculator/nothing/"):
        assert site.get(f"{path}?{query.replace('{}', marker)}").headers.get_all("Set-Cookie") is None
    assert_left_nowhere(site, marker)


def test_an_uploaded_workbook_is_left_nowhere(site: Site) -> None:
    answer = site.request("POST", "/calculator/workbook/", upload("marker-uploaded"), MULTIPART)
    assert (answer.status, private(answer), "marker-uploaded" in answer.text) == (200, ("no-store", None), True)
    assert_left_nowhere(site, "marker-uploaded")


@pytest.mark.parametrize(
    "content",
    [b"marker-refused", b'{"firms": [{"marker-refused": "marker-refused"}]}', b"PK\x03\x04marker-refused", b'{"marker-refused": marker-refused',
     b'{"firms": [{"\\ud800": "marker-refused"}]}'],
    ids=["text", "columns", "archive", "json", "half a character"],
)  # fmt: skip
def test_a_refused_workbook_is_left_nowhere(site: Site, content: bytes) -> None:
    answer = site.request("POST", "/calculator/workbook/", upload("marker-refused", content), MULTIPART)
    assert (answer.status, private(answer)) == (400, ("no-store", None))
    assert_left_nowhere(site, "marker-refused")


def test_too_large_a_body_is_left_nowhere(site: Site) -> None:
    answer = site.request("POST", "/calculator/", b"firm_name=" + b"marker-large " * 90_000, FORM)
    assert (answer.status, private(answer)) == (400, ("no-store", None))
    assert_left_nowhere(site, "marker-large")


def test_pages_that_only_show_something_set_no_cookie(site: Site) -> None:
    paths = ("/calculator/", "/checkup/", "/calculator/workbook/", "/calculator/workbook/template/")
    assert [site.get(path).headers.get_all("Set-Cookie") for path in paths] == [None] * len(paths)


def test_the_address_and_the_browser_never_hold_what_was_entered(page: Page) -> None:
    page.goto("/calculator/?law_date=2024-06-01")
    addresses = []
    for number in range(3):
        if number == 0:
            page.get_by_role("radio", name="软件和信息技术服务企业").check()
        page.get_by_role("button", name="下一题").last.click()
        page.wait_for_function("() => document.activeElement.hasAttribute('data-focus')")
        addresses.append(page.evaluate("location.pathname + location.search + location.hash"))
    assert addresses == ["/calculator/?law_date=2024-06-01"] * 3
    assert page.context.cookies() == []
    kept = page.evaluate("[{...localStorage}, {...sessionStorage}]")
    assert kept == [{}, {"htmx-current-path-for-history": "/calculator/?law_date=2024-06-01"}]


def test_the_folder_of_an_upload_lies_in_memory_where_there_is_such_a_place() -> None:
    types = {fields[1]: fields[2] for fields in (line.split() for line in Path("/proc/mounts").read_text().splitlines())}
    folder = uploads.memory_folder()
    assert (folder, types.get("/dev/shm")) in ((uploads.IN_MEMORY, "tmpfs"), (None, None))  # noqa: S108 - looked at only


def test_no_file_of_an_upload_stays_open_or_behind(client: Client, tmp_path: Path) -> None:
    content = population_to_workbook(make_district(20), tmp_path / "firms.xlsx").read_bytes()
    for name, body in (("留痕企业.xlsx", content), ("留痕企业.xlsx", content[:3000]), ("留痕企业.json", b"{")):
        client.post("/calculator/workbook/", {"workbook": SimpleUploadedFile(name, body), **PAYING})
    gc.collect()
    assert [path for path in opened_files() if "留痕企业" in path] == []
    assert [path for path in temporary_files() if "留痕企业" in path.name] == []


def opened_files() -> list[str]:
    """What this process holds open."""
    found = []
    for path in Path("/proc/self/fd").iterdir():
        with suppress(OSError):
            found.append(str(path.readlink()))
    return found


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/calculator/", "/checkup/", "/calculator/workbook/"])
def test_no_page_asks_the_database(client: Client, path: str) -> None:
    told = {**example("rewarded").answers.as_fields(), **PAYING, "try:revenue.0": "10000", "target": "giant"}
    firms = json.dumps({"firms": [{"统一社会信用代码": CODE, "企业名称": "甲"}]}).encode()
    with CaptureQueriesContext(connection) as asked:
        client.get(path)
        client.post(path, told)
        client.post(f"{path}?format=json", told)
        client.post("/calculator/download/", told)
        client.post(path, {"workbook": SimpleUploadedFile("企业.json", firms), "do": "report", **PAYING})
    assert asked.captured_queries == []
