"""A home of its own, a worker in a process of its own, and SIGKILL at any moment: what tests of long work share.

A ground is a module with functions that are called in the home: ``python -m <module> <function>`` prints JSON.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 120


@dataclass(frozen=True)
class Home:
    """An installation in a folder: SQLite, files, jobs."""

    folder: Path
    ground: str

    @property
    def surroundings(self) -> dict[str, str]:
        """What its processes see."""
        return {
            **os.environ,
            "TIDU_HOME": str(self.folder),
            "DJANGO_SETTINGS_MODULE": "tidu.config.settings.production",
            "PYTHONPATH": os.pathsep.join([str(ROOT / "src"), str(ROOT)]),
        }

    def call(self, function: str) -> Any:
        """What a function of the ground says."""
        words = [sys.executable, "-m", self.ground, function]
        found = subprocess.run(words, env=self.surroundings, cwd=ROOT, check=False, capture_output=True, text=True, timeout=PATIENCE)
        assert found.returncode == 0, found.stderr
        return json.loads(found.stdout.splitlines()[-1])

    def worker(self) -> subprocess.Popen[bytes]:
        """A worker that does what is queued and ends."""
        words = [sys.executable, "-m", "tidu.cli", "work", "--once"]
        return subprocess.Popen(words, env=self.surroundings, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def kill_after(self, seconds: float) -> bool:
        """Start a worker and kill it; whether it was still at work."""
        worker = self.worker()
        time.sleep(seconds)
        if worker.poll() is not None:
            return False
        worker.send_signal(signal.SIGKILL)
        worker.wait(PATIENCE)
        return True

    def finish(self) -> float:
        """Let a worker end its work; the seconds it took."""
        start = time.monotonic()
        assert self.worker().wait(PATIENCE) == 0
        return time.monotonic() - start


def moments(seed: int, longest: float, count: int) -> list[float]:
    """When to kill: random, reproducible, over the whole time that the work took when it was left alone."""
    random = Random(seed)
    return [random.uniform(0.1, longest) for _ in range(count)]


def main(functions: dict[str, Any]) -> None:
    """Run the function that the command line names, within Django, and print what it says."""
    import django  # noqa: PLC0415 - the settings come from the environment of the process

    django.setup()
    sys.stdout.write(json.dumps(functions[sys.argv[1]](), ensure_ascii=False, default=str) + "\n")
