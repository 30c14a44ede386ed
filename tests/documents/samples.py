"""Documents of the project's own making (invented places and rules) and what is to be read of them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent / "samples"
SAMPLES = sorted(path for path in FOLDER.iterdir() if path.suffix != ".json")
TEXTS = [path for path in SAMPLES if path.suffix == ".txt"]


def labels_of(path: Path) -> dict[str, Any]:
    """The expected answer, checked by hand against the document."""
    return json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
