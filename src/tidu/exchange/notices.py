"""What reading an input has to say: problems that stop it and notices that do not, each with its place.

A problem or notice is one value (sheet, row, column, value, what is wrong, what to do); a listing
(``problems_table``) and an annotated copy of the file are made from the same values.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum

import polars as pl

from tidu.kernel.errors import Problems, TiduError

MOST_ALIKE = 500
"""Problems of one kind in one column that are listed one by one; the rest are counted in a closing line."""


class Severity(StrEnum):
    """A problem stops the reading; a warning asks for a look; information needs no action."""

    PROBLEM = "problem"
    WARNING = "warning"
    INFORMATION = "information"


_SEVERITY_LABELS = {Severity.PROBLEM: "错误", Severity.WARNING: "提醒", Severity.INFORMATION: "说明"}


@dataclass(frozen=True, slots=True)
class Notice:
    """One remark on an input; ``row`` is the sheet's own row number, ``letter`` the column's letter.

    ``place`` names the sheet or file as the user knows it. In JSON, where nobody sees rows, ``path`` stands
    for the row in the sentence, and ``row`` and ``letter`` are those of the flattened table.
    """

    code: str
    message: str
    advice: str = ""
    severity: Severity = Severity.WARNING
    place: str = ""
    sheet: str = ""
    row: int | None = None
    letter: str = ""
    column: str = ""
    value: str = ""
    path: str = ""

    @property
    def text(self) -> str:
        """The whole sentence: place, what happened, what to do."""
        where = self.place
        if self.path:
            where += f" {self.path} "
        elif self.row is not None:
            where += f"第 {self.row} 行"
        if self.letter and not self.path:
            where += f" {self.letter} 列"
        if self.column:
            where += f"“{self.column}”"
        return f"{where}：{self.message}{self.advice}" if where else f"{self.message}{self.advice}"


class InputProblem(TiduError):
    """A ``Notice`` that stops the reading, as an error; ``notice`` keeps its parts."""

    def __init__(self, notice: Notice) -> None:
        super().__init__(
            notice.code, notice.text, sheet=notice.sheet, row=notice.row, letter=notice.letter, column=notice.column, value=notice.value
        )
        self.notice = notice


@dataclass
class Report:
    """Collects problems and notices while an input is read."""

    problems: list[Notice] = field(default_factory=list)
    notices: list[Notice] = field(default_factory=list)
    _alike: Counter[tuple[str, str, str]] = field(default_factory=Counter)

    def add(self, notice: Notice) -> None:
        """Keep a remark; problems of one kind in one column are listed up to ``MOST_ALIKE`` and counted beyond."""
        key = (notice.code, notice.sheet, notice.letter or notice.column)
        self._alike[key] += 1
        if self._alike[key] <= MOST_ALIKE:
            (self.problems if notice.severity is Severity.PROBLEM else self.notices).append(notice)

    def finish(self) -> list[Notice]:
        """The notices in reading order; raises ``Problems`` (code ``bad-input``) with every problem if there is one."""
        self._count_the_rest()
        self.notices.sort(key=_position)
        if self.problems:
            self.problems.sort(key=_position)
            raise Problems("bad-input", [InputProblem(problem) for problem in self.problems])
        return self.notices

    def _count_the_rest(self) -> None:
        for listing in (self.problems, self.notices):
            last = {(one.code, one.sheet, one.letter or one.column): one for one in listing}
            for key, one in last.items():
                if self._alike[key] > MOST_ALIKE:
                    rest = self._alike[key] - MOST_ALIKE
                    self._alike[key] = MOST_ALIKE
                    listing.append(
                        Notice(
                            "more-alike",
                            f"另有 {rest} 处同类问题未逐一列出。",
                            "请一并检查整列。",
                            one.severity,
                            one.place,
                            one.sheet,
                            None,
                            one.letter,
                            one.column,
                        )
                    )


_SHEET_ORDER = {"企业": 1, "年度数据": 2, "月度数据": 3, "事项": 4}


def _position(notice: Notice) -> tuple[int, int, int, str]:
    return (_SHEET_ORDER.get(notice.sheet, 0 if not notice.sheet else 5), notice.row or 0, len(notice.letter), notice.letter)


def problem_notices(problems: Problems | Iterable[Notice | TiduError]) -> list[Notice]:
    """The ``Notice`` behind each problem, whichever way it is handed over."""
    found: list[Notice] = []
    for one in problems.problems if isinstance(problems, Problems) else problems:
        if isinstance(one, Notice):
            found.append(one)
        elif isinstance(one, InputProblem):
            found.append(one.notice)
        else:
            found.append(Notice(one.code, one.message, severity=Severity.PROBLEM))
    return found


def problems_table(problems: Problems | Iterable[Notice | TiduError]) -> pl.DataFrame:
    """A listing for people: 程度, 工作表, 行, 列, 字段, 值, 问题, 处理办法, one row per problem or notice."""
    listed = problem_notices(problems)
    return pl.DataFrame(
        {
            "程度": [_SEVERITY_LABELS[one.severity] for one in listed],
            "工作表": [one.sheet for one in listed],
            "行": [one.row for one in listed],
            "列": [one.letter for one in listed],
            "字段": [one.column for one in listed],
            "值": [one.value for one in listed],
            "问题": [one.message for one in listed],
            "处理办法": [one.advice for one in listed],
        },
        schema={name: pl.Int64 if name == "行" else pl.String for name in ("程度", "工作表", "行", "列", "字段", "值", "问题", "处理办法")},
    )
