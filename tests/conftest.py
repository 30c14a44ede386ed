"""What all tests share: the way hypothesis runs, and a real PostgreSQL server of their own."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
from hypothesis import HealthCheck, settings

from tests.site.browsing import chromium, open_page, page, site, traffic  # noqa: F401 - fixtures of every page test

# The first examples of a test also pay for compiling packs, so neither single examples nor generation are timed.
settings.register_profile("local", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("ci", parent=settings.get_profile("local"), derandomize=True, database=None)
settings.load_profile("ci" if os.environ.get("CI") else "local")

_SERVER_OPTIONS = {
    "listen_addresses": "",
    "fsync": "off",
    "full_page_writes": "off",
    "synchronous_commit": "off",
    "shared_buffers": "64MB",
    "timezone": "Asia/Shanghai",
}


@pytest.fixture(scope="session")
def postgres_dsn() -> Iterator[str]:
    """The connection string of an empty PostgreSQL database that ends with the session; each xdist worker has its own server."""
    with _running_server(_server_programs()) as dsn:
        yield dsn


def _server_programs() -> Path:
    """The folder of ``initdb`` and ``postgres``, of the newest version installed."""
    packaged = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda folder: float(folder.parent.name), reverse=True)
    on_path = shutil.which("initdb")
    for folder in [*packaged, *([Path(on_path).resolve().parent] if on_path else [])]:
        if (folder / "initdb").exists() and (folder / "postgres").exists():
            return folder
    pytest.fail("PostgreSQL server programs not found: run script/test, or install them with: apt-get install postgresql")


def _server_account() -> pwd.struct_passwd | None:
    """PostgreSQL refuses to run as root; then it runs as the account of the distribution, or as nobody."""
    if os.geteuid() != 0:
        return None
    accounts = {account.pw_name: account for account in pwd.getpwall()}
    return accounts.get("postgres", accounts["nobody"])


@contextmanager
def _running_server(programs: Path) -> Iterator[str]:
    """A server in a folder of its own that listens on a socket in that folder only, so no port can clash."""
    account = _server_account()
    # Short, since a socket's path may hold 107 characters, and open to other accounts, as the folders of pytest are not.
    home = Path(tempfile.mkdtemp(prefix="tidu-pg-", dir="/tmp"))
    ownership = {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []} if account else {}
    if account:
        os.chown(home, account.pw_uid, account.pw_gid)
    try:
        initdb = [programs / "initdb", "--pgdata=data", "--username=tidu", "--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync"]
        subprocess.run(initdb, cwd=home, check=True, stdout=subprocess.DEVNULL, **ownership)
        with (home / "log").open("wb") as log:
            options = [part for name, value in _SERVER_OPTIONS.items() for part in ("-c", f"{name}={value}")]
            command = [programs / "postgres", "-D", "data", "-k", home, *options]
            server = subprocess.Popen(command, cwd=home, stdout=log, stderr=log, **ownership)
        try:
            dsn = f"host={home} user=tidu dbname=postgres"
            _wait_until_ready(dsn, server, home / "log")
            yield dsn
        finally:
            server.send_signal(signal.SIGINT)  # the fast shutdown: it does not wait for clients to leave
            server.wait(30)
    finally:
        shutil.rmtree(home, ignore_errors=True)


def _wait_until_ready(dsn: str, server: subprocess.Popen[bytes], log: Path) -> None:
    for _ in range(300):
        try:
            psycopg.connect(dsn).close()
        except psycopg.OperationalError:
            if server.poll() is not None:
                break
            time.sleep(0.1)
        else:
            return
    pytest.fail(f"the PostgreSQL server did not start:\n{log.read_text(errors='replace')}")
