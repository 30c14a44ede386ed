"""Word's own numbering becomes the marks a reader sees."""

from __future__ import annotations

from tests.documents.made_files import word_file
from tidu.documents import read_bytes


def test_automatic_numbers_are_counted_as_word_counts() -> None:
    data = word_file(
        [
            "某区工作方案",
            ("总体要求", 0),
            ("坚持稳中求进。", 1),
            ("重点任务", 0),
            ("做强产业。壮大集群。", 1),
            ("补链。引进企业。", 2),
            ("强链。培育企业。", 2),
        ]
    )

    assert [one["path"] for one in read_bytes(data, "方案.docx").as_dict()["clauses"]] == [
        *("一", "一.（一）", "二", "二.（一）", "二.（一）.1", "二.（一）.2"),
    ]


def test_deleted_text_and_tables() -> None:
    row = "<w:tr><w:tc><w:p><w:r><w:t>任务</w:t></w:r></w:p></w:tc><w:tc><w:p><w:r><w:t>区科技局</w:t></w:r></w:p></w:tc></w:tr>"
    body = f"<w:p><w:r><w:t>一、任务</w:t></w:r><w:del><w:r><w:delText>删去</w:delText></w:r></w:del></w:p><w:tbl>{row}</w:tbl>"
    space = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    data = word_file([], more={"word/document.xml": f"<w:document {space}><w:body>{body}</w:body></w:document>".encode()})

    assert read_bytes(data, "a.docx").text == "一、任务\n任务｜区科技局"
