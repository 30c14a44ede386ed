"""E-mail through Django's backend (SMTP in a running site)."""

from __future__ import annotations

from smtplib import SMTPException

from django.conf import settings
from django.core.mail import EmailMessage

from tidu.apps.messages.channels.ways import NotDelivered


class Mail:
    """One e-mail per message and person; on where ``TIDU_MAIL_HOST`` and ``TIDU_MAIL_FROM`` are given."""

    @property
    def off(self) -> str:
        """Why it is off."""
        return (
            ""
            if settings.OUTBOX["mail_host"] and settings.OUTBOX["mail_from"]
            else "没有配置邮件服务器（TIDU_MAIL_HOST、TIDU_MAIL_FROM）。"
        )

    def send(self, address: str, title: str, text: str) -> str:
        """Hand it to the mail server."""
        mail = EmailMessage(" ".join(title.split()), text, settings.OUTBOX["mail_from"], [address])
        try:
            sent = mail.send()
        except (SMTPException, OSError) as error:
            # its text may repeat the address
            raise NotDelivered(f"邮件服务器没有收下（{type(error).__name__}）。") from error
        if not sent:
            raise NotDelivered("邮件服务器没有收下。")
        return "邮件服务器已收下"
