"""The nightly assessment of everyone, end to end, as ``tidu nightly`` does it: reading, judging, writing, on both databases.

``python -m benchmarks.nightly [--firms N] [--database ADDRESS]…``: loads the fictional district outside the clock, then runs
the command twice: the first night writes everything, the next night what a new day changes. Without an address on SQLite
in a file and on a PostgreSQL server of its own that writes safely to the disk.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import psycopg

from benchmarks.claims import Claim, number, table
from tests.postgresql_server import address_of, running_server, server_programs

FIRMS, QUICK_FIRMS = 100_000, 3000
NIGHTS = (("first night: everything is written", "2024-06-01"), ("next night: what a new day changes", "2024-06-02"))
MOST_SECONDS = 60
LOAD = """
import sys
from datetime import UTC, datetime
import django
django.setup()
from django.core.management import call_command
call_command("migrate", interactive=False, verbosity=0)
from tidu.apps.enterprises.domain.registering import Delivery, register_population
from tidu.apps.enterprises.models import Source
from tidu.demo import make_district
from tidu.kernel.facts import catalogue
facts = catalogue()
names = {part for fact in facts.facts.values() for part in fact.source.split("|") if part}
names |= {part for event in facts.events.values() for part in event.source.split("|") if part}
Source.objects.bulk_create(Source(name=name) for name in sorted(names))
register_population(population=make_district(int(sys.argv[1])), delivery=Delivery(datetime(2024, 6, 1, tzinfo=UTC)))
"""
NIGHT = """
import json, resource, sys, time
from tidu.cli import main
began = time.perf_counter()
status = main(["nightly", "--quiet", "--law-date", sys.argv[1], "--facts-as-of", sys.argv[1]])
took = time.perf_counter() - began
assert status == 0
from tidu.apps.assessments.models import Run, Standing
run = Run.objects.order_by("-number").first()
print(json.dumps({"seconds": took, "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, "firms": run.firms,
                  "standings": Standing.objects.count(), "changed": run.changes.count()}))
"""


@dataclass(frozen=True)
class Night:
    """One run of the command; seconds from its start to its end, the peak of its process."""

    database: str
    what: str
    firms: int
    standings: int
    changed: int
    seconds: float
    peak_mb: float
    files_mb: float


def nights(database: str, address: str, home: Path, firms: int) -> Iterator[Night]:
    """Load once, then the nights one after the other."""
    environment = {
        **os.environ,
        "TIDU_HOME": str(home),
        "TIDU_DATABASE": address,
        "DJANGO_SETTINGS_MODULE": "tidu.config.settings.production",
    }
    subprocess.run([sys.executable, "-c", LOAD, str(firms)], check=True, env=environment)
    for what, day in NIGHTS:
        before = _files(home)
        told = subprocess.run([sys.executable, "-c", NIGHT, day], check=True, env=environment, stdout=subprocess.PIPE, text=True).stdout
        yield Night(database, what, files_mb=(_files(home) - before) / 2**20, **json.loads(told))


def _files(home: Path) -> int:
    return sum(path.stat().st_size for path in (home / "files" / "runs").glob("*.parquet"))


@contextlib.contextmanager
def own_server() -> Iterator[str]:
    """A server of one's own; the tests' settings spare the disk, which a night does not."""
    with running_server(server_programs()) as dsn:
        with psycopg.connect(dsn, autocommit=True) as connection:
            for option in ("fsync", "full_page_writes", "synchronous_commit"):
                connection.execute(f"ALTER SYSTEM SET {option} = on")
            connection.execute("SELECT pg_reload_conf()")
        time.sleep(0.5)
        yield address_of(dsn)


def measured(firms: int, addresses: Sequence[str] = ()) -> list[Night]:
    """Both nights on every database."""
    found: list[Night] = []
    with tempfile.TemporaryDirectory(prefix="tidu-bench-") as folder:
        if addresses:
            for place, address in enumerate(addresses):
                found += nights("SQLite" if not address else "PostgreSQL", address, Path(folder) / str(place), firms)
            return found
        found += nights("SQLite", "", Path(folder) / "sqlite", firms)
        with own_server() as address:
            found += nights("PostgreSQL", address, Path(folder) / "postgresql", firms)
    return found


def report(found: Sequence[Night]) -> tuple[str, list[Claim]]:
    """The table of the nights, and what is promised of them."""
    rows = [
        [
            f"{one.database}, {one.what}", f"{one.firms:,}", f"{one.standings:,}", f"{one.changed:,}", f"{number(one.seconds)} s",
            f"{number(one.peak_mb)} MiB", f"{number(one.files_mb)} MiB",
        ]
        for one in found
    ]  # fmt: skip
    head = ["night", "firms", "standings", "changes", "end to end", "peak of the process", "files of the run"]
    claims = [
        Claim(f"{one.database}, {one.what.partition(':')[0]}, {one.firms:,} firms", one.seconds, "at most", MOST_SECONDS, "s")
        for one in found
        if one.database == "PostgreSQL"
    ]
    text = (
        "The command `tidu nightly` from start to end: the registry is read, every firm judged against every standard in force, the\n"
        "outcomes written by difference, with the inputs and results as files. The district is loaded outside the clock.\n"
    )
    return f"{text}\n{table(head, rows)}", claims


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.nightly", description="Measures the nightly assessment.")
    parser.add_argument("--firms", type=int, default=FIRMS)
    parser.add_argument("--database", action="append", default=[], metavar="ADDRESS", help="postgresql://…; an empty text is SQLite")
    parser.add_argument("--json", action="store_true")
    wanted = parser.parse_args()
    found = measured(wanted.firms, wanted.database)
    text, claims = report(found)
    print(json.dumps([asdict(one) for one in found], ensure_ascii=False, indent=1) if wanted.json else text)
    for claim in claims:
        print(" | ".join(claim.row()), file=sys.stderr)
    return 0 if all(claim.met for claim in claims) else 1


if __name__ == "__main__":
    sys.exit(main())
