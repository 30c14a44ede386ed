"""An identity provider on this machine: signs with keys of its own, and misbehaves on request."""

from __future__ import annotations

import base64
import hashlib
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from time import time
from typing import Any
from urllib.parse import parse_qs

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature


def text(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def number(value: int) -> str:
    return text(value.to_bytes((value.bit_length() + 7) // 8, "big"))


RSA_KEY = rsa.generate_private_key(65537, 2048)
OTHER_RSA_KEY = rsa.generate_private_key(65537, 2048)
EC_KEY = ec.generate_private_key(ec.SECP256R1())


def public_keys() -> list[dict[str, str]]:
    """The keys as a provider publishes them."""
    first, point = RSA_KEY.public_key().public_numbers(), EC_KEY.public_key().public_numbers()
    return [
        {"kty": "RSA", "kid": "r1", "use": "sig", "n": number(first.n), "e": number(first.e)},
        {
            "kty": "EC",
            "kid": "e1",
            "use": "sig",
            "crv": "P-256",
            "x": text(point.x.to_bytes(32, "big")),
            "y": text(point.y.to_bytes(32, "big")),
        },
    ]


def token(
    claims: dict[str, Any], *, algorithm: str = "RS256", kid: str = "r1", key: Any = RSA_KEY, more: dict[str, Any] | None = None
) -> str:
    """A signed token; ``none`` is signed by nobody."""
    head = text(json.dumps({"alg": algorithm, "kid": kid, **(more or {})}).encode())
    body = f"{head}.{text(json.dumps(claims).encode())}"
    if algorithm == "none":
        return f"{body}."
    if algorithm == "ES256":
        r, s = decode_dss_signature(EC_KEY.sign(body.encode(), ec.ECDSA(hashes.SHA256())))
        return f"{body}.{text(r.to_bytes(32, 'big') + s.to_bytes(32, 'big'))}"
    pad = padding.PSS(padding.MGF1(hashes.SHA256()), 32) if algorithm == "PS256" else padding.PKCS1v15()
    return f"{body}.{text(key.sign(body.encode(), pad, hashes.SHA256()))}"


@dataclass
class Issuer:
    """What the provider knows: codes it gave with their challenge and nonce, and whom the next code is for."""

    address: str = ""
    client: str = "tidu"
    secret: str = "geheim"
    codes: dict[str, tuple[str, str, str]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    spoil: dict[str, Any] = field(default_factory=dict)
    """Claims that stand in the token instead of the right ones."""

    def permit(self, query: dict[str, str], subject: str) -> str:
        """The person agrees: a code for the subject."""
        code = f"code-{len(self.codes)}"
        self.codes[code] = (subject, query["code_challenge"], query["nonce"])
        return code

    def exchanged(self, form: dict[str, str]) -> tuple[int, dict[str, Any]]:
        """A code for a token: once, with the right client, secret and verifier."""
        subject, challenge, nonce = self.codes.pop(form.get("code", ""), ("", "", ""))
        verifier = text(hashlib.sha256(form.get("code_verifier", "").encode()).digest())
        if not subject or verifier != challenge or form.get("client_secret") != self.secret or form.get("client_id") != self.client:
            return 400, {"error": "invalid_grant"}
        now = int(time())
        claims = {"iss": self.address, "aud": self.client, "sub": subject, "iat": now, "exp": now + 300, "nonce": nonce, **self.spoil}
        return 200, {"access_token": "x", "token_type": "Bearer", "id_token": token(claims)}


@contextmanager
def running_issuer() -> Iterator[Issuer]:
    """A provider that answers over HTTP on this machine."""
    issuer = Issuer()

    class Answers(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            issuer.asked.append(self.path)
            told: dict[str, Any] = {
                "/.well-known/openid-configuration": {
                    "issuer": issuer.address, "authorization_endpoint": f"{issuer.address}/authorize",
                    "token_endpoint": f"{issuer.address}/token", "jwks_uri": f"{issuer.address}/keys",
                },
                "/keys": {"keys": public_keys()},
            }.get(self.path, {})  # fmt: skip
            self.answer(200 if told else 404, told)

        def do_POST(self) -> None:
            form = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
            self.answer(*issuer.exchanged({name: values[0] for name, values in form.items()}))

        def answer(self, status: int, told: dict[str, Any]) -> None:
            content = json.dumps(told).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *given: Any) -> None:
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    issuer.address = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield issuer
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
