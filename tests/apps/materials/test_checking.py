"""What a file is, by its content: good files of every kind, and hostile ones each refused with a sentence of its own."""

from __future__ import annotations

from io import BytesIO

import pytest
import xlsxwriter
from docx import Document
from hypothesis import given
from hypothesis import strategies as st

from tests.apps.materials.files import GOOD, HOSTILE, PDF, jpeg, office, png
from tidu.apps.materials.checking.content import detect
from tidu.apps.materials.checking.names import LONGEST_NAME, checked_name, named_after
from tidu.apps.materials.checking.refusals import SENTENCES
from tidu.apps.materials.enums import ENDINGS, FileType
from tidu.kernel.errors import TiduError

MOST = 20 << 20


@pytest.mark.parametrize("name", GOOD)
def test_a_good_file_is_what_its_content_says(name: str) -> None:
    content, found = GOOD[name]
    assert detect(content, f"x.{name}", most=MOST) == found


def test_files_of_real_programs_are_taken() -> None:
    word = BytesIO()
    document = Document()
    document.add_paragraph("技术合同")
    document.save(word)
    excel = BytesIO()
    with xlsxwriter.Workbook(excel) as book:
        book.add_worksheet("表").write_column(0, 0, ["同一个很长的值" * 10] * 50_000)
    assert [detect(one.getvalue(), "a", most=MOST) for one in (word, excel)] == [FileType.DOCX, FileType.XLSX]


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_refused_with_its_own_sentence(name: str) -> None:
    content, code = HOSTILE[name]
    with pytest.raises(TiduError) as caught:
        detect(content, "材料.pdf", most=MOST)
    assert caught.value.code == code
    assert caught.value.message.startswith("“材料.pdf”")
    assert "{" not in caught.value.message


def test_sentences_differ_from_one_another() -> None:
    assert len(set(SENTENCES.values())) == len(SENTENCES)


def test_the_bound_itself_is_taken() -> None:
    assert detect(PDF, "a.pdf", most=len(PDF)) == FileType.PDF
    with pytest.raises(TiduError, match="超过每个文件") as caught:
        detect(PDF, "a.pdf", most=len(PDF) - 1)
    assert caught.value.code == "file-too-large"


def test_what_a_telephone_puts_behind_a_photo_is_no_other_file() -> None:
    assert detect(jpeg() + jpeg() + b"PK\x05\x06 by chance", "a.jpg", most=MOST) == FileType.JPEG


@given(st.sampled_from([PDF, png(), jpeg(), office(), office("xlsx")]), st.data())
def test_damaged_files_are_taken_or_refused_but_never_fail(content: bytes, data: st.DataObject) -> None:
    damaged = bytearray(content)
    for _ in range(data.draw(st.integers(1, 6))):
        damaged[data.draw(st.integers(0, len(damaged) - 1))] = data.draw(st.integers(0, 255))
    cut = bytes(damaged[: data.draw(st.integers(0, len(damaged)))])
    for one in (bytes(damaged), cut):
        try:
            found = detect(one, "a", most=MOST)
        except TiduError as error:
            assert error.code in SENTENCES  # noqa: PT017 - either answer is right
        else:
            assert found in FileType


@given(st.binary(max_size=400))
def test_random_bytes_never_fail(content: bytes) -> None:
    with pytest.raises(TiduError):
        detect(content, "a", most=MOST)


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("", "name-missing"),
        (" . ", "name-missing"),
        ("a" * (LONGEST_NAME + 1), "name-too-long"),
        ("a\x00.pdf", "name-control"),
        ("a\n.pdf", "name-control"),
        ("合同\u202efdp.exe", "name-control"),
        ("a\u200b.pdf", "name-control"),
        ("../../etc/passwd", "name-path"),
        ("..\\..\\windows\\a.pdf", "name-path"),
        ("/etc/passwd", "name-path"),
        ("C:\\a.pdf", "name-path"),
        ("..／..／a.pdf", "name-path"),
        ("a..pdf", "name-path"),
    ],
)
def test_a_hostile_name_is_refused(name: str, code: str) -> None:
    with pytest.raises(TiduError) as caught:
        checked_name(name)
    assert caught.value.code == code


@given(st.text(max_size=LONGEST_NAME))
def test_a_name_that_is_kept_leads_nowhere(name: str) -> None:
    try:
        kept = checked_name(name)
    except TiduError as error:
        assert error.code.startswith("name-")  # noqa: PT017 - either answer is right
        return
    assert kept
    assert len(kept) <= LONGEST_NAME
    assert kept.isprintable() or " " in kept or any(letter.isspace() for letter in kept)
    assert not set(kept) & set('/\\<>:"|?*\0')
    assert ".." not in kept
    for found in FileType:
        ending = named_after(kept, found).rpartition(".")[2].lower()
        assert ending in ENDINGS[found]
        assert len(named_after(kept, found)) <= LONGEST_NAME


@pytest.mark.parametrize(
    ("name", "found", "kept"),
    [
        ("合同.pdf", FileType.PDF, "合同.pdf"),
        ("合同.PDF", FileType.PDF, "合同.PDF"),
        ("照片.jpg", FileType.PNG, "照片.png"),
        ("页面.html", FileType.PNG, "页面.png"),
        ("第1.2版", FileType.DOCX, "第1.2版.docx"),
    ],
)
def test_the_ending_tells_the_content(name: str, found: FileType, kept: str) -> None:
    assert named_after(name, found) == kept
