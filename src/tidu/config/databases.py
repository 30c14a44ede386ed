"""The database of an installation: SQLite in its home, or PostgreSQL by address."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from tidu.kernel.errors import TiduError

PATIENCE = 30
"""Seconds a writer waits for another one on SQLite."""


def database(address: str, home: Path) -> dict[str, Any]:
    """Django's settings for ``postgresql://user:password@host:port/name`` (``host`` may be a socket folder, escaped);
    an empty address is SQLite. Raises ``bad-database-address``.
    """
    if not address:
        return sqlite(home / "tidu.sqlite3")
    parts = urlsplit(address)
    if parts.scheme not in {"postgresql", "postgres"} or not parts.path.strip("/"):
        raise TiduError("bad-database-address", "数据库地址要写成 postgresql://用户:密码@主机:端口/库名。请检查环境变量 TIDU_DATABASE。")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.strip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(parts.hostname or ""),
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
    }


def sqlite(name: Path | str) -> dict[str, Any]:
    """SQLite that readers and one writer share: a write-ahead log, and transactions that take the right to write at once."""
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": name,
        # a connection kept by its thread keeps the pages it has read
        "CONN_MAX_AGE": 60,
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": PATIENCE,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON; PRAGMA cache_size=-65536; PRAGMA mmap_size=268435456;",
        },
    }
