"""A site of the tests' own: what ``tidu serve`` starts, in a process and folders of its own, so that all it leaves behind can be searched."""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from email.message import Message
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import quote, urlsplit

import pytest

ROOT = Path(__file__).resolve().parents[2]
VENDOR = ROOT / "src/tidu/look/static/vendor"
SETTINGS = "tests.site.live_settings"
PATIENCE = 60
"""Seconds that a start or a stop may take on a busy machine."""


@dataclass(frozen=True)
class Answer:
    """What the site said to one request."""

    status: int
    headers: Message
    body: bytes

    @property
    def text(self) -> str:
        """The body as text."""
        return self.body.decode()


@dataclass(frozen=True)
class Site:
    """A running site: where it listens, and every place where it could keep something."""

    address: str
    folder: Path
    process: subprocess.Popen[bytes]
    surroundings: Mapping[str, str]

    def run(self, module: str, *words: str) -> None:
        """Run a module in the site's home beside the running processes, as what prepared it was run."""
        subprocess.run([sys.executable, "-m", module, *words], cwd=ROOT, env=dict(self.surroundings), check=True)

    @property
    def log(self) -> str:
        """All that the processes wrote so far, to standard output and standard error."""
        return (self.folder / "log").read_text(encoding="utf-8", errors="replace")

    @property
    def files(self) -> set[str]:
        """All files in all places where the site could keep something."""
        return {str(path.relative_to(self.folder)) for path in self.folder.rglob("*")}

    def connection(self) -> closing[HTTPConnection]:
        """A connection for tests that write a request byte by byte; closed at the end of ``with``."""
        return closing(HTTPConnection(urlsplit(self.address).netloc, timeout=PATIENCE))

    def request(self, method: str, path: str, body: bytes | None = None, headers: Mapping[str, str] | None = None) -> Answer:
        """One request as it is written, without a browser: nothing is followed, nothing unpacked."""
        with self.connection() as connection:
            connection.request(method, path, body, dict(headers or {}))
            response = connection.getresponse()
            return Answer(response.status, response.headers, response.read())

    def get(self, path: str, headers: Mapping[str, str] | None = None) -> Answer:
        """A page."""
        return self.request("GET", path, headers=headers)

    def assert_nothing_kept(self, marker: str) -> None:
        """Fail where a marker that a test entered is found again: database, files, temporary files, log.

        The marker is a run of characters that occurs nowhere else, ``"marker-7f3a"`` for instance. It is looked for
        as UTF-8, as UTF-16, as addresses and as JSON spell it, in the bytes and in the name of every file. What is packed
        (an .xlsx is a zip) is not unpacked; a test of uploads also compares ``files`` before and after.
        """
        sought = _spellings(marker)
        kept = [
            f"{path.relative_to(self.folder)} holds {marker!r}"
            for path in sorted(self.folder.rglob("*"))
            if _holds(str(path.relative_to(self.folder)).encode(), sought) or (path.is_file() and _holds(path.read_bytes(), sought))
        ]
        assert not kept, "\n".join(kept)


def _spellings(marker: str) -> list[bytes]:
    percent = quote(marker, safe="")
    lower = re.sub("%[0-9A-F]{2}", lambda code: code[0].lower(), percent)
    texts = [marker, percent, lower, marker.encode("unicode_escape").decode()]
    return [*(text.encode() for text in texts), marker.encode("utf-16-le"), marker.encode("utf-16-be")]


def _holds(found: bytes, sought: list[bytes]) -> bool:
    return any(spelling in found for spelling in sought)


@contextmanager
def running_site(settings: str = SETTINGS, *, worker: bool = False, prepared_by: str = "", **environment: str) -> Iterator[Site]:
    """Start ``tidu serve`` on a free port and stop it at the end; ``worker`` adds the process that does background work.

    ``prepared_by`` is a module that is run in the site's home first; what it prints is kept in the file ``prepared``.

    ``environment`` is added to what the process sees, which is little: a site in production is not started from a developer's shell.
    """
    if not (VENDOR / "htmx.min.js").exists():
        pytest.fail("The packages that pages load are missing: run script/assets. 缺少网页组件，请先运行 script/assets。")
    with _folder() as folder:
        port = _free_port()
        surroundings = {
            **{name: os.environ[name] for name in ("PATH", "LANG") if name in os.environ},
            "HOME": str(folder / "account"),
            "TMPDIR": str(folder / "temporary"),
            "TIDU_HOME": str(folder / "home"),
            "DJANGO_SETTINGS_MODULE": settings,
            "PYTHONPATH": os.pathsep.join([str(ROOT / "src"), str(ROOT)]),
            "PYTHONUNBUFFERED": "1",
            **environment,
        }
        if prepared_by:
            with (folder / "prepared").open("wb") as told:
                subprocess.run([sys.executable, "-m", prepared_by], cwd=ROOT, env=surroundings, stdout=told, check=True)
        words = [
            Path(sys.executable).with_name("tidu"),
            "serve",
            "--workers",
            "1",
            "--bind",
            f"127.0.0.1:{port}",
            "--worker" if worker else "--no-worker",
        ]
        with (folder / "log").open("wb") as log:
            process = subprocess.Popen(words, cwd=folder / "account", env=surroundings, stdout=log, stderr=log, start_new_session=True)
        site = Site(f"http://127.0.0.1:{port}", folder, process, surroundings)
        try:
            _wait_until_it_answers(site)
            yield site
        finally:
            _stop(process)


@contextmanager
def _folder() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="tidu-site-"))
    for name in ("home", "temporary", "account"):
        (folder / name).mkdir()
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def _wait_until_it_answers(site: Site) -> None:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until and site.process.poll() is None:
        try:
            status = site.get("/health/").status
        except OSError:
            time.sleep(0.1)
        else:
            if status == 200:
                return
            break
    pytest.fail(f"the site did not start:\n{site.log}")


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.send_signal(signal.SIGTERM)
    try:
        process.wait(PATIENCE)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        raise
