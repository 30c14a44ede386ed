"""Files that are no workbooks, or workbooks that mean harm: a sentence, bounded memory, bounded time, nothing fetched."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.site.markup import markup_of
from tests.site.serving import Answer, Site
from tests.sites.public.calculator_forms import PAYING, shown
from tests.sites.public.hostile_texts import HEAD, SHARP, archive, book, cell, firm, spelled
from tidu.demo import make_district
from tidu.exchange.workbooks import population_to_workbook
from tidu.kernel.population import Firm, population_of

ADDRESS = "/calculator/workbook/"
LONGEST = 60
"""Seconds in which any upload is answered on a busy machine."""
MOST_RESIDENT = 1000
"""Megabytes that a process of the site may take, whatever is sent to it."""
NAUGHT = bytes.fromhex("d0cf11e0a1b11ae1")
DOUBLE = f'<row r="1">{cell("A1", "统一社会信用代码")}</row>'


@pytest.fixture(scope="module")
def workbook(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    return population_to_workbook(make_district(20), tmp_path_factory.mktemp("district") / "firms.xlsx").read_bytes()


def uploaded(client: Client, content: bytes, name: str = "企业.xlsx") -> HttpResponse:
    """The answer to an upload."""
    return client.post(ADDRESS, {"workbook": SimpleUploadedFile(name, content), **PAYING})


def sentences(answer: HttpResponse) -> list[str]:
    """What a refused upload is told, one sentence at least."""
    assert answer.status_code == 400
    told = [text for text in shown(answer).refused if text.endswith("。")]
    assert told != []
    return told


NO_WORKBOOKS = {
    "picture": b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 8,
    "document": b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<<>>\nendobj\n",
    "program": b"MZ\x90\0\x03\0\0\0" + b"\0" * 4096,
    "text": "统一社会信用代码,企业名称".encode(),
    "chinese text": "统一社会信用代码,企业名称".encode("gb18030"),
    "page": b"<html><script>xinjected()</script></html>",
    "old office file": NAUGHT + b"\0" * 4096,
    "old office file with a password": NAUGHT + b"\0" * 2048 + "EncryptedPackage".encode("utf-16-le") + b"\0" * 2048,
    "archive of other things": archive(**{"a/b.txt": "x"}),
    "archive within archives": archive(**{f"{number}.zip": archive(inner=b"\0" * 2**24) for number in range(8)}),
    "start of an archive": b"PK\x03\x04",
    "declared entities": book(HEAD, doctype='<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>').replace(
        b"xl/workbook", b"xl/workbooks"
    ),
    "zeros": b"\0" * 4096,
}


@pytest.mark.parametrize("kind", NO_WORKBOOKS)
def test_what_is_no_workbook_is_told_so(client: Client, kind: str) -> None:
    assert sentences(uploaded(client, NO_WORKBOOKS[kind])) != []


@pytest.mark.parametrize("suffix", ["xls", "et", "ods", "json", "csv", "txt", "exe", "xlsx.exe", "parquet", ""])
def test_random_bytes_under_any_name(client: Client, suffix: str) -> None:
    for content in (b"\x8f\x00\xa7" * 700, b"\xff\xfe" * 50, "企业".encode("gb18030")):
        assert sentences(uploaded(client, content, f"a.{suffix}")) != []


@pytest.mark.parametrize("share", [1, 100, 2000, 0.1, 0.5, 0.99])
def test_a_workbook_that_was_cut_off(client: Client, workbook: bytes, share: float) -> None:
    size = int(share) if share >= 1 else int(len(workbook) * share)
    assert sentences(uploaded(client, workbook[:size])) != []


@settings(max_examples=12)
@given(place=st.integers(0, 10**6), flipped=st.integers(1, 255))
def test_a_workbook_with_a_changed_byte(workbook: bytes, place: int, flipped: int) -> None:
    place %= len(workbook)
    broken = workbook[:place] + bytes([workbook[place] ^ flipped]) + workbook[place + 1 :]
    assert uploaded(Client(), broken).status_code in {200, 400}


@pytest.mark.parametrize("value", ["", "很多"])
def test_hostile_names_of_firms_are_shown_as_text(client: Client, value: str) -> None:
    firms = [
        {"统一社会信用代码": f"91420114MA4K{number:05}X", "企业名称": text, "年度数据": [{"年度": 2023, "营业收入": value and text}]}
        for number, text in enumerate(text for text in SHARP if text.isprintable())
    ]
    answer = uploaded(client, json.dumps({"firms": firms}).encode(), "企业.json")
    page = shown(answer)
    assert answer.status_code == (400 if value else 200)
    assert [text for text in page.texts if "xinjected" in text] != []
    assert [element for element in page.elements if "xinjected" in element] == []
    assert markup_of(answer.content.decode()).inline == []


JSONS = [
    "", "{", "[]", "null", "1e999", "[" * 100_000, '{"firms": 1}', '{"firms": [1]}', '{"firms": [{}]}', '{"firms": [{"a": NaN}]}',
    '{"firms": [{"\\ud800": 1}]}', '{"firms": ["\\udfff"]}', '{"firms": [{"统一社会信用代码": {"a": []}}]}',
    '{"firms": [{"统一社会信用代码": "' + "9" * 10_000 + '"}]}', '{"firms": [{"年度数据": "x"}]}', '{"firms": [{"年度数据": [1]}]}',
    '{"firms": [{"统一社会信用代码": ' + "9" * 4000 + "}]}",
]  # fmt: skip


@pytest.mark.parametrize("text", JSONS, ids=lambda text: ascii(text[:30]))
def test_json_that_holds_no_firms(client: Client, text: str) -> None:
    assert sentences(uploaded(client, text.encode(), "企业.json")) != []


@pytest.mark.parametrize(
    ("formula", "name"),
    [
        ("1+1", "2"),
        ("cmd|'/C calc'!A0", "x"),
        ("[1]Sheet1!A1", "x"),
        ('HYPERLINK("https://elsewhere.example","x")', "x"),
        ("WEBSERVICE(A1)", "=1"),
    ],
)
def test_a_formula_is_read_as_the_text_it_left(client: Client, formula: str, name: str) -> None:
    answer = uploaded(client, book(HEAD + firm(name, formula)))
    assert answer.status_code == 200
    assert name in shown(answer).texts


def test_control_characters_in_cells(client: Client) -> None:
    answer = uploaded(client, book(HEAD + firm("甲\x01\x02&#27;\u202e_x0000__xD800_乙")))
    assert answer.status_code == 200
    assert shown(answer).elements == shown(uploaded(client, book(HEAD + firm("甲")))).elements


def test_a_document_type_fetches_nothing_and_repeats_nothing(client: Client) -> None:
    layers = "".join(f'<!ENTITY e{number} "{f"&e{number - 1};" * 10}">' for number in range(1, 10))
    for doctype in (
        f'<!DOCTYPE x [<!ENTITY e0 "ha">{layers}]>',
        '<!DOCTYPE x [<!ENTITY e9 SYSTEM "file:///etc/passwd">]>',
        '<!DOCTYPE x SYSTEM "https://elsewhere.example/x.dtd">',
    ):
        answer = uploaded(client, book(HEAD + firm("&e9;" if "e9" in doctype else "甲"), doctype=doctype))
        assert answer.status_code in {200, 400}
        assert ("root:" in answer.content.decode(), "haha" in answer.content.decode()) == (False, False)


@pytest.mark.parametrize(
    "name",
    ["../../../../etc/passwd", "..\\..\\evil.xlsx", "/etc/evil.xlsx", "长" * 5000 + ".xlsx", "a\x00b.xlsx", "a\r\nX-Evil: 1.xlsx",
     ".xlsx", "...", "con.xlsx", "a/../b.xlsx", "<xinjected>.xlsx", "\u202exslx.exe", "~", " "],
    ids=spelled,
)  # fmt: skip
def test_a_file_may_be_called_anything(client: Client, name: str) -> None:
    quoted = name.replace("\\", "\\\\").replace('"', "%22")
    dates = b"".join(f'--x\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n{value}\r\n'.encode() for key, value in PAYING.items())
    part = f'--x\r\nContent-Disposition: form-data; name="workbook"; filename="{quoted}"\r\nContent-Type: x/y\r\n\r\n'.encode()
    answer = client.generic("POST", ADDRESS, dates + part + book(HEAD) + b"\r\n--x--\r\n", content_type="multipart/form-data; boundary=x")
    assert answer.status_code in {200, 400}
    assert [element for element in shown(answer).elements if "xinjected" in element] == []
    assert not Path("/etc/evil.xlsx").exists()


def test_more_firms_than_are_computed_at_once(client: Client, tmp_path: Path) -> None:
    firms = population_of([Firm(f"91420114MA4{number:07d}") for number in range(6000)])
    content = population_to_workbook(firms, tmp_path / "many.xlsx").read_bytes()
    assert sentences(uploaded(client, content)) == ["一次最多计算 5000 家企业，这份有 6000 家。请分几份上传。"]


def test_three_files_at_once_are_no_more_than_one(client: Client, workbook: bytes) -> None:
    files = [SimpleUploadedFile(f"{number}.xlsx", workbook) for number in range(3)]
    assert client.post(ADDRESS, {"workbook": files, "other": SimpleUploadedFile("x", b"x"), **PAYING}).status_code == 200


# Memory and time: over the wire, where the processes of the site can be looked at


def sent(site: Site, content: bytes, name: str = "a.xlsx") -> Answer:
    """An upload over the wire, with its time and the memory of the site looked at."""
    before = time.monotonic()
    body = f'--x\r\nContent-Disposition: form-data; name="workbook"; filename="{name}"\r\n\r\n'.encode() + content + b"\r\n--x--\r\n"
    answer = site.request("POST", ADDRESS, body, {"Content-Type": "multipart/form-data; boundary=x"})
    assert time.monotonic() - before < LONGEST
    assert resident(site) < MOST_RESIDENT
    return answer


def resident(site: Site) -> int:
    """The most memory that a process of the site has held, in megabytes."""
    found = []
    for status in Path("/proc").glob("[0-9]*/status"):
        try:
            lines = dict(line.split(":", 1) for line in status.read_text().splitlines())
        except OSError:
            continue
        if "VmHWM" in lines and site.process.pid in {int(lines["Pid"]), int(lines["PPid"])}:
            found.append(int(lines["VmHWM"].split()[0]) // 1024)
    return max(found)


BOMBS = {
    "unpacks to 210 MB": archive(**{"xl/worksheets/sheet1.xml": b"\0" * (210 * 2**20)}),
    "cells far out": book(f'{DOUBLE}<row r="1048576">{cell("XFD1048576", "x")}</row>'),
    "one long text for many cells": book(
        DOUBLE + "".join(f'<row r="{row}"><c r="A{row}" t="s"><v>0</v></c></row>' for row in range(2, 20_000)),
        strings=f"<si><t>{'长' * 1_000_000}</t></si>",
    ),
    "one sheet listed two thousand times": book(
        "".join(f'<row r="{row}"><c r="A{row}"><v>1</v></c></row>' for row in range(1, 20_000)), sheets=2000
    ),
}


@pytest.mark.parametrize("kind", BOMBS)
def test_a_small_file_that_grows_is_refused(site: Site, kind: str) -> None:
    assert len(BOMBS[kind]) < 2**20
    answer = sent(site, BOMBS[kind])
    assert answer.status == 400
    assert [text for text in shown_text(answer) if text.endswith("。")] != []
    assert site.get("/health/").status == 200


def shown_text(answer: Answer) -> list[str]:
    """What a refused request is told."""
    return shown(HttpResponse(answer.body)).refused


def test_two_hundred_megabytes_are_refused_with_a_page_and_not_kept(site: Site) -> None:
    size, piece = 200 * 2**20, b"x" * 2**20
    with site.connection() as connection:
        connection.putrequest("POST", ADDRESS)
        connection.putheader("Content-Type", "multipart/form-data; boundary=x")
        connection.putheader("Content-Length", str(size))
        connection.endheaders()
        for _ in range(size // len(piece)):
            connection.send(piece)
        response = connection.getresponse()
        page = shown(HttpResponse(response.read()))
    assert response.status == 413
    assert "上传的内容超过 20 MB，没有读取。请删去与企业数据无关的工作表和图片，或者分成几个文件再上传。" in page.texts
    assert resident(site) < MOST_RESIDENT


def test_a_body_of_unknown_length_is_bounded_too(site: Site) -> None:
    with site.connection() as connection:
        connection.request(
            "POST", ADDRESS, (b"x" * 2**20 for _ in range(30)), {"Content-Type": "multipart/form-data; boundary=x"}, encode_chunked=True
        )
        status = connection.getresponse().status
    assert status in {400, 411, 413}
    assert resident(site) < MOST_RESIDENT


def test_the_largest_file_that_is_read_is_refused_in_time(site: Site) -> None:
    assert sent(site, b"PK" + b"\x8f" * (20 * 2**20 - 2)).status == 400
    assert sent(site, b"{" * (20 * 2**20), "a.json").status == 400


def test_a_file_one_byte_too_large_is_told_its_bound(site: Site) -> None:
    answer = sent(site, b"x" * (20 * 2**20 + 1))
    assert (answer.status, [text for text in shown_text(answer) if "20 MB" in text] != []) == (400, True)
