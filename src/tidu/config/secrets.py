"""The secret key: from the environment, or made once and kept outside the repository for its owner's eyes only."""

from __future__ import annotations

import os
import secrets
import tempfile
from contextlib import suppress
from pathlib import Path


def secret_key(home: Path) -> str:
    """``TIDU_SECRET_KEY``, else the key in ``home``, made on first use with mode 0600."""
    given = os.environ.get("TIDU_SECRET_KEY")
    if given:
        return given
    path = home / "secret-key"
    try:
        return path.read_text(encoding="ascii").strip()
    except FileNotFoundError:
        pass
    home.mkdir(parents=True, exist_ok=True)
    # Written aside and linked whole: of several processes of the same start one is first, and none reads half a key.
    descriptor, name = tempfile.mkstemp(prefix="secret-key-", dir=home)
    aside = Path(name)
    try:
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(secrets.token_urlsafe(64))
        with suppress(FileExistsError):
            path.hardlink_to(aside)
    finally:
        aside.unlink()
    return path.read_text(encoding="ascii").strip()
