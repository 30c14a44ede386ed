"""The secret key is made once, for its owner's eyes only."""

from __future__ import annotations

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.site.serving import Site
from tidu.config.secrets import secret_key


@pytest.fixture(autouse=True)
def _no_key_in_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TIDU_SECRET_KEY", raising=False)


def test_a_key_is_made_on_first_use_and_stays_the_same(tmp_path: Path) -> None:
    home = tmp_path / "not" / "there"
    keys = [secret_key(home) for _ in range(3)]
    assert len(keys[0]) >= 64
    assert keys == [keys[0]] * 3
    assert [path.name for path in home.iterdir()] == ["secret-key"]


def test_only_its_owner_may_read_the_key(tmp_path: Path) -> None:
    secret_key(tmp_path)
    assert stat.S_IMODE((tmp_path / "secret-key").stat().st_mode) == 0o600


def test_two_homes_have_two_keys(tmp_path: Path) -> None:
    assert secret_key(tmp_path / "one") != secret_key(tmp_path / "other")


def test_a_key_of_the_environment_is_taken_and_none_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TIDU_SECRET_KEY", "given")
    assert (secret_key(tmp_path), list(tmp_path.iterdir())) == ("given", [])


def test_processes_that_start_together_agree_on_one_whole_key(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as starts:
        for number in range(50):
            home = tmp_path / str(number)
            keys = list(starts.map(lambda _, home=home: secret_key(home), range(8)))
            assert (len(set(keys)), len(keys[0]) >= 64) == (1, True)


def test_the_running_site_has_a_key_of_its_own(site: Site) -> None:
    path = site.folder / "home/secret-key"
    assert (stat.S_IMODE(path.stat().st_mode), len(path.read_text())) == (0o600, 86)
