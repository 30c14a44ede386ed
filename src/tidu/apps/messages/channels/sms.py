"""Short messages: only noted (``log``), or handed to a gateway by HTTP (``http``); which one, and where to, is configuration."""

from __future__ import annotations

import json
import time
from http import HTTPStatus
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

from cryptography.hazmat.primitives import hashes, hmac
from django.conf import settings

from tidu.apps.messages.channels.ways import NotDelivered

LOG, HTTP = "log", "http"
PATIENCE = 10
"""Seconds that a gateway may take."""
LONGEST = 300


class _NoRedirect(HTTPRedirectHandler):
    """A gateway that sends elsewhere is not followed: the message would go to whom nobody configured."""

    def redirect_request(self, *given: Any, **named: Any) -> None:
        """Refuse."""
        del given, named


class Sms:
    """One short message per message and person."""

    @property
    def off(self) -> str:
        """Why it is off."""
        box = settings.OUTBOX
        if box["sms"] == LOG:
            return ""
        if box["sms"] != HTTP:
            return "没有配置短信（TIDU_SMS）。"
        known = urlsplit(box["sms_url"])
        if known.scheme not in {"https", "http"} or not known.hostname or not box["sms_secret"]:
            return "短信网关的地址或密钥没有配置好（TIDU_SMS_URL、TIDU_SMS_SECRET）。"
        return ""

    def send(self, address: str, title: str, text: str) -> str:
        """Note it, or hand it to the gateway."""
        if settings.OUTBOX["sms"] == LOG:
            return "只记录，没有发出（TIDU_SMS=log）"
        del title
        body = json.dumps({"to": address, "text": text[:LONGEST]}, ensure_ascii=False).encode()
        status = _post(settings.OUTBOX["sms_url"], settings.OUTBOX["sms_secret"], body, str(int(time.time())))
        if not HTTPStatus.OK <= status < HTTPStatus.MULTIPLE_CHOICES:
            raise NotDelivered(f"短信网关答复 {status}。")
        return f"短信网关已收下（{status}）"


def signature(secret: str, moment: str, body: bytes) -> str:
    """HMAC-SM3 over the moment and the body: the gateway knows who sends, and that nothing was changed on the way."""
    mac = hmac.HMAC(secret.encode(), hashes.SM3())
    mac.update(moment.encode() + b"\n" + body)
    return mac.finalize().hex()


def _post(url: str, secret: str, body: bytes, moment: str) -> int:
    headers = {
        "Content-Type": "application/json; charset=utf-8", "X-Tidu-Time": moment, "X-Tidu-Signature": signature(secret, moment, body),
    }  # fmt: skip
    request = Request(url, body, headers, method="POST")  # noqa: S310 - the scheme is checked above, the address is configuration
    try:
        with build_opener(_NoRedirect).open(request, timeout=PATIENCE) as answer:
            return int(answer.status)
    except HTTPError as error:
        return error.code
    except (OSError, ValueError) as error:
        raise NotDelivered(f"连不上短信网关（{type(error).__name__}）。") from error
