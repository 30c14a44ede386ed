"""Lists: a second line of a cell is beside it in a file, and each page knows the ones beside it."""

from __future__ import annotations

from tidu.look.listing import Column, cells, page_of, spread

STREET = Column("街道", lambda row: row["street"])
COLUMNS = (Column("企业", lambda row: row["name"], below=STREET), Column("金额", lambda row: str(row["sum"]), number=True))
ROW = {"name": "甲公司", "street": "第一街道", "sum": 3}


class Rows(list):  # type: ignore[type-arg]
    """Rows that count as a queryset does."""

    def count(self) -> int:  # type: ignore[override]
        return len(self)


def test_the_second_line_of_a_cell_is_shown_with_it() -> None:
    assert [(one.title, one.text, one.below) for one in cells(COLUMNS, ROW)] == [("企业", "甲公司", "第一街道"), ("金额", "3", "")]


def test_a_file_has_a_column_of_its_own_for_the_second_line() -> None:
    assert [(one.title, one.text(ROW)) for one in spread(COLUMNS)] == [("企业", "甲公司"), ("街道", "第一街道"), ("金额", "3")]


def test_a_page_beyond_the_last_is_the_last() -> None:
    found = page_of(Rows([ROW] * 3), COLUMNS, {"page": "9", "q": "甲"}, label="企业", size=2)
    assert (found.number, found.count, len(found.rows), found.before, found.after) == (2, 2, 1, "?q=%E7%94%B2&page=1", "")
