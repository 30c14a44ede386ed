"""Eight documents in eight styles, each read exactly as its labels say, in every kind of file."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.documents.made_files import portable_file, word_file
from tests.documents.samples import SAMPLES, TEXTS, labels_of
from tidu.documents import read_bytes, read_document
from tidu.documents.reading import without_places


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.name)
def test_a_sample_is_read_as_labelled(path: Path) -> None:
    assert without_places(read_document(path).as_dict()) == labels_of(path)


@pytest.mark.parametrize("path", TEXTS, ids=lambda path: path.stem)
@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030", "utf-16", "utf-16-le", "utf-16-be"])
def test_the_encoding_makes_no_difference(path: Path, encoding: str) -> None:
    data = path.read_text(encoding="utf-8").replace("\n", "\r\n").encode(encoding)

    assert without_places(read_bytes(data, path.name).as_dict()) == labels_of(path)


@pytest.mark.parametrize("path", TEXTS, ids=lambda path: path.stem)
def test_a_word_document_is_read_alike(path: Path) -> None:
    data = word_file(path.read_text(encoding="utf-8").splitlines())

    assert without_places(read_bytes(data, "公文.docx").as_dict()) == labels_of(path)


@pytest.mark.parametrize("path", TEXTS, ids=lambda path: path.stem)
def test_a_pdf_broken_into_lines_and_pages_is_read_alike(path: Path) -> None:
    lines = [row for line in path.read_text(encoding="utf-8").splitlines() for row in _broken(line, 34)]
    pages = [[*lines[at : at + 30], f"- {at // 30 + 1} -"] for at in range(0, len(lines), 30)]

    assert without_places(read_bytes(portable_file(pages), "公文.pdf").as_dict()) == labels_of(path)


def _broken(line: str, width: int) -> list[str]:
    return [line[at : at + width] for at in range(0, len(line), width)] or [""]


def test_a_page_keeps_nothing_of_the_site_around_it() -> None:
    page = next(path for path in SAMPLES if path.suffix == ".html")
    text = read_document(page).text

    for word in ("首页", "县长信箱", "分享", "上一篇", "备案号", "当前位置", "不是正文"):
        assert word not in text


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.name)
def test_every_place_points_at_its_words(path: Path) -> None:
    reading = read_document(path).as_dict()
    body = reading["body_text"]

    for row in (*reading["targets"], *reading["awards"]):
        assert body[row["start"] : row["end"]].startswith(row["text"])
    for row in reading["units"]:
        span = body[row["start"] : row["end"]]
        assert [name for name in row["units"] if name not in span] == []
    for row in reading["clauses"]:
        span = body[row["start"] : row["end"]].replace("\n", "")
        assert (row["heading"] or "") in span
        assert span.endswith(row["text"].split("\n")[-1])


def test_the_labels_are_of_the_contract() -> None:
    for path in SAMPLES:
        labels = labels_of(path)
        assert list(labels) == [
            *("title", "document_number", "issuer", "date", "valid_until"),
            *("clauses", "units", "targets", "awards"),
        ]
        assert json.loads(json.dumps(labels)) == labels
