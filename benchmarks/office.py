"""The office under load: twenty officials at once on the list of firms, the search and the page of a firm, on both databases.

``python -m benchmarks.office [--firms N] [--database ADDRESS]… [--seconds S]``: loads the fictional district outside the clock,
starts the site as ``tidu serve`` starts it and logs twenty officials in. An official reads a page for one to three seconds
before the next; without a pause the same officials only measure how much the machine can do, which is measured too.
Without an address on SQLite in a file and on a PostgreSQL server of its own that writes safely to the disk.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import http.cookiejar
import json
import os
import random
import re
import socket
import subprocess
import sys
import tempfile
import time
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from benchmarks.claims import Claim, number, table
from benchmarks.nightly import own_server

FIRMS, QUICK_FIRMS = 100_000, 3000
OFFICIALS = 20
PAUSE = (1.0, 3.0)
SECONDS, QUICK_SECONDS = 40.0, 6.0
WARM_UP = 0.25
MOST_MS = 200
PASSWORD = "Bench-2024-office"  # noqa: S105 - of a database that ends with the run
LOAD = """
import csv, json, sys
from datetime import UTC, datetime
from pathlib import Path
import django
django.setup()
from django.core.management import call_command
call_command("migrate", interactive=False, verbosity=0)
import tidu
from tidu.apps.accounts.models import Post, User
from tidu.apps.enterprises.domain.registering import Delivery, register_population
from tidu.apps.enterprises.models import Enterprise, Source
from tidu.apps.units.models import Unit
from tidu.demo import make_district
from tidu.kernel.facts import catalogue
root = Unit.objects.create(code="district", name="区", short_name="区", kind="district", path="/district/")
bureau = Unit.objects.create(code="bureau", name="科经局", short_name="科经局", kind="bureau", parent=root, path="/district/bureau/")
with (Path(tidu.__file__).parent / "packs" / "caidian" / "subdistricts.csv").open(encoding="utf-8", newline="") as file:
    for row in csv.DictReader(file):
        path = f"/district/{row['code']}/"
        Unit.objects.create(code=row["code"], name=row["name"], short_name=row["name"], kind="subdistrict", parent=root, path=path)
facts = catalogue()
names = {part for fact in facts.facts.values() for part in fact.source.split("|") if part}
names |= {part for event in facts.events.values() for part in event.source.split("|") if part}
Source.objects.bulk_create(Source(name=name, unit=bureau) for name in sorted(names))
for number in range(int(sys.argv[2])):
    user = User.objects.create_user(f"official{number}", f"经办{number}", sys.argv[3], password_changed_at=datetime.now(UTC))
    Post.objects.create(user=user, role="bureau-clerk", unit=bureau)
register_population(population=make_district(int(sys.argv[1])), delivery=Delivery(datetime(2024, 6, 1, tzinfo=UTC)))
from django.db import connection
with connection.cursor() as cursor:
    cursor.execute("ANALYZE")
every = max(1, Enterprise.objects.count() // 2000)
listed = list(Enterprise.objects.order_by("code").values_list("code", "name", "initials"))[::every]
streets = list(Unit.objects.filter(kind="subdistrict").values_list("code", flat=True))
print(json.dumps({"firms": listed, "streets": streets}))
"""


@dataclass(frozen=True)
class Known:
    """What officials look for: code, name and initials of some firms, and the codes of subdistricts."""

    firms: list[tuple[str, str, str]]
    streets: list[str]
    total: int


def firm_page(known: Known, draw: random.Random) -> str:
    """The page of any firm."""
    return f"/office/firms/{draw.choice(known.firms)[0]}/"


def firm_list(known: Known, draw: random.Random) -> str:
    """Any page of the list, of the whole district or of one subdistrict."""
    if draw.random() < 0.5:
        return f"/office/firms/?page={draw.randint(1, max(1, known.total // 50))}"
    return f"/office/firms/?street={draw.choice(known.streets)}&page={draw.randint(1, 20)}"


def search(known: Known, draw: random.Random) -> str:
    """Part of a name, initials, or the beginning of a code."""
    code, name, initials = draw.choice(known.firms)
    core = re.sub(r"^(湖北省?|武汉市?|蔡甸区?)+", "", name)
    words = draw.choice((core[: draw.randint(2, 4)], core[1:3], initials[2:7], code[: draw.randint(9, 14)]))
    return f"/office/firms/?{urllib.parse.urlencode({'q': words})}"


KINDS: dict[str, Callable[[Known, random.Random], str]] = {"firm page": firm_page, "list of firms": firm_list, "search": search}


@dataclass(frozen=True)
class Figures:
    """One kind of page on one database under one kind of load; milliseconds."""

    database: str
    firms: int
    what: str
    paused: bool
    pages: int
    per_second: float
    median: float
    p95: float
    slowest: float


async def crowd(port: int, cookies: Sequence[str], visit: Callable[[random.Random], str], seconds: float, pause: tuple[float, float]) -> list[float]:  # fmt: skip
    """The times of all counted pages of all officials, sorted; seconds."""
    now = time.perf_counter()
    until, counted_from, took = now + seconds, now + WARM_UP * seconds, []

    async def come(place: int, cookie: str) -> None:
        draw = random.Random(place)
        await asyncio.sleep(draw.uniform(0, pause[1]))
        while time.perf_counter() < until:
            path, began = visit(draw), time.perf_counter()
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: {cookie}\r\nConnection: close\r\n\r\n".encode())
            answer = await reader.read()
            writer.close()
            if not answer.startswith(b"HTTP/1.1 200"):
                raise RuntimeError(f"{path}: {answer[:300]!r}")
            if began >= counted_from:
                took.append(time.perf_counter() - began)
            if pause[1]:
                await asyncio.sleep(draw.uniform(*pause))

    await asyncio.gather(*(come(place, cookie) for place, cookie in enumerate(cookies)))
    return sorted(took)


@contextlib.contextmanager
def site(environment: dict[str, str]) -> Iterator[int]:
    """The site on a free port, as it is started for use."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "tidu.cli", "serve", "--no-worker", "--bind", f"127.0.0.1:{port}"]
    process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        for _ in range(240):
            with contextlib.suppress(OSError), urllib.request.urlopen(f"http://127.0.0.1:{port}/health/", timeout=5):
                break
            time.sleep(0.25)
        yield port
    finally:
        process.terminate()
        process.wait(timeout=30)


def logged_in(port: int, username: str) -> str:
    """The cookies of an official who has logged in as people do."""
    jar = http.cookiejar.CookieJar()
    opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar))
    page = opener.open(f"http://127.0.0.1:{port}/office/login/", timeout=30).read().decode()
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
    if token is None:
        raise RuntimeError("the login page has no token")
    form = {"csrfmiddlewaretoken": token[1], "username": username, "password": PASSWORD}
    opener.open(f"http://127.0.0.1:{port}/office/login/", urllib.parse.urlencode(form).encode(), timeout=30).read()
    return "; ".join(f"{cookie.name}={cookie.value}" for cookie in jar)


def on_database(database: str, address: str, home: Path, firms: int, seconds: float) -> Iterator[Figures]:
    """Load once, then every kind of page with and without pauses."""
    environment = {**os.environ, "TIDU_HOME": str(home), "TIDU_DATABASE": address}
    load = [sys.executable, "-c", LOAD, str(firms), str(OFFICIALS), PASSWORD]
    settings = {"DJANGO_SETTINGS_MODULE": "tidu.config.settings.production"}
    told = json.loads(subprocess.run(load, check=True, env={**environment, **settings}, stdout=subprocess.PIPE, text=True).stdout)
    known = Known([tuple(row) for row in told["firms"]], told["streets"], firms)  # type: ignore[misc]
    with site(environment) as port:
        cookies = [logged_in(port, f"official{place}") for place in range(OFFICIALS)]
        for pause in (PAUSE, (0.0, 0.0)):
            for what, visit in KINDS.items():
                took = asyncio.run(crowd(port, cookies, lambda draw, visit=visit: visit(known, draw), seconds, pause))  # type: ignore[misc]
                at = [took[min(len(took) - 1, int(len(took) * share))] * 1000 for share in (0.5, 0.95, 1)]
                yield Figures(database, firms, what, bool(pause[1]), len(took), len(took) / (seconds * (1 - WARM_UP)), *at)


def measured(firms: int, seconds: float, addresses: Sequence[str] = ()) -> list[Figures]:
    """Every kind of page on every database."""
    found: list[Figures] = []
    with tempfile.TemporaryDirectory(prefix="tidu-bench-") as folder:
        if addresses:
            for place, address in enumerate(addresses):
                found += on_database("PostgreSQL" if address else "SQLite", address, Path(folder) / str(place), firms, seconds)
            return found
        found += on_database("SQLite", "", Path(folder) / "sqlite", firms, seconds)
        with own_server() as address:
            found += on_database("PostgreSQL", address, Path(folder) / "postgresql", firms, seconds)
    return found


def report(found: Sequence[Figures]) -> tuple[str, list[Claim]]:
    """The table of the figures, and what is promised of them."""
    rows = [
        [
            f"{one.database}, {one.what}, {'with pauses' if one.paused else 'without a pause'}", f"{one.firms:,}", f"{one.pages:,}",
            number(one.per_second), f"{number(one.median)} ms", f"{number(one.p95)} ms", f"{number(one.slowest)} ms",
        ]
        for one in found
    ]  # fmt: skip
    head = [f"{OFFICIALS} officials at once", "firms", "pages", "pages/s", "median", "p95", "slowest"]
    claims = [
        Claim(f"{one.database}: p95 of a {one.what}, {OFFICIALS} officials, {one.firms:,} firms", one.p95, "at most", MOST_MS, "ms")
        for one in found
        if one.paused
    ]
    text = (
        f"The site runs as `tidu serve` starts it; officials run on the same machine and pause {PAUSE[0]:g} to {PAUSE[1]:g} s between pages.\n"
        "They open any firm, any page of the list or of a subdistrict's, and search by parts of names, initials and codes.\n"
    )
    return f"{text}\n{table(head, rows)}", claims


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.office", description="Measures the pages of the office under load.")
    parser.add_argument("--firms", type=int, default=FIRMS)
    parser.add_argument("--seconds", type=float, default=SECONDS)
    parser.add_argument("--database", action="append", default=[], metavar="ADDRESS", help="postgresql://…; an empty text is SQLite")
    parser.add_argument("--json", action="store_true")
    wanted = parser.parse_args()
    found = measured(wanted.firms, wanted.seconds, wanted.database)
    text, claims = report(found)
    print(json.dumps([asdict(one) for one in found], ensure_ascii=False, indent=1) if wanted.json else text)
    for claim in claims:
        print(" | ".join(claim.row()), file=sys.stderr)
    return 0 if all(claim.met for claim in claims) else 1


if __name__ == "__main__":
    sys.exit(main())
