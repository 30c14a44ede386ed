"""The program that sets one PDF: reads a paper as JSON from its input, writes the PDF to its output. Run by ``pdf.py``.

It stands alone, so that setting a paper can be stopped after a time and can take nothing of the site down with it.
"""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime
from pathlib import Path

import typst

NO_FONT = 3
"""Exit code where the machine has no Chinese font: a paper of empty boxes is worse than none."""


def main() -> int:
    """Set the paper; the exit code tells what went wrong."""
    given = sys.stdin.buffer.read().decode()
    paper = json.loads(given)
    year, month, day = paper["day"]
    page = Path(__file__).with_name("page.typ").read_bytes()
    made, warnings = typst.compile_with_warnings(
        page, format="pdf", pdf_tags=paper["tagged"], sys_inputs={"paper": given}, timestamp=datetime(year, month, day, tzinfo=UTC)
    )
    if any("unknown font family" in warning.message for warning in warnings):
        return NO_FONT
    sys.stdout.buffer.write(made)
    return 0


if __name__ == "__main__":
    sys.exit(main())
