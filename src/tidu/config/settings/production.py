"""A running site. Behind a proxy that ends TLS, set ``TIDU_HTTPS=1``."""

from __future__ import annotations

import os

from tidu.config.settings.base import *

if os.environ.get("TIDU_HTTPS") == "1":
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_HSTS_SECONDS = 365 * 24 * 3600
    SESSION_COOKIE_SECURE = True
    CSRF_COOKIE_SECURE = True
