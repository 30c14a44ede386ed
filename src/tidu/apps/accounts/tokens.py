"""ID tokens (OpenID Connect Core 1.0, section 3.1.3.7): signature, issuer, audience, times, nonce. Pure: no network, no clock.

Three algorithms of asymmetric signatures are known; ``none`` and shared-secret ones are refused, whatever the token says.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

from tidu.kernel.errors import TiduError

ALGORITHMS = ("RS256", "PS256", "ES256")
LEEWAY = 60
"""Seconds by which two clocks may differ."""
OLDEST = 600
"""Seconds since the token was made."""
LARGEST = 16_384
SMALLEST_KEY = 2048
P256 = 32
"""Bytes of one half of an ES256 signature."""


@dataclass(frozen=True, slots=True)
class Expected:
    """What a token must say: its issuer, for whom it is, and the nonce of the login it answers."""

    issuer: str
    client: str
    nonce: str


def refused(why: str) -> TiduError:
    """A token that is not believed."""
    return TiduError("bad-token", f"统一身份认证返回的凭据没有通过校验（{why}），没有登录。请重新登录；仍不行请联系系统管理员。")


def verified_subject(token: str, keys: Sequence[Mapping[str, Any]], expected: Expected, now: float) -> str:
    """The subject of a token that holds in every respect; raises ``bad-token``."""
    if len(token) > LARGEST or token.count(".") != 2:
        raise refused("格式")
    head, body, signature = token.split(".")
    header, claims = _json(head), _json(body)
    if header.get("alg") not in ALGORITHMS or "crit" in header:
        raise refused("签名算法")
    key = key_named(keys, header)
    if key is None or not _signed(key, header["alg"], f"{head}.{body}".encode(), _bytes(signature)):
        raise refused("签名")
    return _subject(claims, expected, now)


def key_named(keys: Sequence[Mapping[str, Any]], header: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """The one key that may have signed: by its name and kind; None where there is none or more than one."""
    kind = "EC" if header.get("alg") == "ES256" else "RSA"
    fit = [
        key
        for key in keys
        if key.get("kty") == kind and key.get("use", "sig") == "sig" and key.get("alg", header.get("alg")) == header.get("alg")
    ]
    if "kid" in header:
        fit = [key for key in fit if key.get("kid") == header["kid"]]
    return fit[0] if len(fit) == 1 else None


def header_of(token: str) -> dict[str, Any]:
    """The head of a token, not yet believed."""
    return _json(token.partition(".")[0])


def pkce() -> tuple[str, str]:
    """A verifier and its challenge (RFC 7636, S256)."""
    verifier = secrets.token_urlsafe(48)
    return verifier, _text(hashlib.sha256(verifier.encode()).digest())


def _subject(claims: Mapping[str, Any], expected: Expected, now: float) -> str:
    audience = claims.get("aud")
    for_whom = [audience] if isinstance(audience, str) else audience if isinstance(audience, list) else []
    if claims.get("iss") != expected.issuer:
        raise refused("签发方")
    if expected.client not in for_whom or ((len(for_whom) > 1 or "azp" in claims) and claims.get("azp") != expected.client):
        raise refused("受众")
    expires, made = claims.get("exp"), claims.get("iat")
    if not _is_time(expires) or not _is_time(made) or now > expires + LEEWAY or made > now + LEEWAY or now - made > OLDEST:
        raise refused("有效时间")
    if "nbf" in claims and (not _is_time(claims["nbf"]) or claims["nbf"] > now + LEEWAY):
        raise refused("有效时间")
    nonce = claims.get("nonce")
    if not isinstance(nonce, str) or not secrets.compare_digest(nonce.encode(), expected.nonce.encode()):
        raise refused("一次性随机数")
    subject = claims.get("sub")
    if not isinstance(subject, str) or not 0 < len(subject) <= 255:
        raise refused("用户标识")
    return subject


def _is_time(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _signed(key: Mapping[str, Any], algorithm: str, content: bytes, signature: bytes) -> bool:
    try:
        if algorithm == "ES256":
            if key.get("crv") != "P-256" or len(signature) != 2 * P256:
                return False
            curve = ec.EllipticCurvePublicNumbers(_number(key["x"]), _number(key["y"]), ec.SECP256R1()).public_key()
            pair = encode_dss_signature(int.from_bytes(signature[:P256], "big"), int.from_bytes(signature[P256:], "big"))
            curve.verify(pair, content, ec.ECDSA(hashes.SHA256()))
            return True
        public = rsa.RSAPublicNumbers(_number(key["e"]), _number(key["n"])).public_key()
        if public.key_size < SMALLEST_KEY:
            return False
        pad: padding.AsymmetricPadding = padding.PKCS1v15()
        if algorithm == "PS256":
            pad = padding.PSS(padding.MGF1(hashes.SHA256()), padding.PSS.DIGEST_LENGTH)
        public.verify(signature, content, pad, hashes.SHA256())
    except (InvalidSignature, ValueError, KeyError, TypeError):
        return False
    return True


def _bytes(text: str) -> bytes:
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError) as error:
        raise refused("编码") from error


def _json(text: str) -> dict[str, Any]:
    try:
        found = json.loads(_bytes(text))
    except (ValueError, RecursionError) as error:
        raise refused("格式") from error
    if not isinstance(found, dict):
        raise refused("格式")
    return found


def _number(text: Any) -> int:
    if not isinstance(text, str):
        raise TypeError
    return int.from_bytes(_bytes(text), "big")


def _text(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()
