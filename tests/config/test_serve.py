"""``tidu serve``: a real process from start to end."""

from __future__ import annotations

import signal
import socket
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.site.serving import PATIENCE, running_site
from tidu.config.secrets import secret_key


def test_the_site_starts_answers_writes_to_its_home_only_and_stops_when_it_is_told_to() -> None:
    with running_site(settings="tidu.config.settings.production") as site:
        page = site.get("/")
        temporary = list((site.folder / "temporary").iterdir())
        account = list((site.folder / "account").iterdir())
        site.process.send_signal(signal.SIGTERM)
        ended = site.process.wait(PATIENCE)
        address = urlsplit(site.address)
        with socket.socket() as knock:
            refused = knock.connect_ex((address.hostname, address.port)) != 0
    assert (page.status, "<h1>" in page.text, temporary, account, ended, refused) == (200, True, [], [], 0, True)


def test_a_later_start_in_the_same_home_keeps_the_key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TIDU_SECRET_KEY", raising=False)
    key = secret_key(tmp_path)
    with running_site(settings="tidu.config.settings.production", TIDU_HOME=str(tmp_path)):
        assert (tmp_path / "secret-key").read_text() == key
