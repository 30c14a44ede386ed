"""Reading a document of fifty pages, as text and as PDF: every clause, unit, target and award of it.

The document is the project's own samples one after the other, forty characters a line and thirty-three lines a page,
written as PDF by the maker that the tests use. ``python -m benchmarks.reading`` prints the figures.
"""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable
from typing import Any

from benchmarks.claims import Claim, number, table
from benchmarks.environment import ROOT

PAGES, LINES, WIDTH = 50, 33, 40
MOST_SECONDS = 2.0


def pages_of_samples(pages: int = PAGES) -> list[list[str]]:
    """So many pages of running text; the clauses are numbered anew in every sample, as in a collection of policies."""
    texts = [path.read_text(encoding="utf-8") for path in sorted((ROOT / "tests" / "documents" / "samples").glob("*.txt"))]
    rows: list[str] = []
    while len(rows) < pages * LINES:
        for text in texts:
            rows += [line[at : at + WIDTH] for line in text.splitlines() for at in range(0, len(line), WIDTH)]
    return [rows[at : at + LINES] for at in range(0, pages * LINES, LINES)]


def measured(rounds: int) -> dict[str, dict[str, Any]]:
    """Seconds for each kind of file, and what was read."""
    sys.path.insert(0, str(ROOT))
    from tests.documents.made_files import portable_file, word_file
    from tidu.documents import read_bytes

    pages = pages_of_samples()
    lines = [line for page in pages for line in page]
    files = {"公文.txt": "\n".join(lines).encode(), "公文.docx": word_file(lines), "公文.pdf": portable_file(pages)}
    found = {}
    for name, data in files.items():
        document = read_bytes(data, name)
        seconds = [_seconds(lambda data=data, name=name: read_bytes(data, name)) for _ in range(rounds)]  # type: ignore[misc]
        bodies = [document.body, *(one.body for one in document.annexes if one.body)]
        found[name] = {
            "median_s": statistics.median(seconds),
            "slowest_s": max(seconds),
            "characters": len(document.text),
            "clauses": sum(len(body.outline.clauses) for body in bodies),
            "awards": sum(len(body.awards) for body in bodies),
        }
    return found


def _seconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def report(found: dict[str, dict[str, Any]]) -> tuple[str, list[Claim]]:
    """The table and the promise: fifty pages within two seconds, whatever the kind of file."""
    rows = [
        [name.partition(".")[2], f"{each['characters']:,}", f"{each['clauses']:,}", f"{each['awards']:,}", f"{number(each['median_s'])} s"]
        for name, each in found.items()
    ]
    claims = [
        Claim(f"{PAGES} pages of {name.partition('.')[2]} read", each["median_s"], "at most", MOST_SECONDS, "s")
        for name, each in found.items()
    ]
    return table([f"{PAGES} pages as", "characters", "clauses", "awards", "median"], rows), claims


if __name__ == "__main__":
    text, claims = report(measured(5))
    print(text)
    for claim in claims:
        print(" | ".join(claim.row()))
