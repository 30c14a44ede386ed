"""``tidu serve``: a real process from start to end."""

from __future__ import annotations

import signal
import socket
from pathlib import Path
from urllib.parse import urlsplit

from tests.site.serving import PATIENCE, running_site


def test_the_site_starts_answers_and_stops_when_it_is_told_to() -> None:
    with running_site(settings="tidu.config.settings.production") as site:
        page = site.get("/")
        site.process.send_signal(signal.SIGTERM)
        ended = site.process.wait(PATIENCE)
        address = urlsplit(site.address)
        with socket.socket() as knock:
            refused = knock.connect_ex((address.hostname, address.port)) != 0
    assert (page.status, "<h1>" in page.text, ended, refused) == (200, True, 0, True)


def test_a_second_start_in_the_same_home_keeps_the_key(tmp_path: Path) -> None:
    keys = []
    for _ in range(2):
        with running_site(settings="tidu.config.settings.production", TIDU_HOME=str(tmp_path)):
            keys.append((tmp_path / "secret-key").read_text())
    assert keys == [keys[0]] * 2


def test_the_site_writes_to_its_home_only() -> None:
    with running_site(settings="tidu.config.settings.production") as site:
        site.get("/")
        written = {path.name for path in site.folder.glob("temporary/**/*")}
    assert written == set()
