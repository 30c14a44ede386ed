"""Ten thousand entitlements carried from the settlement to the bank, and the pages that show them while officials look.

``python -m benchmarks.fulfilment [--cases N] [--database ADDRESS]…``: every step is timed as the background job runs it; then the
site runs as ``tidu serve`` starts it and officials open the candidates, the cases, the batch, the notice and the payments.
Without an address on SQLite in a file and on a PostgreSQL server of its own that writes safely to the disk.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import random
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.claims import Claim, number, table
from benchmarks.nightly import own_server
from benchmarks.office import PASSWORD, PAUSE, WARM_UP, crowd, logged_in, site

CASES, QUICK_CASES = 10_000, 300
OFFICIALS = 20
SECONDS, QUICK_SECONDS = 20.0, 4.0
MOST_MS = 500
MOST_DOSSIER_SECONDS = 3
ROWS_PER_PAGE = 50


@dataclass(frozen=True)
class Round:
    """What the round took on one database: seconds by step, of a dossier, and where its records are."""

    database: str
    cases: int
    told: Mapping[str, Any]


@dataclass(frozen=True)
class Figures:
    """One kind of page; milliseconds."""

    database: str
    what: str
    pages: int
    median: float
    p95: float
    slowest: float


def kinds(told: Mapping[str, Any], cases: int) -> dict[str, Callable[[random.Random], str]]:
    """The pages, any of their sheets at random."""
    last = max(1, cases // ROWS_PER_PAGE)

    def sheet(draw: random.Random) -> int:
        return draw.randint(1, last)

    return {
        "candidates of the settlement": lambda draw: f"/office/settlements/{told['run']}/candidates/?page={sheet(draw)}",
        "one candidate": lambda draw: f"/office/settlements/candidates/{draw.choice(told['candidates'])}/",
        "list of cases": lambda draw: f"/office/cases/?group=all&page={sheet(draw)}",
        "one case": lambda draw: f"/office/cases/{draw.choice(told['cases'])}/",
        "batch of the meeting": lambda draw: f"/office/batches/1/?page={sheet(draw)}",
        "notice": lambda draw: f"/office/notices/1/?page={sheet(draw)}",
        "payment batch": lambda draw: f"/office/payments/batches/1/?page={sheet(draw)}",
        "vouchers": lambda draw: f"/office/vouchers/?page={sheet(draw)}",
        "desk": lambda draw: "/office/",  # noqa: ARG005 - one page, whatever is drawn
    }


def on_database(database: str, address: str, home: Path, cases: int, seconds: float) -> tuple[Round, list[Figures]]:
    """The round, then the pages."""
    environment = {**os.environ, "TIDU_HOME": str(home), "TIDU_DATABASE": address}
    settings = {"DJANGO_SETTINGS_MODULE": "tidu.config.settings.production"}
    command = [sys.executable, "-m", "benchmarks.fulfilment_round", "--firms", str(cases), "--officials", str(OFFICIALS), "--password", PASSWORD]  # fmt: skip
    ended = subprocess.run(command, check=True, env={**environment, **settings}, stdout=subprocess.PIPE, text=True)
    told = json.loads(ended.stdout.splitlines()[-1])
    with site(environment) as port:
        return Round(database, cases, told), list(_pages(database, port, told, cases, seconds))


def _pages(database: str, port: int, told: Mapping[str, Any], cases: int, seconds: float) -> Iterator[Figures]:
    cookies = [logged_in(port, f"official{place}") for place in range(OFFICIALS)]
    for what, visit in kinds(told, cases).items():
        took = asyncio.run(crowd(port, cookies, visit, seconds, PAUSE))
        at = [took[min(len(took) - 1, int(len(took) * share))] * 1000 for share in (0.5, 0.95, 1)]
        yield Figures(database, what, len(took), *at)


def measured(cases: int, seconds: float, addresses: Sequence[str] = ()) -> list[tuple[Round, list[Figures]]]:
    """Every database."""
    with tempfile.TemporaryDirectory(prefix="tidu-bench-") as folder:
        if addresses:
            return [
                on_database("PostgreSQL" if address else "SQLite", address, Path(folder) / str(place), cases, seconds)
                for place, address in enumerate(addresses)
            ]
        found = [on_database("SQLite", "", Path(folder) / "sqlite", cases, seconds)]
        with own_server() as address:
            found.append(on_database("PostgreSQL", address, Path(folder) / "postgresql", cases, seconds))
        return found


def report(found: Sequence[tuple[Round, list[Figures]]]) -> tuple[str, list[Claim]]:
    """The tables of steps and pages, and what is promised of them."""
    steps = [[what, *(f"{number(one.told['steps'][what])} s" for one, _ in found)] for what in found[0][0].told["steps"]]
    steps += [[f"dossier of a case, {kind}", *(f"{number(one.told[kind])} s" for one, _ in found)] for kind in ("zip", "pdf")]
    pages = [
        [f"{one.database}, {one.what}", f"{one.pages:,}", f"{number(one.median)} ms", f"{number(one.p95)} ms", f"{number(one.slowest)} ms"]
        for _, listed in found
        for one in listed
    ]
    claims = [
        Claim(f"{one.database}: p95 of a page, {one.what}, {OFFICIALS} officials", one.p95, "at most", MOST_MS, "ms")
        for _, listed in found
        for one in listed
    ]
    claims += [
        Claim(f"{one.database}: dossier of a case", one.told["zip"], "at most", MOST_DOSSIER_SECONDS, "s") for one, _ in found
    ]  # fmt: skip
    text = (
        f"{found[0][0].cases:,} cases of one award, from the settlement to the voucher; then {OFFICIALS} officials at once, who pause\n"
        f"{PAUSE[0]:g} to {PAUSE[1]:g} s between pages (the first {WARM_UP:.0%} of the time is not counted).\n"
    )
    head = ["step", *(one.database for one, _ in found)]
    return f"{text}\n{table(head, steps)}\n\n{table(['page', 'pages', 'median', 'p95', 'slowest'], pages)}", claims


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.fulfilment", description="Measures a round of money and its pages.")
    parser.add_argument("--cases", type=int, default=CASES)
    parser.add_argument("--seconds", type=float, default=SECONDS)
    parser.add_argument("--database", action="append", default=[], metavar="ADDRESS", help="postgresql://…; an empty text is SQLite")
    wanted = parser.parse_args()
    text, claims = report(measured(wanted.cases, wanted.seconds, wanted.database))
    print(text)
    for claim in claims:
        print(" | ".join(claim.row()), file=sys.stderr)
    return 0 if all(claim.met for claim in claims) else 1


if __name__ == "__main__":
    sys.exit(main())
