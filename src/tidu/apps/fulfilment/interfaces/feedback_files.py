"""What finance reports back: an empty table to fill in, and its reader (Excel or CSV)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any

from tidu.apps.fulfilment.domain.paying import Feedback
from tidu.apps.fulfilment.enums import PaymentState
from tidu.apps.fulfilment.interfaces.finance_sheets import SheetColumn, plain_workbook
from tidu.apps.fulfilment.models import Payment, PaymentBatch
from tidu.apps.imports.reading.opening import open_file
from tidu.exchange.cells import CellError, read_date, shown
from tidu.exchange.notices import Notice, Severity
from tidu.exchange.sheets import Grid, Row, column_letter, is_blank
from tidu.exchange.wordings import title_key
from tidu.kernel.errors import TiduError

NUMBER, HOLDER, AMOUNT, DAY, REFERENCE, WHY = "拨付编号", "收款户名", "金额（元）", "到账日期", "财政流水号", "退票原因"
COLUMNS = (
    SheetColumn(NUMBER, 12), SheetColumn(HOLDER, 36), SheetColumn(AMOUNT, 18, amount=True), SheetColumn(DAY, 16), SheetColumn(REFERENCE, 26),
    SheetColumn(WHY, 36),
)  # fmt: skip
ALIASES = {"流水号": REFERENCE, "退回原因": WHY, "支付日期": DAY, "金额": AMOUNT, "户名": HOLDER}
NEEDED = (NUMBER, DAY, REFERENCE, WHY)
SEARCHED = 20
"""Rows in which the titles are looked for."""
LONGEST_REFERENCE, LONGEST_WHY, SURE_DIGITS = 60, 200, 15


def feedback_template(batch: PaymentBatch) -> bytes:
    """An empty report with the numbers of the batch's payments, for finance to fill in."""
    rows = [
        (str(one.pk), one.account_holder, one.amount, "", "", "")
        for one in batch.payments.exclude(state=PaymentState.DROPPED).order_by("pk")
    ]
    return plain_workbook(
        title="财政回执", particulars=f"批次号：{batch.number}。到账的填到账日期和流水号；退票的填退票原因和流水号；没有结果的留空。拨付编号和金额不要改动。",
        columns=COLUMNS, rows=rows, foot=(), made_at=batch.checked_at or batch.made_at,
    )  # fmt: skip


@dataclass
class FeedbackFile:
    """What a file says: rows to take, and every problem with its place. ``open`` counts payments the file says nothing of yet."""

    rows: list[Feedback] = field(default_factory=list)
    problems: list[Notice] = field(default_factory=list)
    open: int = 0


@dataclass(frozen=True, slots=True)
class _Line:
    """One row of the sheet."""

    grid: Grid
    number: int
    places: Mapping[str, int]
    cells: Row

    def cell(self, name: str) -> object:
        place = self.places.get(name)
        return self.cells[place] if place is not None and place < len(self.cells) else None

    def problem(self, code: str, name: str, message: str, advice: str) -> Notice:
        place = self.places.get(name)
        value = self.cell(name)
        return Notice(
            code, message, advice, Severity.PROBLEM, self.grid.place, self.grid.name, self.number,
            column_letter(place) if place is not None else "", name, "" if is_blank(value) else shown(value),
        )  # fmt: skip


class _Wrong(Exception):
    """A row that cannot be taken."""

    def __init__(self, notice: Notice) -> None:
        super().__init__(notice.message)
        self.notice = notice


def read_feedback_file(content: bytes, name: str, batch: PaymentBatch) -> FeedbackFile:
    """The rows of a report on ``batch``; nothing is changed. Raises what ``open_file`` raises, and ``feedback-no-titles``.

    A row with a problem is left out and named with sheet, row, column, value and what to do; the other rows stand.
    """
    grids, _ = open_file(content, name)
    found, seen = FeedbackFile(), dict[int, int]()
    payments = {one.pk: one for one in batch.payments.all()}
    for line in _lines(grids, name):
        if all(is_blank(cell) for cell in line.cells) or _is_total(line):
            continue
        try:
            row = _feedback(line, payments, seen)
        except _Wrong as wrong:
            found.problems.append(wrong.notice)
            continue
        if row is None:
            found.open += 1
        else:
            found.rows.append(row)
    return found


def _lines(grids: Sequence[Grid], name: str) -> Iterator[_Line]:
    for grid in grids:
        for at, titles in enumerate(grid.rows[:SEARCHED]):
            places = _places(titles)
            if all(wanted in places for wanted in NEEDED):
                for number, cells in enumerate(grid.rows[at + 1 :], start=at + 2):
                    yield _Line(grid, number, places, cells)
                return
    raise TiduError("feedback-no-titles", f"“{name}”里没有找到标题行，须有这些列：{'、'.join(NEEDED)}。请用系统下载的财政回执表填写。")


def _places(titles: Row) -> dict[str, int]:
    found: dict[str, int] = {}
    known = {
        title_key(word): name for word, name in [*ALIASES.items(), *((one, one) for one in (NUMBER, HOLDER, AMOUNT, DAY, REFERENCE, WHY))]
    }
    for place, cell in enumerate(titles):
        name = known.get(title_key(cell)) if isinstance(cell, str) else None
        if name is not None:
            found.setdefault(name, place)
    return found


def _is_total(line: _Line) -> bool:
    first = next((cell for cell in line.cells if not is_blank(cell)), None)
    return isinstance(first, str) and first.strip().startswith("合计")


def _feedback(line: _Line, payments: Mapping[int, Payment], seen: dict[int, int]) -> Feedback | None:
    """The row; None where it reports nothing yet."""
    number = _number(line, payments, seen)
    _check_amount(line, payments[number])
    reference, why = _text(line, REFERENCE, LONGEST_REFERENCE), _text(line, WHY, LONGEST_WHY)
    day = _day(line)
    if day is None and not why:
        if reference:
            raise _Wrong(
                line.problem(
                    "feedback-no-result", DAY, "有流水号，却没有到账日期，也没有退票原因。", "请补填其中一项；还没有结果的，流水号也留空。"
                )
            )
        return None
    if day is not None and why:
        raise _Wrong(line.problem("feedback-both", WHY, "既有到账日期，又有退票原因。", "一笔只能有一种结果，请核对后只留一项。"))
    if not reference:
        raise _Wrong(
            line.problem("feedback-no-reference", REFERENCE, "没有流水号。", "请填写财政支付系统的流水号，同一回执重复登记时靠它识别。")
        )
    return Feedback(number, reference, day, why)


def _number(line: _Line, payments: Mapping[int, Payment], seen: dict[int, int]) -> int:
    value = line.cell(NUMBER)
    text = str(int(value)) if isinstance(value, float) and value.is_integer() else str(value or "").strip()
    if not (text.isascii() and text.isdigit()) or int(text) not in payments:
        raise _Wrong(line.problem("feedback-number", NUMBER, "不是这个批次的拨付编号。", "请核对回执是不是这一批的；拨付编号请勿改动。"))
    number = int(text)
    if number in seen:
        raise _Wrong(line.problem("feedback-twice", NUMBER, f"与第 {seen[number]} 行重复。", "一笔拨付只能有一行，请删去多余的一行。"))
    seen[number] = line.number
    return number


def _check_amount(line: _Line, payment: Payment) -> None:
    value = line.cell(AMOUNT)
    if is_blank(value):
        return
    fen = _fen(value)
    if fen != payment.amount:
        expected = f"{payment.amount // 100}.{payment.amount % 100:02d}"
        raise _Wrong(
            line.problem("feedback-amount", AMOUNT, f"与拨付金额 {expected} 元不符。", "部分到账或金额有误的，请先与财政核对，不要登记。")
        )


def _fen(value: Any) -> int | None:
    text = f"{value:.15g}" if isinstance(value, float) else str(value).replace(",", "").replace("，", "").replace("元", "").strip()
    try:
        fen = Decimal(text) * 100
        return int(fen) if fen == fen.to_integral_value() else None
    except (InvalidOperation, ValueError, OverflowError):
        return None


def _text(line: _Line, name: str, most: int) -> str:
    value = line.cell(name)
    if is_blank(value):
        return ""
    if isinstance(value, float):
        if abs(value) >= 10**SURE_DIGITS or not value.is_integer():
            raise _Wrong(
                line.problem("feedback-digits", name, "被存成了数字，末几位可能已丢失。", "请把这一列设为“文本”，重新填写完整的号码。")
            )
        value = int(value)
    text = "".join(letter for letter in str(value) if letter.isprintable()).strip()
    if len(text) > most:
        raise _Wrong(line.problem("feedback-long", name, f"有 {len(text)} 个字，超过 {most} 个字。", "请改短后再上传。"))
    return text


def _day(line: _Line) -> Any:
    value = line.cell(DAY)
    if is_blank(value):
        return None
    try:
        return read_date(value)
    except CellError as error:
        raise _Wrong(line.problem("feedback-day", DAY, error.message, error.advice)) from None
