"""The separate environment of the peers: ``.bench-venv`` at the root of the repository, made on first use.

Apart from Tidu's own, so that no peer is ever a dependency and none can hold back a version that Tidu needs.
"""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
REQUIREMENTS = Path(__file__).resolve().parent / "peers" / "requirements.txt"
PLACE = ROOT / ".bench-venv"
STAMP = "requirements.sha256"


def python_of(place: Path) -> Path:
    return place / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")


def is_current(place: Path, requirements: Path) -> bool:
    """Whether `place` was completed from exactly these requirements."""
    stamp = place / STAMP
    return stamp.is_file() and stamp.read_text(encoding="ascii") == digest(requirements)


def digest(requirements: Path) -> str:
    return hashlib.sha256(requirements.read_bytes()).hexdigest()


def peers_python(place: Path = PLACE, requirements: Path = REQUIREMENTS) -> Path:
    """The interpreter with the peers installed; builds the environment where it is absent, partial or out of date.

    The stamp is written last, so an interrupted installation is begun again and never used.
    """
    if is_current(place, requirements):
        return python_of(place)
    print(f"installing the peers into {place.name} …", file=sys.stderr, flush=True)
    if place.exists():
        shutil.rmtree(place)
    venv.create(place, with_pip=True)
    install = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--require-hashes", "-r"]
    subprocess.run([str(python_of(place)), *install, str(requirements)], check=True, stdout=sys.stderr)
    (place / STAMP).write_text(digest(requirements), encoding="ascii")
    return python_of(place)
