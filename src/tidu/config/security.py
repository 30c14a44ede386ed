"""Bounds and headers that keep pages safe, in one place."""

from __future__ import annotations

import os

LARGEST_UPLOAD = int(os.environ.get("TIDU_LARGEST_UPLOAD_MB", "20")) * 1024 * 1024
"""Bytes of an uploaded file."""
LARGEST_BODY = 1024 * 1024
"""Bytes of a form without its files."""
MOST_FIELDS = 600
"""Fields of a form."""
LARGEST_REQUEST = LARGEST_UPLOAD + LARGEST_BODY

NOTHING = "'none'"
OWN = "'self'"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NOTHING],
        "script-src": [OWN],
        "style-src": [OWN],
        "img-src": [OWN, "data:"],
        "font-src": [OWN],
        "connect-src": [OWN],
        "form-action": [OWN],
        "frame-ancestors": [NOTHING],
        "base-uri": [NOTHING],
        "manifest-src": [OWN],
    }
}
PERMISSIONS = "camera=(), geolocation=(), microphone=(), payment=(), usb=()"
