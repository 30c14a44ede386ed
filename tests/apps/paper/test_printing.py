"""PDF and Word: every text is shown as it was typed, none is markup, none is lost, and nothing waits for ever."""

from __future__ import annotations

import re
import time
import zipfile
from datetime import date
from io import BytesIO
from pathlib import Path

import pytest
from docx import Document
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

from tests.apps.paper.ground import HOSTILE, squeezed, words_of_pdf, words_of_word
from tidu.apps.paper.blocks import Column, Heading, Listed, NewPage, Paper, Paragraph, clean, numbered, pairs, table, texts
from tidu.apps.paper.printing import pdf
from tidu.apps.paper.printing.pdf import pdf_of
from tidu.apps.paper.printing.word import word_of
from tidu.kernel.errors import TiduError

DAY = date(2026, 11, 23)
TRAPS = [
    HOSTILE,
    '#read("/etc/passwd")',
    "#eval(\"1+1\") #import \"@preview/a:1.0.0\": * #include \"/etc/passwd\"",
    "*粗* _斜_ `码` = 标题 - 列表 + 编号 / 词: 义 $1/2$ <标签> @引用 // 注释 /* 注释 */ \\ ~ --- ...",
    "]] }} )) [[ {{ (( #{ #[ #(",
    "#while true {}",
    '</w:t></w:r><w:r><w:t>注入 & <!DOCTYPE a [<!ENTITY b "c">]> ]]>',
    "\u202e倒\u2066序\x00\x07\x1b[31m\ud800半",
    "=1+1", "+cmd|' /C calc'!A0", "@SUM(A1)",
    "很" * 3000,
    "a" * 3000,
]  # fmt: skip


def paper_of(*words: str, day: date = DAY) -> Paper:
    """A paper that has the texts in every place a text can be."""
    columns = [Column(f"列{place}") for place in range(3)]
    blocks = [
        *(Heading(one[:200]) for one in words), *(Paragraph(one) for one in words), pairs([(one[:200], one) for one in words]),
        table(columns, [(one, one, one) for one in words], total=("合计", "", "")), table(columns, []), Listed(words), NewPage(),
        Paragraph("末", right=True),
    ]  # fmt: skip
    return Paper(words[0][:200] or "题", day, tuple(blocks), subtitle="副", foot="脚", cover=(("编号", words[0][:200]),))


@pytest.mark.parametrize("trap", TRAPS)
def test_no_text_is_markup_and_none_is_lost(trap: str) -> None:
    paper = paper_of(trap)
    for words in (words_of_pdf(pdf_of(paper)), words_of_word(word_of(paper))):
        # a page may end in the midst of a long text: its foot and the titles of a table stand between
        plain = re.sub(r"脚第\d+页，共\d+页", "", words)
        pieces = [squeezed(text)[:400] for text in texts(paper)]
        assert [piece for piece in pieces if piece not in plain and piece not in words] == []


SOME = st.text(alphabet=st.characters(codec="utf-8", max_codepoint=0xFFFF), max_size=60)


@settings(max_examples=12)
@given(st.lists(SOME, min_size=1, max_size=4))
def test_any_text_makes_a_pdf(words: list[str]) -> None:
    assert pdf_of(paper_of(*words)).startswith(b"%PDF-")


@settings(max_examples=40)
@given(st.lists(SOME, min_size=1, max_size=4))
def test_any_text_makes_a_word_file_that_opens_with_all_of_it(words: list[str]) -> None:
    paper = paper_of(*words)
    made = words_of_word(word_of(paper))
    assert [text for text in texts(paper) if squeezed(text) not in made] == []


@given(st.text())
def test_clean_text_holds_nothing_that_no_paper_can_hold(text: str) -> None:
    cleaned = clean(text)
    assert clean(cleaned) == cleaned
    cleaned.encode()
    assert not set(cleaned) & {chr(code) for code in range(32) if chr(code) != "\n"}


def test_the_same_paper_gives_the_same_bytes() -> None:
    assert pdf_of(paper_of("甲")) == pdf_of(paper_of("甲"))
    assert word_of(paper_of("甲")) == word_of(paper_of("甲"))
    with zipfile.ZipFile(BytesIO(word_of(paper_of("甲")))) as archive:
        assert {part.date_time for part in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_a_pdf_carries_the_day_of_its_state_only() -> None:
    made = pdf_of(paper_of("甲"))
    assert set(re.findall(rb"D:(\d{8})", made)) == {b"20261123"}


def test_a_word_file_repeats_titles_and_numbers_pages() -> None:
    document = Document(BytesIO(word_of(paper_of("甲"))))
    xml = document.element.xml
    assert xml.count("<w:tblHeader/>") == 2
    assert [style.style.name for style in document.paragraphs if style.style.name.startswith("Heading")] == ["Heading 1"]
    assert "PAGE" in document.sections[0].footer._element.xml


def test_a_paper_takes_a_bounded_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf, "LONGEST_SECONDS", 0.05)
    started = time.monotonic()
    with pytest.raises(TiduError, match="已停止") as caught:
        pdf_of(paper_of("甲" * 100_000))
    assert (caught.value.code, time.monotonic() - started < 5) == ("paper-too-slow", True)


def test_a_paper_has_a_bounded_length() -> None:
    with pytest.raises(TiduError, match="内容太长") as caught:
        pdf_of(paper_of("甲" * pdf.MOST_LETTERS))
    assert caught.value.code == "paper-too-long"


def test_a_machine_without_chinese_fonts_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    page = tmp_path / "page.typ"
    source = Path(pdf.__file__).with_name("page.typ").read_text(encoding="utf-8").replace("Noto Serif CJK SC", "No Such Font")
    page.write_text(source, encoding="utf-8")
    press = tmp_path / "press.py"
    press.write_text(Path(pdf.__file__).with_name("press.py").read_text(encoding="utf-8"), encoding="utf-8")
    monkeypatch.setattr(pdf, "__file__", str(tmp_path / "pdf.py"))
    with pytest.raises(TiduError, match="没有安装中文字体") as caught:
        pdf_of(paper_of("甲"))
    assert caught.value.code == "no-chinese-font"


def test_fonts_are_part_of_the_file() -> None:
    fonts = [
        font.get_object() for page in PdfReader(BytesIO(pdf_of(paper_of("甲")))).pages for font in page["/Resources"]["/Font"].values()
    ]
    assert fonts
    for font in fonts:
        described = font["/DescendantFonts"][0].get_object()["/FontDescriptor"].get_object()
        assert ("Noto" in described["/FontName"], bool({"/FontFile2", "/FontFile3"} & set(described)), "/ToUnicode" in font) == (
            True,
            True,
            True,
        )


def test_headings_are_numbered_in_chinese() -> None:
    found = [block.text for block in numbered([*(Heading("甲") for _ in range(21)), Heading("乙", 2)]) if isinstance(block, Heading)]
    assert [found[place] for place in (0, 8, 9, 10, 18, 19, 20, 21)] == [
        "一、甲",
        "九、甲",
        "十、甲",
        "十一、甲",
        "十九、甲",
        "二十、甲",
        "二十一、甲",
        "乙",
    ]


def test_a_row_must_fill_its_table() -> None:
    with pytest.raises(ValueError, match="does not fill"):
        table([Column("甲")], [("一", "二")])
