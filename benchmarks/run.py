"""All benchmarks in one run: ``python -m benchmarks.run [--quick] [--only PART]… [--json] [--out FILE]``.

Writes ``docs/benchmarks.md`` after a full run only, prints the same on standard output (or JSON with ``--json``), and ends with 1
where a promise is not kept.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from datetime import date
from pathlib import Path

from benchmarks.environment import ROOT, peers_python
from benchmarks.report import as_json, as_markdown, machine
from benchmarks.sections import QUICK, SECTIONS, Effort, Ground

OWN = ("rule-set", "documents", "nightly", "pages", "imports", "office", "fulfilment")
"""Parts in which no peer takes part."""
PAGE = ROOT / "docs" / "benchmarks.md"


def arguments(given: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.run", description="Measures Tidu beside its peers.")
    parser.add_argument("--quick", action="store_true", help="small sizes, to see that everything runs")
    parser.add_argument("--only", action="append", choices=list(SECTIONS), help="only this part (may be given again)")
    parser.add_argument("--peers-only", action="store_true", help="leave Tidu out: the peers and the hand-written versions alone")
    parser.add_argument("--json", action="store_true", help="print JSON in place of Markdown")
    parser.add_argument("--out", type=Path, help=f"where to write the page (default after a full run: {PAGE.relative_to(ROOT)})")
    wanted = parser.parse_args(given)
    if wanted.peers_only and set(OWN) & set(wanted.only or []):
        parser.error(f"--peers-only leaves nothing of {' and '.join(OWN)}")
    return wanted


def main(given: list[str] | None = None) -> int:
    wanted = arguments(given)
    keys = wanted.only or [key for key in SECTIONS if not (wanted.peers_only and key in OWN)]
    full = not wanted.quick and len(keys) == len(SECTIONS)
    about = machine()
    sections = {}
    with tempfile.TemporaryDirectory(prefix="tidu-bench-") as folder:
        ground = Ground(Path(folder), peers_python(), QUICK if wanted.quick else Effort(), with_tidu=not wanted.peers_only)
        for key in keys:
            print(f"measuring: {key} …", file=sys.stderr, flush=True)
            sections[key] = SECTIONS[key](ground)
            for claim in sections[key].claims:
                print("  " + " | ".join(claim.row()), file=sys.stderr, flush=True)
    page = as_markdown(list(sections.values()), about, date.today(), full=full)  # noqa: DTZ011 - the day of the run, here
    target = wanted.out or (PAGE if full else None)
    if target is not None:
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(page, encoding="utf-8")
    if wanted.json:
        print(json.dumps(as_json(sections, about, date.today()), ensure_ascii=False, indent=1))  # noqa: DTZ011
    else:
        print(page)
    return 0 if all(claim.met for section in sections.values() for claim in section.claims) else 1


if __name__ == "__main__":
    sys.exit(main())
