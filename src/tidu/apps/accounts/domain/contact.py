"""How a person wants to be told outside the system: an e-mail address, a mobile telephone (sealed), and whether to use them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction

from tidu.apps.accounts.actors import Actor
from tidu.apps.accounts.decisions import no
from tidu.apps.accounts.domain.naming import subject_of
from tidu.apps.accounts.models import User
from tidu.apps.audit.domain.chain import record_event
from tidu.apps.sealing import masked, seal, unseal
from tidu.kernel.errors import Problems, TiduError

PHONE = "user-phone"
_MOBILE = re.compile(r"1[3-9]\d{9}")


@dataclass(frozen=True, slots=True)
class Contact:
    """Where and by which way a person is told; an empty address means not at all."""

    email: str
    phone: str
    by_email: bool
    by_sms: bool


def contact_of(user: User) -> Contact:
    """The contact with the telephone opened: for the person, and for sending."""
    return Contact(user.email, unseal(user.phone, PHONE), user.tell_by_email, user.tell_by_sms)


def set_contact(*, actor: Actor, at: datetime, user: User, wanted: Contact) -> None:
    """Change the own contact; nobody changes another's. Raises ``bad-contact`` with all that is wrong, ``nothing-changed``."""
    if actor.user != user.pk:
        no("联系方式只能由本人填写。", "not-own-account").require()
    given = Contact(wanted.email.strip(), re.sub(r"[\s-]", "", wanted.phone), wanted.by_email, wanted.by_sms)
    _check(given)
    before = contact_of(user)
    if before == given:
        raise TiduError("nothing-changed", "联系方式没有改动。")
    user.email, user.tell_by_email, user.tell_by_sms = given.email, given.by_email, given.by_sms
    if before.phone != given.phone:
        user.phone = seal(given.phone, PHONE)
    with transaction.atomic():
        user.save(update_fields=("email", "phone", "tell_by_email", "tell_by_sms"))
        record_event(
            actor=actor, at=at, action="account.contact-changed", subject=subject_of(user),
            detail={"before": _told(before), "after": _told(given)},
        )  # fmt: skip


def _check(given: Contact) -> None:
    wrong = []
    try:
        if given.email:
            validate_email(given.email)
    except ValidationError:
        wrong.append(TiduError("bad-email", f"电子邮箱“{given.email[:60]}”写得不对，例如 name@example.com。"))
    if given.phone and not _MOBILE.fullmatch(given.phone):
        wrong.append(TiduError("bad-phone", "手机号应是 11 位数字，以 1 开头。请核对。"))
    if given.by_email and not given.email:
        wrong.append(TiduError("email-missing", "要用邮箱接收消息，请填写电子邮箱。"))
    if given.by_sms and not given.phone:
        wrong.append(TiduError("phone-missing", "要用短信接收消息，请填写手机号。"))
    if wrong:
        raise Problems("bad-contact", wrong)


def _told(one: Contact) -> dict[str, str]:
    words = {True: "是", False: "否"}
    return {"电子邮箱": one.email, "手机号": masked(one.phone), "消息也发到邮箱": words[one.by_email], "消息也发短信": words[one.by_sms]}
