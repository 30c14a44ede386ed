"""A real worker killed at any moment: nothing is half done, whoever comes next completes it, nothing stands twice."""

from __future__ import annotations

import os
import random
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

ROUNDS = 3
"""Deaths of one job; after five a job is given up."""
ROWS = 800
HERE = Path(__file__).resolve().parents[3]
SETUP = "tests.apps.imports.killed_ground"


def run(home: Path, *arguments: str) -> str:
    """A command of the ground in a process of its own, as the worker is."""
    ended = subprocess.run(
        [sys.executable, "-m", SETUP, *arguments], env=environment(home), cwd=HERE, capture_output=True, text=True, check=False
    )
    assert ended.returncode == 0, ended.stderr
    return ended.stdout.strip()


def environment(home: Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("TIDU_", "DJANGO_", "PYTEST_"))}
    return {
        **kept,
        "TIDU_HOME": str(home),
        "PYTHONPATH": f"{HERE / 'src'}:{HERE}",
        "DJANGO_SETTINGS_MODULE": "tidu.config.settings.production",
    }


def worker(home: Path) -> subprocess.Popen[bytes]:
    """``tidu work --once`` as it runs beside a site."""
    command = [sys.executable, "-m", "tidu.cli", "work", "--once"]
    return subprocess.Popen(command, env=environment(home), cwd=HERE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def counts(home: Path) -> dict[str, int]:
    """How many rows stand, read past Django as another process would."""
    tables = {
        "preview": "SELECT COUNT(*) FROM imports_previewrow",
        "sheets": "SELECT COUNT(*) FROM enterprises_datasheet WHERE withdrawn_at IS NULL",
        "twice": "SELECT COUNT(*) - COUNT(DISTINCT enterprise_id || '/' || level || '/' || period) FROM enterprises_datasheet",
        "firms": "SELECT COUNT(*) FROM enterprises_enterprise",
        "facts": "SELECT COUNT(*) FROM enterprises_factsinforce",
        "done": "SELECT COUNT(*) FROM audit_auditevent WHERE action IN ('import.checked', 'import.committed', 'import.undone')",
    }
    with sqlite3.connect(f"file:{home / 'tidu.sqlite3'}?mode=ro", uri=True) as base:
        found = {name: base.execute(question).fetchone()[0] for name, question in tables.items()}
    return found | {"state": state(home)}


def state(home: Path) -> str:
    with sqlite3.connect(f"file:{home / 'tidu.sqlite3'}?mode=ro", uri=True) as base:
        return str(base.execute("SELECT state FROM enterprises_batch").fetchone()[0])


def job(home: Path) -> tuple[str, int]:
    """State and number of attempts of the job asked for last."""
    with sqlite3.connect(f"file:{home / 'tidu.sqlite3'}?mode=ro", uri=True) as base:
        found = base.execute("SELECT state, attempt FROM jobs_job WHERE kind LIKE 'import.%' ORDER BY id DESC LIMIT 1").fetchone()
    return str(found[0]), int(found[1])


def begun(home: Path, process: subprocess.Popen[bytes], attempt: int) -> bool:
    """Wait until the worker has taken the job up; False where it ended before that was seen."""
    while process.poll() is None:
        if job(home)[1] > attempt:
            return True
        time.sleep(0.01)
    return False


def killed_until_done(home: Path, draw: random.Random, seconds: float, before: dict[str, object], after: dict[str, object]) -> int:
    """Kill workers at random moments of their work; between deaths either nothing or everything has happened.

    Returns how often one was killed while it did the job.
    """
    deaths = 0
    while deaths < ROUNDS and counts(home) == before:
        process = worker(home)
        if begun(home, process, deaths):
            time.sleep(draw.uniform(0, seconds))
            deaths += process.poll() is None
        process.kill()
        process.wait(timeout=60)
        assert counts(home) in (before, after)
    if job(home)[0] != "done":
        assert worker(home).wait(timeout=180) == 0
    assert (counts(home), job(home)[0]) == (after, "done")
    return deaths


def test_a_worker_may_die_at_any_moment_of_check_commit_and_undoing(tmp_path: Path) -> None:
    home, draw = tmp_path / "home", random.Random()
    run(home, "prepare", str(ROWS))
    run(home, "ask", "import.check")
    empty = {"preview": 0, "sheets": 0, "twice": 0, "firms": 0, "facts": 0, "done": 0, "state": "mapped"}
    checked = empty | {"preview": ROWS, "done": 1, "state": "checked"}
    committed = checked | {"sheets": 2 * ROWS, "firms": ROWS, "facts": 2 * ROWS, "done": 2, "state": "committed"}
    undone = checked | {"done": 3, "state": "undone"}
    seconds = float(run(home, "seconds"))
    deaths = killed_until_done(home, draw, seconds, empty, checked)
    run(home, "ask", "import.commit")
    deaths += killed_until_done(home, draw, seconds, checked, committed)
    run(home, "ask", "import.undo")
    deaths += killed_until_done(home, draw, seconds, committed, undone)
    assert deaths > 0
    assert run(home, "verify") == "0"
