"""Valid forms of payments."""

from __future__ import annotations

from io import BytesIO

from django.core.files.uploadedfile import SimpleUploadedFile

from tests.apps.people import AT, District
from tests.sites.office.forms import Sent, form
from tests.sites.office.money_objects import made_batch, made_case
from tidu.apps.accounts.enums import Role
from tidu.apps.fulfilment.enums import CaseState, PaymentBatchState
from tidu.apps.fulfilment.models import FeedbackFile


@form("payment-new")
def payment_new(district: District) -> Sent:
    case = made_case(district, CaseState.CLEARED)
    data = {"payer": "区级", "row": [f"{case.pk}:{case.version}"], "sure": "yes", "seen": f"1:{case.amount}"}
    return Sent(Role.BUREAU_CLERK, data)


@form("payment-check")
def payment_check(district: District) -> Sent:
    batch = made_batch(district, PaymentBatchState.MADE)
    return Sent(Role.BUREAU_HEAD, {"version": batch.version}, [batch.pk])


@form("payment-drop")
def payment_drop(district: District) -> Sent:
    batch = made_batch(district, PaymentBatchState.MADE)
    return Sent(Role.BUREAU_HEAD, {"version": batch.version, "reason": "有一家账户待核"}, [batch.pk])


@form("payment-send")
def payment_send(district: District) -> Sent:
    batch = made_batch(district, PaymentBatchState.CHECKED)
    return Sent(Role.BUREAU_CLERK, {"version": batch.version}, [batch.pk])


@form("payment-allocation")
def payment_allocation(district: District) -> Sent:
    return Sent(Role.BUREAU_CLERK, {}, [made_batch(district, PaymentBatchState.CHECKED).pk], changes=False)


@form("payment-account")
def payment_account(district: District) -> Sent:
    payment = made_batch(district, PaymentBatchState.SENT).payments.get()
    return Sent(Role.BUREAU_CLERK, {"reason": "财政来电核对账号"}, [payment.pk], changes=False)


@form("payment-feedback")
def payment_feedback(district: District) -> Sent:
    batch = made_batch(district, PaymentBatchState.SENT)
    text = f"拨付编号,到账日期,财政流水号,退票原因\n{batch.payments.get().pk},2024-06-01,F1,\n"
    return Sent(Role.BUREAU_CLERK, {"file": SimpleUploadedFile("回执.csv", BytesIO(text.encode()).getvalue())}, [batch.pk])


@form("payment-feedback-file")
def payment_feedback_file(district: District) -> Sent:
    batch = made_batch(district, PaymentBatchState.SENT)
    rows = [{"payment": batch.payments.get().pk, "reference": "F1", "arrived_on": "2024-06-01", "returned_why": ""}]
    file = FeedbackFile.objects.create(batch=batch, name="回执.xlsx", digest="d" * 64, rows=rows, uploaded_at=AT, uploaded_by="某")
    return Sent(Role.BUREAU_CLERK, {}, [file.pk])
