"""A real PostgreSQL server of the tests' own, in a folder that ends with it.

``python -m tests.postgresql_server pytest …`` runs the tests that need a database on it instead of on SQLite.
"""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

import psycopg

_SERVER_OPTIONS = {
    "listen_addresses": "",
    "fsync": "off",
    "full_page_writes": "off",
    "synchronous_commit": "off",
    "shared_buffers": "64MB",
    "timezone": "Asia/Shanghai",
}


def server_programs() -> Path:
    """The folder of ``initdb`` and ``postgres``, of the newest version installed."""
    packaged = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda folder: float(folder.parent.name), reverse=True)
    on_path = shutil.which("initdb")
    for folder in [*packaged, *([Path(on_path).resolve().parent] if on_path else [])]:
        if (folder / "initdb").exists() and (folder / "postgres").exists():
            return folder
    raise RuntimeError("PostgreSQL server programs not found: run script/test, or install them with: apt-get install postgresql")


def _server_account() -> pwd.struct_passwd | None:
    """PostgreSQL refuses to run as root; then it runs as the account of the distribution, or as nobody."""
    if os.geteuid() != 0:
        return None
    accounts = {account.pw_name: account for account in pwd.getpwall()}
    return accounts.get("postgres", accounts["nobody"])


@contextmanager
def running_server(programs: Path) -> Iterator[str]:
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
    raise RuntimeError(f"the PostgreSQL server did not start:\n{log.read_text(errors='replace')}")


def address_of(dsn: str) -> str:
    """The connection string as the address that ``TIDU_DATABASE`` takes."""
    parts = dict(part.split("=", 1) for part in dsn.split())
    return f"postgresql://{parts['user']}@{quote(parts['host'], safe='')}/{parts['dbname']}"


def main(command: list[str]) -> int:
    """Run a command of Python's with ``TIDU_TEST_DATABASE`` naming a server that lives as long as it does."""
    with running_server(server_programs()) as dsn:
        return subprocess.run(
            [sys.executable, "-m", *command], check=False, env={**os.environ, "TIDU_TEST_DATABASE": address_of(dsn)}
        ).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
