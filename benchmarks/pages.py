"""Pages under load: fifty visitors at once against the site as ``tidu serve`` starts it.

A visitor answers one question after the other, or reads one policy page after the other, and stops to read in between:
``PAUSE`` is how long, drawn evenly from its range. Without a pause the same visitors only measure how much the machine
can do, which is measured too. ``python -m benchmarks.pages`` prints the figures alone.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import random
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Awaitable, Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

from benchmarks.claims import Claim, number, table
from tidu.apps.calculator.domain import Answers, asked_document, step
from tidu.kernel.inputs import Moment
from tidu.kernel.reading import read_packs

VISITORS = 50
PAUSE = (1.0, 3.0)
SECONDS, QUICK_SECONDS = 40.0, 4.0
WARM_UP = 0.25
"""The part of the time that is not counted: the first visitors meet processes that have not run yet."""
LAW_DATE = "2024-06-01"
STEPS = 12
SCRIPTS = 24
Visit = Callable[["Visitor"], Awaitable[None]]


@dataclass
class Visitor:
    """One visitor: its connection, its draw of answers, and how long each page took."""

    port: int
    draw: random.Random
    pause: tuple[float, float]
    until: float
    counted_from: float
    took: list[float]

    async def fetch(self, method: str, path: str, body: bytes = b"") -> bytes:
        """One request on a connection of its own, as a proxy would send it; the time to the last byte is kept."""
        began = time.perf_counter()
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        kind = "Content-Type: application/x-www-form-urlencoded\r\n" if body else ""
        head = f"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n{kind}Content-Length: {len(body)}\r\n\r\n"
        writer.write(head.encode() + body)
        answer = await reader.read()
        writer.close()
        if not answer.startswith(b"HTTP/1.1 200"):
            raise RuntimeError(f"{method} {path}: {answer[:200]!r}")
        if began >= self.counted_from:
            self.took.append(time.perf_counter() - began)
        if self.pause[1]:
            await asyncio.sleep(self.draw.uniform(*self.pause))
        return answer.partition(b"\r\n\r\n")[2]


def answer_to(field: Mapping[str, Any], draw: random.Random) -> str:
    """What this visitor fills in."""
    match field["kind"]:
        case "choice":
            return str(draw.choice(field["options"])["id"])
        case "checks":
            chosen = draw.sample(field["options"], draw.choice((0, 0, 1, 2)))
            return ",".join(option["id"] for option in chosen) or "none"
        case "yes":
            return draw.choice(("yes", "no", "?"))
        case "money":
            return str(draw.randint(10, 20_000))
        case "percent":
            return str(draw.randint(0, 100))
        case "year":
            return str(draw.randint(1995, 2023))
        case "date":
            return f"{draw.randint(2005, 2023)}-{draw.randint(1, 12):02}-{draw.randint(1, 28):02}"
        case "count":
            return str(draw.randint(0, 80))
    return "GB/T 1"


def script_of(draw: random.Random) -> list[bytes]:
    """The forms one visitor sends, one per step, worked out beforehand so that the clock sees the pages alone."""
    packs, moment = read_packs([]), Moment(date.fromisoformat(LAW_DATE), date.fromisoformat(LAW_DATE))
    given: dict[str, str] = {}
    asked: list[str] = []
    forms: list[bytes] = []
    for _ in range(STEPS):
        found = asked_document(step(Answers.parse(given)[0], packs=packs, moment=moment, asked=asked).asked)
        if found is None:
            break
        given |= {field["name"]: answer_to(field, draw) for field in found["fields"]}
        form = {**given, "law_date": LAW_DATE, "asked": ",".join(asked), "current": found["id"], "do": "next"}
        forms.append(urlencode(form).encode())
        asked.append(found["id"])
    return forms


async def answering(visitor: Visitor, scripts: list[list[bytes]]) -> None:
    """Answer to the end, then begin again as somebody else."""
    while time.perf_counter() < visitor.until:
        for form in visitor.draw.choice(scripts):
            if time.perf_counter() >= visitor.until:
                return
            await visitor.fetch("POST", "/calculator/", form)


async def reading(visitor: Visitor, paths: list[str]) -> None:
    """Read policy pages in any order."""
    while time.perf_counter() < visitor.until:
        await visitor.fetch("GET", visitor.draw.choice(paths))


def policy_paths() -> list[str]:
    """The address of every version of every standard, every award, and the lists."""
    packs = read_packs([])
    standards = [f"/policies/standards/{quote(one.name)}/?{urlencode({'version': one.version})}" for one in packs.standards]
    awards = [f"/policies/awards/{quote(award.id)}/" for award in (packs.book.awards if packs.book else ())]
    return [*standards, *awards, "/policies/", "/policies/rulings/"]


async def crowd(port: int, seconds: float, pause: tuple[float, float], visit: Callable[[Visitor], Awaitable[None]]) -> list[float]:
    """The times of all counted pages of fifty visitors, sorted."""
    now = time.perf_counter()
    took: list[float] = []
    visitors = [Visitor(port, random.Random(seed), pause, now + seconds, now + WARM_UP * seconds, took) for seed in range(VISITORS)]

    async def come(visitor: Visitor) -> None:
        await asyncio.sleep(visitor.draw.uniform(0, pause[1]))
        await visit(visitor)

    await asyncio.gather(*(come(visitor) for visitor in visitors))
    return sorted(took)


@contextlib.contextmanager
def site() -> Iterator[int]:
    """The site on a free port, as it is started for use, with a home of its own."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with tempfile.TemporaryDirectory(prefix="tidu-bench-") as home:
        environment = {**os.environ, "TIDU_HOME": home}
        command = [str(Path(sys.executable).with_name("tidu")), "serve", "--bind", f"127.0.0.1:{port}"]
        process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            _wait(port)
            yield port
        finally:
            process.terminate()
            process.wait(timeout=30)


def _wait(port: int) -> None:
    for _ in range(240):
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/health/", timeout=5) as answer:
                json.load(answer)
                return
        except OSError:
            time.sleep(0.25)
    raise RuntimeError("the site does not start")


@dataclass(frozen=True)
class Figures:
    """One kind of page under one kind of load; milliseconds."""

    what: str
    pages: int
    per_second: float
    median: float
    p95: float
    slowest: float


def figures(what: str, took: list[float], seconds: float) -> Figures:
    """The figures of sorted times."""
    at = [took[min(len(took) - 1, int(len(took) * share))] * 1000 for share in (0.5, 0.95, 1)]
    return Figures(what, len(took), len(took) / (seconds * (1 - WARM_UP)), *at)


def measured(seconds: float) -> list[Figures]:
    """Calculator steps and policy pages, read at leisure and without a pause."""
    scripts = [script_of(random.Random(seed)) for seed in range(SCRIPTS)]
    paths = policy_paths()
    found: list[Figures] = []
    with site() as port:
        asyncio.run(crowd(port, seconds / 4, PAUSE, lambda visitor: answering(visitor, scripts)))
        for pause, how in ((PAUSE, "with pauses"), ((0.0, 0.0), "without a pause")):
            steps = asyncio.run(crowd(port, seconds, pause, lambda visitor: answering(visitor, scripts)))
            found.append(figures(f"calculator step, {how}", steps, seconds))
            texts = asyncio.run(crowd(port, seconds, pause, lambda visitor: reading(visitor, paths)))
            found.append(figures(f"policy page, {how}", texts, seconds))
    return found


def report(found: list[Figures]) -> tuple[str, list[Claim]]:
    """The table of the figures, and what is promised of them."""
    rows = [
        [
            one.what,
            f"{one.pages:,}",
            number(one.per_second),
            f"{number(one.median)} ms",
            f"{number(one.p95)} ms",
            f"{number(one.slowest)} ms",
        ]
        for one in found
    ]
    head = [f"{VISITORS} visitors at once", "pages", "pages/s", "median", "p95", "slowest"]
    claims = [
        Claim(f"p95 of a calculator step, {VISITORS} visitors", found[0].p95, "at most", 100, "ms"),
        Claim(f"p95 of a policy page, {VISITORS} visitors", found[1].p95, "at most", 50, "ms"),
    ]
    text = (
        f"The site runs as `tidu serve` starts it; visitors run on the same machine and pause {PAUSE[0]:g} to {PAUSE[1]:g} s between pages.\n"
        f"They answer {SCRIPTS} different ways through the questions.\n"
    )
    return f"{text}\n{table(head, rows)}", claims


if __name__ == "__main__":
    quick = "--quick" in sys.argv
    text, promises = report(measured(QUICK_SECONDS if quick else SECONDS))
    print(text)
    for promise in promises:
        print(" | ".join(promise.row()))
