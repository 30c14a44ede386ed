"""Sensitive texts at rest: sealed with SM4 (GB/T 32907) in GCM, shown masked, opened one at a time.

The key is derived from the installation's secret key (or ``TIDU_SEALING_KEY``), each use with a purpose of its own, so that
a sealed bank account put into the field of a telephone number does not open.
"""

from __future__ import annotations

import base64
import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes, hmac
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from django.conf import settings

from tidu.kernel.errors import TiduError

MARK = "sm4:"
NONCE, TAG = 12, 16


def _key(purpose: str) -> bytes:
    secret = os.environ.get("TIDU_SEALING_KEY") or settings.SECRET_KEY
    mac = hmac.HMAC(secret.encode(), hashes.SM3())
    mac.update(f"tidu sealing {purpose}".encode())
    return mac.finalize()[:16]


def seal(text: str, purpose: str) -> str:
    """The text sealed for a purpose (``bank-account``); the same text gives another result every time. Empty stays empty."""
    if not text:
        return ""
    nonce = os.urandom(NONCE)
    machine = Cipher(algorithms.SM4(_key(purpose)), modes.GCM(nonce)).encryptor()
    sealed = machine.update(text.encode()) + machine.finalize()
    return MARK + base64.urlsafe_b64encode(nonce + machine.tag + sealed).decode()


def unseal(sealed: str, purpose: str) -> str:
    """The text; raises ``cannot-unseal`` where it was altered or sealed with another key or for another purpose."""
    if not sealed:
        return ""
    try:
        raw = base64.urlsafe_b64decode(sealed.removeprefix(MARK))
        machine = Cipher(algorithms.SM4(_key(purpose)), modes.GCM(raw[:NONCE], raw[NONCE : NONCE + TAG])).decryptor()
        return (machine.update(raw[NONCE + TAG :]) + machine.finalize()).decode()
    except (ValueError, InvalidTag) as error:
        raise TiduError("cannot-unseal", "加密保存的内容打不开：被改动过，或者加密密钥已更换。请系统管理员核对密钥。") from error


def masked(text: str, *, kept: int = 4) -> str:
    """All but the last letters hidden.

    >>> masked("6222020200012345678")
    '***************5678'
    >>> masked("123")
    '***'
    """
    shown = text[-kept:] if len(text) > 2 * kept else ""
    return "*" * (len(text) - len(shown)) + shown
