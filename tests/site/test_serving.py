"""The search for what a site kept finds it wherever it is."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.site.serving import ROOT, Site, running_site

MARKER = "标记-51c8"


@pytest.fixture(scope="module")
def leaky() -> Iterator[Site]:
    """A site of its own, whose folders these tests write into."""
    with running_site() as running:
        yield running


@pytest.mark.parametrize(
    ("place", "content"),
    [
        ("home/files/firm.txt", MARKER.encode()),
        ("temporary/upload.bin", b"\0\0" + MARKER.encode("utf-16-le")),
        ("account/history", b"GET /?q=%E6%A0%87%E8%AE%B0-51c8 HTTP/1.1"),
        ("log-of-tests", json.dumps({"words": MARKER}).encode()),
        (f"temporary/{MARKER}.xlsx", b""),
    ],
)
def test_a_marker_is_found_in_files_and_their_names(leaky: Site, place: str, content: bytes) -> None:
    path = leaky.folder / place
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(content)
    with pytest.raises(AssertionError, match="holds '标记-51c8'"):
        leaky.assert_nothing_kept(MARKER)
    path.unlink()
    leaky.assert_nothing_kept(MARKER)


def test_a_marker_is_found_in_the_database(leaky: Site) -> None:
    with sqlite3.connect(leaky.folder / "home/tidu.sqlite3") as database:
        database.execute("CREATE TABLE leak (words TEXT)")
        database.execute("INSERT INTO leak VALUES (?)", [MARKER])
    database.close()
    with pytest.raises(AssertionError, match=r"home/tidu\.sqlite3(-wal)? holds"):
        leaky.assert_nothing_kept(MARKER)


def test_the_process_sees_nothing_of_the_shell_that_started_it(leaky: Site) -> None:
    names = {entry.partition(b"=")[0].decode() for entry in Path(f"/proc/{leaky.process.pid}/environ").read_bytes().split(b"\0") if entry}
    assert names - {"PATH", "LANG", "LC_CTYPE"} == {
        "HOME",
        "TMPDIR",
        "TIDU_HOME",
        "DJANGO_SETTINGS_MODULE",
        "PYTHONPATH",
        "PYTHONUNBUFFERED",
    }


def test_a_site_that_cannot_start_is_told_with_its_log() -> None:
    with pytest.raises(pytest.fail.Exception, match="No module named 'no_such_settings'"), running_site(settings="no_such_settings"):
        pass


def test_the_tests_serve_the_checkout_they_stand_in(leaky: Site) -> None:
    assert Path(f"/proc/{leaky.process.pid}/environ").read_bytes().count(str(ROOT / "src").encode()) == 1
