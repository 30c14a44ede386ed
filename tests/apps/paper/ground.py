"""A case from settlement to recovery with everything a dossier can hold, made by the domain's own functions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from io import BytesIO

from docx import Document
from pypdf import PdfReader

from tests.apps.fulfilment.ground import ACCOUNT, LAW, NOON, WAN, Ground, achieve, adopt, money_district, reread
from tests.apps.materials.files import PDF, png
from tidu.apps.accounts.queries import actor_of
from tidu.apps.fulfilment.domain.applying import confirm, mend_account
from tidu.apps.fulfilment.domain.budgeting import plan_budget
from tidu.apps.fulfilment.domain.deciding import decide_batch, make_batch, propose
from tidu.apps.fulfilment.domain.noticing import answer_objection, close_notice, draft_notice, publish_notice, receive_objection
from tidu.apps.fulfilment.domain.paying import Feedback, check_payment_batch, make_payment_batch, send_payment_batch, take_feedback
from tidu.apps.fulfilment.domain.recovering import advance_recovery, open_recovery, take_receipt
from tidu.apps.fulfilment.domain.settling import keep_settlement, list_cases, settle_district
from tidu.apps.fulfilment.enums import RecoveryState, Verdict
from tidu.apps.fulfilment.interfaces.allocation import make_allocation
from tidu.apps.fulfilment.models import Case, DecisionBatch, Notice, Opinion, Payment, PaymentBatch, Recovery, Submission, Voucher
from tidu.apps.materials.domain.keeping import Owner, keep_file
from tidu.apps.materials.models import StoredFile
from tidu.apps.policies.loaded import packs

OVER = NOON + timedelta(days=9)
LATER = NOON + timedelta(days=400)
SECOND_ACCOUNT = "6217000000000000000"
OBJECTOR = "李某 13900001111"
HOSTILE = '#set text(red); *粗* $x^2$ @ref <b>&amp; \\u{0} {{ 7*7 }} =cmd|"/c calc"!A1 `read("/etc/passwd")`'


@dataclass
class Story:
    """What came of it, step by step."""

    ground: Ground
    case: Case
    batch: DecisionBatch
    notice: Notice
    payments: PaymentBatch
    payment: Payment
    voucher: Voucher
    recovery: Recovery
    files: list[StoredFile]


def decided(ground: Ground) -> tuple[Case, DecisionBatch, list[StoredFile]]:
    """A 小巨人 of the state confirmed, with files and an opinion, and decided."""
    achieve(ground.district.jia, "认定", {"名称": "专精特新小巨人", "级别": "国家级", "日期": date(2023, 7, 14)})
    run = keep_settlement(actor=ground.clerk, at=NOON, settlement=settle_district(packs(), law_date=LAW, as_of=LAW))
    (case,) = list_cases(actor=ground.clerk, at=NOON, run=run, award="C3")
    case = confirm(actor=ground.firm, at=NOON, case=case, account=ACCOUNT, holder=case.enterprise.name)
    files = [
        keep_file(actor=ground.firm, at=NOON, owner=Owner(case.enterprise), kind="certificate", name=name, content=content)
        for name, content in (("认定文件.pdf", PDF), ("证书 照片.png", png()))
    ]
    content = {"联系": {"说明": HOSTILE, "人数": 12, "是否集团": False}, "materials": {"certificate": [one.pk for one in files]}}
    submission = Submission.objects.create(
        case=case,
        number=2,
        content=content,
        computation={"computed": case.computed},
        digest="a" * 64,
        submitted_at=NOON,
        submitted_by="企业经办某",
    )
    Opinion.objects.create(
        case=case, submission=submission, unit=ground.district.units["tax"], verdict=Verdict.AGREE, reason="已核纳税信用", due=LAW, asked_at=NOON,
        given_at=NOON, given_by="税务局某",
    )  # fmt: skip
    plan_budget(actor=ground.head, at=NOON, year=2024, payer="区级", clause=case.clause, planned=80 * WAN)
    batch = make_batch(actor=ground.clerk, at=NOON, title="2024 年第一批", year=2024)
    propose(actor=ground.clerk, at=NOON, batch=batch, cases=[case])
    decide_batch(actor=ground.head, at=NOON, batch=batch, packs=packs(), minutes="会议原则同意。", met_on=LAW)
    return reread(case), batch, files


def noticed(ground: Ground, case: Case) -> Notice:
    """Published, objected to, answered, closed."""
    notice = draft_notice(
        actor=ground.clerk, at=NOON, title="2024 年奖补拟支持名单公示", body="现将名单公示。", contact="027-84940000", cases=[case]
    )
    notice = publish_notice(actor=ground.head, at=NOON, notice=notice)
    objection = receive_objection(actor=ground.clerk, at=NOON, notice=notice, case=reread(case), text="认定时间有疑问", raised_by=OBJECTOR)
    answer_objection(actor=ground.head, at=NOON, objection=objection, upheld=False, answer="经核对认定文件无误。")
    close_notice(actor=ground.clerk, at=OVER, notice=notice)
    notice.refresh_from_db()
    return notice


def batched(ground: Ground, case: Case, *, second: bool = False) -> PaymentBatch:
    """A checked payment batch of one case."""
    batch, _ = make_payment_batch(actor=ground.clerk, at=OVER, payer="区级", cases=[case], packs=packs())
    assert batch is not None
    return check_payment_batch(actor=actor_of(ground.second, LAW) if second else ground.head, at=OVER, batch=batch)


def sent(ground: Ground, batch: PaymentBatch) -> PaymentBatch:
    """Exported and sent, with the digest of the export."""
    digest = make_allocation(actor=ground.clerk, at=OVER, batch=batch).digest
    return send_payment_batch(actor=ground.clerk, at=OVER, batch=batch, packs=packs(), digest=digest)


def whole_story() -> Story:
    """Everything: paid at the second try, then recovered in part."""
    ground = money_district()
    adopt("R1", "补差额")
    case, batch, files = decided(ground)
    notice = noticed(ground, case)
    first = sent(ground, batched(ground, reread(case)))
    back = [Feedback(Payment.objects.get().pk, "F1", None, "账号户名不符")]
    take_feedback(actor=ground.clerk, at=OVER, batch=first, rows=back, book=packs().book)
    case = mend_account(actor=ground.firm, at=OVER, case=reread(case), account=SECOND_ACCOUNT, holder=case.enterprise.name)
    payments = sent(ground, batched(ground, case, second=True))
    payment = Payment.objects.get(batch=payments)
    take_feedback(actor=ground.clerk, at=OVER, batch=payments, rows=[Feedback(payment.pk, "F2", OVER.date())], book=packs().book)
    recovery = open_recovery(
        actor=ground.head,
        at=LATER,
        case=reread(case),
        reason="注册地迁出本区。",
        evidence={"登记": {"迁入地": "外区", "日期": "2025-07-01"}},
    )
    for to in (RecoveryState.NOTIFIED, RecoveryState.HEARD, RecoveryState.DEMANDED):
        recovery = advance_recovery(actor=ground.head, at=LATER, recovery=recovery, to=to, text="已办理")
    recovery = take_receipt(actor=ground.clerk, at=LATER, recovery=recovery, amount=20 * WAN + 7, reference="R1", received_on=LATER.date())
    payment.refresh_from_db()
    return Story(ground, reread(case), batch, notice, payments, payment, Voucher.objects.get(), recovery, files)


def words_of_pdf(content: bytes) -> str:
    """The text of a PDF without blanks and places to break a line, so that layout does not matter."""
    return squeezed("".join(page.extract_text() for page in PdfReader(BytesIO(content)).pages))


def words_of_word(content: bytes) -> str:
    """The text of a Word file in reading order, without blanks."""
    body = Document(BytesIO(content)).element.body
    return squeezed("".join(part.text or "" for part in body.iter("{http://schemas.openxmlformats.org/wordprocessingml/2006/main}t")))


def squeezed(text: str) -> str:
    """Without white space and places to break a line."""
    return "".join(letter for letter in text if not letter.isspace() and letter not in "\u200b\f")
