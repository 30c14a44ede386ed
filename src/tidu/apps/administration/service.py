"""Whether the installation is well: database, disk, workers, versions, packs. No secret, no address of another machine."""

from __future__ import annotations

import platform
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from importlib import metadata
from pathlib import Path

import django
from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor

from tidu.apps.administration.domain.workers import ALIVE
from tidu.apps.administration.models import WorkerSeen
from tidu.kernel.packs import PackSet

LITTLE = 0.1
"""Share of the disk that must be free."""
GIB = 1 << 30
SHOWN = ("tidu", "Django", "polars", "duckdb", "cryptography", "chinesecalendar", "gunicorn")


@dataclass(frozen=True, slots=True)
class Sign:
    """One thing that is looked at: whether it is well, and what it says."""

    name: str
    well: bool
    text: str


def signs(now: datetime) -> list[Sign]:
    """Everything that can go wrong with an installation, looked at now."""
    return [_database(), _migrations(), _disk(), _worker(now)]


def versions() -> list[tuple[str, str]]:
    """What is installed."""
    found = [("Python", platform.python_version()), ("Django", django.get_version())]
    for name in SHOWN:
        if name != "Django":
            try:
                found.append((name, metadata.version(name)))
            except metadata.PackageNotFoundError:
                found.append((name, "没有安装"))
    return [("系统", f"{platform.system()} {platform.machine()}"), *found]


def packs_shown(packs: PackSet) -> Sequence[tuple[str, str]]:
    """Each pack with its digest."""
    return sorted(packs.digests.items())


def _database() -> Sign:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        version = ".".join(str(part) for part in connection.get_database_version())
    except DatabaseError:
        return Sign("数据库", False, "没有应答")
    names = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}
    size = ""
    if connection.vendor == "sqlite" and Path(str(settings.DATABASES["default"]["NAME"])).is_file():
        size = f"，{_gib(Path(str(settings.DATABASES['default']['NAME'])).stat().st_size)} GB"
    return Sign("数据库", True, f"{names.get(connection.vendor, connection.vendor)} {version}{size}")


def _migrations() -> Sign:
    executor = MigrationExecutor(connection)
    left = len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
    return Sign("表结构", not left, "与程序一致" if not left else f"还有 {left} 步没有升级。请重新启动网站。")


def _disk() -> Sign:
    usage = shutil.disk_usage(settings.STATIC_ROOT.parent)
    share = usage.free / usage.total
    return Sign("磁盘", share >= LITTLE, f"剩余 {_gib(usage.free)} GB，共 {_gib(usage.total)} GB")


def _worker(now: datetime) -> Sign:
    newest = WorkerSeen.objects.order_by("-seen_at").first()
    if newest is None:
        return Sign("后台进程", False, "没有见过。请用 tidu serve 启动网站，或者另外运行 tidu work。")
    alive = WorkerSeen.objects.filter(seen_at__gt=now - ALIVE).count()
    if alive:
        return Sign("后台进程", True, f"{alive} 个在运行")
    minutes = int((now - newest.seen_at).total_seconds()) // 60
    return Sign("后台进程", False, f"{minutes:,} 分钟没有动静。如果没有正在进行的任务，请重新启动。")


def _gib(size: int) -> str:
    return f"{size / GIB:,.2f}"
