"""Killed at any moment, an assessment leaves nothing half done; the next start completes it, once."""

from __future__ import annotations

import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

FIRMS, KILLS = 80, 6
DAYS = ("2024-06-01", "2024-12-31")
LOAD = """
import sys
from datetime import UTC, datetime
import django
django.setup()
from django.core.management import call_command
call_command("migrate", interactive=False, verbosity=0)
from tests.apps.assessments.districts import sources
from tidu.apps.enterprises.domain.registering import Delivery, register_population
from tidu.demo import make_district
sources()
register_population(population=make_district(int(sys.argv[1])), delivery=Delivery(datetime(2024, 6, 1, tzinfo=UTC)))
"""


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("home")
    subprocess.run([sys.executable, "-c", LOAD, str(FIRMS)], check=True, env=environment(made), cwd=Path(__file__).parents[3])
    return made


def environment(home: Path) -> dict[str, str]:
    root = Path(__file__).parents[3]
    kept = {name: value for name, value in os.environ.items() if not name.startswith("TIDU_")}
    return {
        **kept, "TIDU_HOME": str(home), "DJANGO_SETTINGS_MODULE": "tidu.config.settings.production",
        "PYTHONPATH": f"{root / 'src'}{os.pathsep}{root}",
    }  # fmt: skip


def start(home: Path, *words: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "tidu.cli", *words], env=environment(home), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        start_new_session=True,
    )  # fmt: skip


def nightly(home: Path, day: str) -> subprocess.Popen[bytes]:
    return start(home, "nightly", "--law-date", day, "--facts-as-of", day)


def asked(home: Path, question: str) -> list[Any]:
    connection = sqlite3.connect(f"file:{home / 'tidu.sqlite3'}?mode=ro", uri=True, timeout=30)
    try:
        return connection.execute(question).fetchall()
    finally:
        connection.close()


def whole(home: Path) -> int:
    """Everything that stands belongs to a whole run; returns how many runs there are."""
    runs = asked(home, "select number, firms from assessments_run order by number")
    assert [number for number, _ in runs] == list(range(1, len(runs) + 1))
    doubled = asked(home, "select count(*) from assessments_standing group by enterprise_id, standard_id having count(*) > 1")
    assert doubled == []
    per_standard = {count for (count,) in asked(home, "select count(*) from assessments_standing group by standard_id")}
    assert per_standard == ({FIRMS} if runs else set())
    stray = "select count(*) from assessments_standing s left join assessments_outcome o on o.id = s.outcome_id where o.id is null"
    assert asked(home, stray) == [(0,)]
    for (name,) in asked(home, "select results_file from assessments_run"):
        assert (home / "files" / "runs" / name).is_file()
    done = asked(home, "select count(*) from audit_auditevent where action = 'assessment.done'")
    assert done == [(len(runs),)]
    return len(runs)


def test_killed_at_random_it_is_completed_once(home: Path) -> None:
    draw = random.Random(os.environ.get("TIDU_TEST_SEED", "4042"))
    began = time.monotonic()
    first = nightly(home, "2024-05-01")
    assert first.wait(300) == 0
    length = time.monotonic() - began
    assert whole(home) == 1
    killed = 0
    for number in range(KILLS):
        process = nightly(home, DAYS[number % 2])
        time.sleep(draw.uniform(0.3, 1.0) * length)
        os.killpg(process.pid, signal.SIGKILL)
        killed += process.wait(60) == -signal.SIGKILL
        whole(home)
    assert killed > 0
    for day in DAYS:
        assert nightly(home, day).wait(300) == 0
    runs = whole(home)
    assert asked(home, "select count(*) from jobs_job where state in ('queued', 'running')") == [(0,)]
    named = {name for pair in asked(home, "select results_file, inputs_file from assessments_run") for name in pair}
    assert {path.name for path in (home / "files" / "runs").iterdir()} == named
    assert nightly(home, DAYS[-1]).wait(300) == 0
    assert whole(home) == runs


def test_a_worker_takes_up_what_a_killed_one_left(home: Path) -> None:
    before = whole(home)
    process = nightly(home, "2024-07-01")
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline and asked(home, "select count(*) from jobs_job where state = 'running'") == [(0,)]:
        time.sleep(0.02)
    os.killpg(process.pid, signal.SIGKILL)
    process.wait(60)
    assert start(home, "work", "--once").wait(300) == 0
    assert asked(home, "select count(*) from jobs_job where state in ('queued', 'running')") == [(0,)]
    assert whole(home) >= before + 1
