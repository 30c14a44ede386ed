"""An identity provider of the city or the province (OpenID Connect): authorization code with PKCE, state and nonce.

Off unless ``TIDU_OIDC_ISSUER`` and ``TIDU_OIDC_CLIENT_ID`` are set. What the provider says of a person gives no right: an
identity opens an account only where its owner has bound it.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from time import monotonic, time
from typing import Any
from urllib.error import URLError
from urllib.parse import urlencode, urlsplit
from urllib.request import HTTPRedirectHandler, ProxyHandler, Request, build_opener

from django.conf import settings
from django.http import HttpRequest

from tidu.apps.accounts.tokens import Expected, header_of, key_named, pkce, verified_subject
from tidu.kernel.errors import TiduError

FLOW = "outside-flow"
FLOW_GOOD = 600
"""Seconds from leaving for the provider to coming back."""
PATIENCE, LARGEST = 10, 1 << 20
"""Seconds and bytes of one answer of the provider."""
KEEP = 3600.0
ASK_AGAIN = 60.0
"""Seconds for which what the provider says of itself is kept, and before it is asked again for a key it has not named."""
LOOPBACK = {"127.0.0.1", "localhost", "::1"}


@dataclass(frozen=True, slots=True)
class Provider:
    """Where and as whom this site asks."""

    issuer: str
    client: str
    secret: str
    name: str


def provider() -> Provider | None:
    """The provider, or None where none is set up."""
    told = settings.OIDC
    return Provider(told["issuer"].rstrip("/"), told["client"], told["secret"], told["name"]) if told["issuer"] and told["client"] else None


class _Stay(HTTPRedirectHandler):
    """A provider's address does not lead elsewhere."""

    def redirect_request(self, *given: Any, **named: Any) -> None:
        """Nowhere."""
        del given, named


@dataclass(slots=True)
class _Known:
    at: float
    told: Mapping[str, Any]


_said: dict[str, _Known] = {}
"""What providers said, by address, for this process."""


def begin(request: HttpRequest, known: Provider, back: str, wanted: str, *, bind: bool) -> str:
    """The address of the provider to go to; the session keeps what the answer is checked against."""
    verifier, challenge = pkce()
    flow = {"state": secrets.token_urlsafe(24), "nonce": secrets.token_urlsafe(24), "verifier": verifier, "at": int(time())}
    request.session[FLOW] = {**flow, "next": wanted, "bind": bind, "back": back}
    terms = {
        "response_type": "code", "client_id": known.client, "redirect_uri": back, "scope": "openid", "state": flow["state"],
        "nonce": flow["nonce"], "code_challenge": challenge, "code_challenge_method": "S256",
    }  # fmt: skip
    address = str(_configuration(known)["authorization_endpoint"])
    return f"{address}{'&' if '?' in address else '?'}{urlencode(terms)}"


def finish(request: HttpRequest, known: Provider) -> tuple[str, Mapping[str, Any]]:
    """Who came back: the subject, and what was kept of the flow. Works once. Raises ``outside-…`` or ``bad-token``."""
    flow = request.session.pop(FLOW, None)
    state = request.GET.get("state", "")
    if not isinstance(flow, dict) or time() - flow["at"] > FLOW_GOOD or not secrets.compare_digest(state.encode(), flow["state"].encode()):
        raise TiduError("outside-state", "这次统一身份认证不是从本页发起的，或者停留太久，没有登录。请从登录页重新开始。")
    if "code" not in request.GET:
        raise TiduError("outside-refused", "统一身份认证没有同意登录。请重新登录，或者改用用户名和密码。")
    form = {
        "grant_type": "authorization_code", "code": request.GET["code"][:2000], "redirect_uri": flow["back"], "client_id": known.client,
        "code_verifier": flow["verifier"],
    }  # fmt: skip
    if known.secret:
        form["client_secret"] = known.secret
    told = _ask(str(_configuration(known)["token_endpoint"]), form)
    token = told.get("id_token")
    if not isinstance(token, str):
        raise TiduError("outside-no-token", "统一身份认证没有给出身份凭据，没有登录。请联系系统管理员。")
    expected = Expected(known.issuer, known.client, flow["nonce"])
    return verified_subject(token, _keys(known, header_of(token)), expected, time()), flow


def forget() -> None:
    """Ask the provider anew on the next occasion."""
    _said.clear()


def _configuration(known: Provider) -> Mapping[str, Any]:
    told = _remembered(f"{known.issuer}/.well-known/openid-configuration", KEEP)
    wanted = ("authorization_endpoint", "token_endpoint", "jwks_uri")
    if str(told.get("issuer", "")).rstrip("/") != known.issuer or not all(isinstance(told.get(name), str) for name in wanted):
        raise TiduError("outside-configuration", "统一身份认证的配置与登记的地址不符。请系统管理员核对 TIDU_OIDC_ISSUER。")
    return told


def _keys(known: Provider, header: Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
    address = str(_configuration(known)["jwks_uri"])
    keys = _listed(_remembered(address, KEEP))
    # a key that is not known yet may be new; a stranger's made-up name must not make us ask each time
    return keys if key_named(keys, header) is not None else _listed(_remembered(address, ASK_AGAIN))


def _listed(told: Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
    keys = told.get("keys")
    return [key for key in keys if isinstance(key, dict)] if isinstance(keys, list) else []


def _remembered(address: str, age: float) -> Mapping[str, Any]:
    known = _said.get(address)
    if known is None or monotonic() - known.at > age:
        known = _said[address] = _Known(monotonic(), _ask(address))
    return known.told


def _ask(address: str, form: Mapping[str, str] | None = None) -> Mapping[str, Any]:
    """One answer of the provider, as JSON; over TLS, except on this machine."""
    parts = urlsplit(address)
    if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in LOOPBACK):
        raise TiduError("outside-not-secure", "统一身份认证的地址必须是 https。请系统管理员核对配置。")
    body = None if form is None else urlencode(form).encode()
    request = Request(address, data=body, headers={"Accept": "application/json"})  # noqa: S310 - the scheme was checked
    proxies = (ProxyHandler({}),) if parts.hostname in LOOPBACK else ()
    try:
        with build_opener(_Stay, *proxies).open(request, timeout=PATIENCE) as answer:
            found = json.loads(answer.read(LARGEST))
    except (URLError, OSError, ValueError) as error:
        raise TiduError("outside-unreachable", "统一身份认证暂时不可用，没有登录。请稍后再试，或者改用用户名和密码。") from error
    if not isinstance(found, dict):
        raise TiduError("outside-unreachable", "统一身份认证的答复看不懂，没有登录。请联系系统管理员。")
    return found
