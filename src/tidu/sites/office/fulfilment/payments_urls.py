"""Addresses of payments, feedback, vouchers, reconciliation."""

from __future__ import annotations

from django.urls import path

from tidu.sites.office.fulfilment import feedback, payment_batches, payments, reconciliation, vouchers

payment_paths = [
    path("payments/", payments.payments, name="payments"),
    path("payments/waiting/", payments.payment_waiting, name="payment-waiting"),
    path("payments/new/", payments.payment_new, name="payment-new"),
    path("payments/returned/", payments.payments_returned, name="payments-returned"),
    path("payments/batches/", payment_batches.payment_batches, name="payment-batches"),
    path("payments/batches/<int:number>/", payment_batches.payment_batch, name="payment-batch"),
    path("payments/batches/<int:number>/check/", payment_batches.payment_check, name="payment-check"),
    path("payments/batches/<int:number>/drop/", payment_batches.payment_drop, name="payment-drop"),
    path("payments/batches/<int:number>/send/", payment_batches.payment_send, name="payment-send"),
    path("payments/batches/<int:number>/allocation/", payment_batches.payment_allocation, name="payment-allocation"),
    path("payments/batches/<int:number>/feedback/", feedback.payment_feedback, name="payment-feedback"),
    path("payments/batches/<int:number>/feedback/template/", feedback.payment_feedback_template, name="payment-feedback-template"),
    path("payments/feedback/<int:number>/", feedback.payment_feedback_file, name="payment-feedback-file"),
    path("payments/accounts/<int:number>/", payment_batches.payment_account, name="payment-account"),
    path("vouchers/", vouchers.vouchers, name="vouchers"),
    path("vouchers/<int:number>/", vouchers.voucher_paper, name="voucher-paper"),
    path("reconciliation/", reconciliation.reconciliation, name="reconciliation"),
]
