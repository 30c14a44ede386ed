"""Bounds on what a visitor may send, and that none of it reaches the disk."""

from __future__ import annotations

import json
from http.client import HTTPResponse

import pytest
from django.core.files.uploadedfile import InMemoryUploadedFile, SimpleUploadedFile
from django.test import RequestFactory

from tests.site.serving import Answer, Site
from tidu.config.security import LARGEST_REQUEST, LARGEST_UPLOAD
from tidu.kernel.errors import TiduError

MARKER = "marker-9b3f"
MEGABYTE = 1 << 20
TOO_LARGE = "上传的内容超过 20 MB，没有读取。请删去与企业数据无关的工作表和图片，或者分成几个文件再上传。"


def form_with_file(content: bytes, boundary: str = "boundary-of-tests") -> tuple[bytes, dict[str, str]]:
    """A form of one file, as a browser sends it."""
    head = f'--{boundary}\r\nContent-Disposition: form-data; name="workbook"; filename="{MARKER}.xlsx"\r\nContent-Type: application/octet-stream\r\n\r\n'
    return head.encode() + content + f"\r\n--{boundary}--\r\n".encode(), {"Content-Type": f"multipart/form-data; boundary={boundary}"}


def sent_in_pieces(site: Site, length: int, piece: bytes) -> Answer:
    """A body of any length, never held as a whole."""
    with site.connection() as connection:
        connection.putrequest("POST", "/calculator/workbook/?format=json")
        connection.putheader("Content-Type", "multipart/form-data; boundary=boundary-of-tests")
        connection.putheader("Content-Length", str(length))
        connection.endheaders()
        for start in range(0, length, len(piece)):
            connection.send(piece[: length - start])
        response = connection.getresponse()
        return Answer(response.status, response.headers, response.read())


def test_a_body_of_200_megabytes_is_refused_with_a_sentence(site: Site) -> None:
    answer = sent_in_pieces(site, 200 * MEGABYTE, (MARKER.encode() + b"\n") * 40_000)
    told = {"error": "upload-too-large", "problems": [{"code": "upload-too-large", "message": TOO_LARGE}]}
    assert (answer.status, json.loads(answer.text)) == (413, told)
    site.assert_nothing_kept(MARKER)


def test_a_body_just_beyond_the_bound_is_refused_and_one_at_the_bound_is_read(site: Site) -> None:
    beyond = sent_in_pieces(site, LARGEST_REQUEST + 1, b"x" * MEGABYTE)
    at = sent_in_pieces(site, LARGEST_REQUEST, b"x" * MEGABYTE)
    assert (beyond.status, at.status) == (413, 400)


def test_a_file_beyond_20_megabytes_in_a_body_within_the_bound_is_refused_with_the_same_sentence(site: Site) -> None:
    body, headers = form_with_file(b"x" * (LARGEST_UPLOAD + 1))
    answer = site.request("POST", "/calculator/workbook/?format=json", body, headers)
    assert (answer.status, json.loads(answer.text)["problems"]) == (400, [{"code": "upload-too-large", "message": TOO_LARGE}])
    site.assert_nothing_kept(MARKER)


def test_an_uploaded_file_leaves_nothing_behind(site: Site) -> None:
    body, headers = form_with_file(MARKER.encode() * 400_000)
    before = site.files
    assert site.request("POST", "/calculator/workbook/", body, headers).status == 400
    assert site.files == before
    site.assert_nothing_kept(MARKER)


def test_a_file_of_20_megabytes_stays_in_memory() -> None:
    content = b"x" * LARGEST_UPLOAD
    request = RequestFactory().post("/", {"workbook": SimpleUploadedFile("firms.xlsx", content)})
    (found,) = request.FILES.values()
    assert (type(found), found.size, found.read() == content) == (InMemoryUploadedFile, LARGEST_UPLOAD, True)


def test_one_byte_more_is_cut_off_while_it_is_read() -> None:
    request = RequestFactory().post("/", {"workbook": SimpleUploadedFile("firms.xlsx", b"x" * (LARGEST_UPLOAD + 1))})
    with pytest.raises(TiduError) as refused:
        request.FILES  # noqa: B018 - reading is what counts
    assert (refused.value.code, refused.value.message) == ("upload-too-large", TOO_LARGE)


def test_a_body_sent_in_chunks_is_refused_with_a_sentence(site: Site) -> None:
    body, headers = form_with_file(MARKER.encode() * 1000)
    chunked = {**headers, "Transfer-Encoding": "chunked"}
    pieces = b"".join(b"%X\r\n%s\r\n" % (len(piece), piece) for piece in (body[:5000], body[5000:])) + b"0\r\n\r\n"
    lines = ["POST /calculator/workbook/?format=json HTTP/1.1", "Host: 127.0.0.1", *(f"{name}: {value}" for name, value in chunked.items())]
    with site.connection() as connection:
        connection.connect()
        connection.sock.sendall("\r\n".join([*lines, "", ""]).encode() + pieces)
        response = HTTPResponse(connection.sock, method="POST")
        response.begin()
        told = json.loads(response.read())
    assert (response.status, told["error"]) == (411, "length-required")
    site.assert_nothing_kept(MARKER)


def test_a_connection_goes_on_after_a_refused_body(site: Site) -> None:
    with site.connection() as connection:
        answers = []
        for length in (LARGEST_REQUEST + 1, 0):
            connection.request("POST", "/calculator/", b"x" * length, {"Content-Type": "application/octet-stream"})
            response = connection.getresponse()
            answers.append((response.status, response.read() != b""))
    assert answers == [(413, True), (200, True)]


@pytest.mark.parametrize("path", ["/calculator/", "/checkup/"])
def test_ten_thousand_fields_are_refused_with_a_sentence(site: Site, path: str) -> None:
    body = "&".join(f"field-{number}={MARKER}" for number in range(10_000)).encode()
    answer = site.request("POST", f"{path}?format=json", body, {"Content-Type": "application/x-www-form-urlencoded"})
    sentence = "提交的项目超过 600 个，没有处理。请从页面上重新填写后提交。"
    assert (answer.status, json.loads(answer.text)["problems"]) == (400, [{"code": "too-many-fields", "message": sentence}])
    site.assert_nothing_kept(MARKER)


def test_a_form_of_more_than_a_megabyte_without_files_is_refused_with_a_sentence(site: Site) -> None:
    answer = site.request(
        "POST", "/calculator/?format=json", b"words=" + b"x" * MEGABYTE, {"Content-Type": "application/x-www-form-urlencoded"}
    )
    assert (answer.status, json.loads(answer.text)["error"]) == (400, "form-too-large")


@pytest.mark.parametrize("length", ["", "abc", "-1", "1e3"])
def test_a_length_that_is_no_number_breaks_nothing(site: Site, length: str) -> None:
    with site.connection() as connection:
        connection.putrequest("POST", "/calculator/")
        connection.putheader("Content-Length", length)
        connection.endheaders()
        assert connection.getresponse().status in {200, 400}
