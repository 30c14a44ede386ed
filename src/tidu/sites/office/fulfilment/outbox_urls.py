"""Addresses of messages and of what goes outside."""

from __future__ import annotations

from django.urls import path

from tidu.sites.office import own_contact
from tidu.sites.office.fulfilment import outbox

outbox_paths = [
    path("messages/", outbox.messages, name="messages"),
    path("messages/read/", outbox.messages_read, name="messages-read"),
    path("deliveries/", outbox.deliveries, name="deliveries"),
    path("deliveries/outgoing/", outbox.outgoing, name="outgoing"),
    path("deliveries/outgoing/retry/", outbox.outgoing_retry, name="outgoing-retry"),
    path("account/contact/", own_contact.account_contact, name="account-contact"),
]
