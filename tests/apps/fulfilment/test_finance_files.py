"""What goes to finance and what comes back: accounts exact, sums to the fen, every making noted, every bad row named."""

from __future__ import annotations

import csv
from datetime import date, datetime
from io import BytesIO, StringIO
from typing import Any

import pytest
import python_calamine
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from tests.apps.fulfilment.ground import ACCOUNT, NOON, WAN, Ground, another_firm, money_district, reread
from tests.apps.fulfilment.test_transitions import case_in
from tests.apps.materials.files import HOSTILE
from tidu.apps.accounts.decisions import NotAllowed
from tidu.apps.accounts.enums import Role
from tidu.apps.audit.digests import sm3
from tidu.apps.audit.models import AuditEvent
from tidu.apps.fulfilment.domain.capitals import in_capitals
from tidu.apps.fulfilment.domain.paying import Feedback, take_feedback
from tidu.apps.fulfilment.enums import CaseState, PaymentBatchState, PaymentState
from tidu.apps.fulfilment.interfaces.allocation import make_allocation
from tidu.apps.fulfilment.interfaces.feedback_files import COLUMNS, feedback_template, read_feedback_file
from tidu.apps.fulfilment.interfaces.finance_sheets import SheetColumn, plain_workbook
from tidu.apps.fulfilment.models import Case, Payment, PaymentBatch
from tidu.apps.policies.loaded import packs
from tidu.apps.sealing import seal
from tidu.kernel.errors import TiduError

pytestmark = pytest.mark.django_db
AMOUNTS = (10 * WAN, 99_99, 7, 123_456_789_01)
ACCOUNTS = (ACCOUNT, "0012345678", "62220202000123456780", "12345678901234567890123456789012")
TITLES = tuple(column.title for column in COLUMNS)


@pytest.fixture
def ground() -> Ground:
    return money_district()


@pytest.fixture
def batch(ground: Ground) -> PaymentBatch:
    """A checked batch of four payments."""
    case = case_in(ground, CaseState.PAYING)
    Payment.objects.all().delete()
    made = PaymentBatch.objects.create(
        number="BF2024-000009", payer="区级", state=PaymentBatchState.CHECKED, maker_id=ground.clerk.user, checker_id=ground.head.user,
        made_at=NOON, checked_at=NOON,
    )  # fmt: skip
    for number, (amount, account) in enumerate(zip(AMOUNTS, ACCOUNTS, strict=True)):
        one = Case.objects.get(pk=case.pk)
        if number:
            one.pk, one.number, one.enterprise = None, f"SL2024-00009{number}", another_firm(number)
            one.save(force_insert=True)
        Payment.objects.create(
            case=one,
            batch=made,
            attempt=number + 1,
            amount=amount,
            account=seal(account, "bank-account"),
            account_holder=one.enterprise.name,
        )
    return made


def rows_of(content: bytes) -> list[list[Any]]:
    return python_calamine.CalamineWorkbook.from_filelike(BytesIO(content)).get_sheet_by_index(0).to_python(skip_empty_area=False)


def sheet(rows: list[list[Any]]) -> bytes:
    stream = BytesIO()
    with xlsxwriter.Workbook(stream, {"in_memory": True}) as book:
        page = book.add_worksheet("回执")
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        for number, row in enumerate(rows):
            for place, value in enumerate(row):
                if isinstance(value, datetime):
                    page.write_datetime(number, place, value, day)
                elif value is not None:
                    page.write(number, place, value)
    return stream.getvalue()


def numbers(batch: PaymentBatch) -> list[int]:
    return list(batch.payments.order_by("pk").values_list("pk", flat=True))


def test_the_table_for_finance_is_exact(ground: Ground, batch: PaymentBatch) -> None:
    made = make_allocation(actor=ground.clerk, at=NOON, batch=batch)
    rows = rows_of(made.content)
    titles = rows[2]
    listed = [dict(zip(titles, row, strict=True)) for row in rows[3:7]]
    assert [(row["收款账号"], row["拨付编号"]) for row in listed] == [(a, str(n)) for a, n in zip(ACCOUNTS, numbers(batch), strict=True)]
    assert [round(row["金额（元）"] * 100) for row in listed] == list(AMOUNTS)
    assert round(rows[7][titles.index("金额（元）")] * 100) == sum(AMOUNTS) == made.total == sum(one.amount for one in batch.payments.all())
    assert rows[8][0] == f"合计（大写）：{in_capitals(sum(AMOUNTS))}"
    assert [row["备注"] for row in listed] == ["", "第 2 次拨付", "第 3 次拨付", "第 4 次拨付"]
    assert (made.digest, made.rows) == (sm3(made.content), 4)


def test_every_making_is_noted_as_a_reveal_and_gives_the_same_bytes(ground: Ground, batch: PaymentBatch) -> None:
    first, second = (make_allocation(actor=actor, at=NOON, batch=batch) for actor in (ground.clerk, ground.head))
    assert first == second
    events = AuditEvent.objects.filter(action="payment.accounts-revealed").order_by("number")
    assert [(one.actor_id, one.detail) for one in events] == [
        (actor.user, {"accounts": 4, "total": sum(AMOUNTS), "digest": first.digest}) for actor in (ground.clerk, ground.head)
    ]
    assert [account for account in ACCOUNTS if any(account in str(one.detail) for one in events)] == []


def test_a_sent_batch_is_exported_again_only_unchanged(ground: Ground, batch: PaymentBatch) -> None:
    digest = make_allocation(actor=ground.clerk, at=NOON, batch=batch).digest
    PaymentBatch.objects.filter(pk=batch.pk).update(state=PaymentBatchState.SENT, exported_digest=digest)
    batch.refresh_from_db()
    assert make_allocation(actor=ground.clerk, at=NOON, batch=batch).digest == digest
    Payment.objects.filter(amount=7).update(amount=8)
    with pytest.raises(TiduError, match="与送财政时的文件不一致"):
        make_allocation(actor=ground.clerk, at=NOON, batch=batch)


def test_who_may_open_the_accounts_and_when(ground: Ground, batch: PaymentBatch) -> None:
    allowed = set()
    for role in Role:
        try:
            make_allocation(actor=ground.actor(role), at=NOON, batch=batch)
        except NotAllowed:
            continue
        allowed.add(role)
    assert allowed == {Role.BUREAU_CLERK, Role.BUREAU_HEAD}
    PaymentBatch.objects.update(state=PaymentBatchState.MADE)
    batch.refresh_from_db()
    with pytest.raises(TiduError, match="复核后才能导出"):
        make_allocation(actor=ground.clerk, at=NOON, batch=batch)


def test_names_that_look_like_formulas_stay_texts(ground: Ground, batch: PaymentBatch) -> None:
    Payment.objects.filter(amount=7).update(account_holder='=HYPERLINK("http://x","公司")')
    rows = rows_of(make_allocation(actor=ground.clerk, at=NOON, batch=batch).content)
    assert rows[5][2] == '=HYPERLINK("http://x","公司")'


@given(st.lists(st.integers(1, 10**13), max_size=30))
def test_sums_in_a_workbook_are_to_the_fen(amounts: list[int]) -> None:
    columns = (SheetColumn("编号", 10), SheetColumn("金额（元）", 18, amount=True))
    content = plain_workbook(
        title="表",
        particulars="",
        columns=columns,
        rows=[(str(number), fen) for number, fen in enumerate(amounts)],
        foot=("尾",),
        made_at=NOON,
    )
    rows = rows_of(content)
    assert [round(row[1] * 100) for row in rows[3 : 3 + len(amounts)]] == amounts
    assert round(rows[3 + len(amounts)][1] * 100) == sum(amounts)


def test_the_empty_template_comes_back_as_nothing_yet(batch: PaymentBatch) -> None:
    found = read_feedback_file(feedback_template(batch), "财政回执.xlsx", batch)
    assert (found.rows, found.problems, found.open) == ([], [], 4)


def test_a_filled_template_is_read_and_taken(ground: Ground, batch: PaymentBatch) -> None:
    rows = rows_of(feedback_template(batch))
    results = [("2024-06-05", "F1", ""), (datetime(2024, 6, 5), "F2", None), ("", "F3", "账号户名不符"), ("2024年6月5日", " F4 ", "")]  # noqa: DTZ001 - a cell has no zone
    for row, result in zip(rows[3:7], results, strict=True):
        row[3:6] = result
    found = read_feedback_file(sheet(rows), "回执.xlsx", batch)
    first, second, third, fourth = numbers(batch)
    day = date(2024, 6, 5)
    assert found.problems == []
    assert found.rows == [
        Feedback(first, "F1", day),
        Feedback(second, "F2", day),
        Feedback(third, "F3", None, "账号户名不符"),
        Feedback(fourth, "F4", day),
    ]
    PaymentBatch.objects.update(state=PaymentBatchState.SENT)
    Payment.objects.update(state=PaymentState.SENT)
    returned = [row for row in found.rows if row.arrived_on is None]
    assert take_feedback(actor=ground.clerk, at=NOON, batch=batch, rows=returned, book=packs().book) == []
    assert reread(Payment.objects.get(pk=third).case).state == CaseState.BOUNCED


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
@pytest.mark.parametrize("separator", [",", "\t", ";"])
def test_csv_of_any_usual_kind_is_read(batch: PaymentBatch, encoding: str, separator: str) -> None:
    stream = StringIO()
    writer = csv.writer(stream, delimiter=separator)
    writer.writerow(["拨付编号", "户名", "金额", "支付日期", "流水号", "退回原因"])
    writer.writerow([numbers(batch)[0], "某公司", "100,000.00", "2024/6/5", "F1", ""])
    writer.writerow([])
    writer.writerow(["合计", "", "100,000.00", "", "", ""])
    found = read_feedback_file(stream.getvalue().encode(encoding), "回执.csv", batch)
    assert (found.rows, found.problems) == ([Feedback(numbers(batch)[0], "F1", date(2024, 6, 5))], [])


BAD = [
    (["x", "", 100_000, "2024-06-05", "F1", ""], "A", "拨付编号", "x", "feedback-number"),
    ([999_999, "", 100_000, "2024-06-05", "F1", ""], "A", "拨付编号", "999999", "feedback-number"),
    (["", "", 100_000, "2024-06-05", "F1", ""], "A", "拨付编号", "", "feedback-number"),
    (["N", "", 100_000.01, "2024-06-05", "F1", ""], "C", "金额（元）", "100000.01", "feedback-amount"),
    (["N", "", "十万", "2024-06-05", "F1", ""], "C", "金额（元）", "十万", "feedback-amount"),
    (["N", "", 100_000, "六月五日", "F1", ""], "D", "到账日期", "六月五日", "feedback-day"),
    (["N", "", 100_000, "2024-02-30", "F1", ""], "D", "到账日期", "2024-02-30", "feedback-day"),
    (["N", "", 100_000, 45448, "F1", ""], "D", "到账日期", "45448", "feedback-day"),
    (["N", "", 100_000, "", "F1", ""], "D", "到账日期", "", "feedback-no-result"),
    (["N", "", 100_000, "2024-06-05", "F1", "退了"], "F", "退票原因", "退了", "feedback-both"),
    (["N", "", 100_000, "2024-06-05", "", ""], "E", "财政流水号", "", "feedback-no-reference"),
    (["N", "", 100_000, "2024-06-05", 12_300_000_000_000_000_000.0, ""], "E", "财政流水号", "1.23e+19", "feedback-digits"),
    (["N", "", 100_000, "2024-06-05", "F" * 61, ""], "E", "财政流水号", "F" * 57 + "…", "feedback-long"),
    (["N", "", 100_000, "", "F1", "退" * 201], "F", "退票原因", "退" * 57 + "…", "feedback-long"),
]


@pytest.mark.parametrize(("row", "letter", "column", "value", "code"), BAD)
def test_a_bad_row_is_named_and_the_others_stand(
    batch: PaymentBatch, row: list[Any], letter: str, column: str, value: str, code: str
) -> None:
    first, second, *_ = numbers(batch)
    bad = [first if cell == "N" else cell for cell in row]
    good = [second, "", 99.99, "2024-06-05", "F9", ""]
    # blank rows before and between: the row named is the one that the program shows
    found = read_feedback_file(sheet([["财政回执"], [], list(TITLES), [], bad, [" "], good]), "回执.xlsx", batch)
    (problem,) = found.problems
    assert (problem.sheet, problem.row, problem.letter, problem.column, problem.value, problem.code) == (
        "回执",
        5,
        letter,
        column,
        value,
        code,
    )
    assert problem.advice
    assert found.rows == [Feedback(second, "F9", date(2024, 6, 5))]


def test_a_payment_told_twice_is_refused_with_the_first_row(batch: PaymentBatch) -> None:
    row = [numbers(batch)[0], "", 100_000, "2024-06-05", "F1", ""]
    found = read_feedback_file(sheet([list(TITLES), row, row]), "回执.xlsx", batch)
    assert [(one.row, one.message) for one in found.problems] == [(3, "与第 2 行重复。")]


def test_a_file_without_titles_says_which_are_needed(batch: PaymentBatch) -> None:
    with pytest.raises(TiduError, match="拨付编号、到账日期、财政流水号、退票原因"):
        read_feedback_file(sheet([["甲", "乙"], [1, 2]]), "回执.xlsx", batch)


@pytest.mark.parametrize("name", ["0 bytes", "page", "zip bomb", "encrypted office file", "program", "SVG with script"])
def test_a_hostile_file_is_refused_with_a_sentence(batch: PaymentBatch, name: str) -> None:
    with pytest.raises(TiduError) as caught:
        read_feedback_file(HOSTILE[name][0], "回执.xlsx", batch)
    assert caught.value.message
