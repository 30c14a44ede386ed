"""Valid forms of messages and of one's own contact."""

from __future__ import annotations

from tests.apps.people import AT, District
from tests.sites.office.forms import Sent, form
from tidu.apps.accounts.enums import Role
from tidu.apps.messages.domain.telling import tell_person
from tidu.apps.messages.models import Message, Outgoing


def told(district: District) -> Message:
    """A message to the bureau's clerk."""
    user = district.people[Role.BUREAU_CLERK]
    return tell_person(at=AT, user=user.pk, occasion="payment.feedback", title="退票 1 笔", text="批次有退票。")


@form("messages-read")
def messages_read(district: District) -> Sent:
    return Sent(Role.BUREAU_CLERK, {"row": [str(told(district).pk)]})


@form("outgoing-retry")
def outgoing_retry(district: District) -> Sent:
    row = Outgoing.objects.create(
        message=told(district), user=district.people[Role.BUREAU_CLERK], channel="sms", state="given-up", tries=5, next_at=AT
    )  # fmt: skip
    return Sent(Role.SYSTEM_ADMIN, {"row": [str(row.pk)]})


@form("account-contact")
def account_contact(district: District) -> Sent:
    return Sent(Role.BUREAU_CLERK, {"email": "a@example.com", "phone": "138 0013 8000", "ways": ["email", "sms"]})
