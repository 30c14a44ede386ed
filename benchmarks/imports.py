"""A large file into a large registry: how long the check takes, how long the commit, on SQLite and on PostgreSQL.

``python -m benchmarks.imports [--firms N] [--rows N] [--database postgresql://…]`` measures one database in a process of its own:
settings are read once in a process. The registry is the fictional district; the file names a fifth of its firms, some new ones,
values that agree, correct, contradict and cannot be read.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

from benchmarks.claims import Claim, number, table

FIRMS, ROWS = 100_000, 20_000
QUICK_FIRMS, QUICK_ROWS = 2_000, 500
MOST_SECONDS = 30
YEAR = 2023
NEW_EVERY, WRONG_EVERY = 20, 50
AT = datetime(2024, 6, 1, 2, 0, tzinfo=UTC)
TITLES = (
    "企业名称", "统一社会信用代码", "注册号", "成立日期", "登记状态", "所属街道", "国民经济行业代码", "主导产业", "主导产品", "列入经营异常名录",
    "列入严重失信主体名单", "管理体系认证", "自主品牌", "研发机构级别", "营业收入（万元）", "主营业务收入（万元）", "研发费用（万元）",
    "净利润（万元）", "资产总额（万元）", "负债总额（万元）", "成本费用支出（万元）", "从业人员", "研发人员", "科技人员", "上缴税金（万元）",
    "新增股权融资额（万元）", "法定代表人", "联系电话", "备注", "排序字段",
)  # fmt: skip


@dataclass(frozen=True)
class Timed:
    """One database: seconds of each step; ``taken`` rows went in."""

    database: str
    firms: int
    rows: int
    upload: float
    check: float
    commit: float
    undo: float
    taken: int
    peak_mb: float


def make_file(firms: list[tuple[str, str]], rows: int) -> bytes:
    """A workbook of ``rows`` rows and 30 columns about these firms and about new ones."""
    import xlsxwriter

    draw = random.Random(20240601)
    stream = BytesIO()
    with xlsxwriter.Workbook(stream, {"constant_memory": True}) as book:
        page = book.add_worksheet("企业年报")
        page.write_row(0, 0, ["2023 年度企业年报汇总"])
        page.write_row(1, 0, TITLES)
        for place in range(rows):
            page.write_row(place + 2, 0, _row(place, firms, draw))
    return stream.getvalue()


def _row(place: int, firms: list[tuple[str, str]], draw: random.Random) -> list[Any]:
    from tidu.kernel.credit_code import check_character

    if place % NEW_EVERY == 0:
        body = f"91420114MAX{place:06d}"
        code, name = body + check_character(body), f"武汉新登记{place:06d}科技有限公司"
    else:
        code, name = firms[place % len(firms)]
    revenue = round(draw.uniform(200, 50_000), 2)
    wrong = "约五百" if place % WRONG_EVERY == 1 else round(revenue * 0.05, 2)
    return [
        name, code, f"4201140{place:08d}", f"20{place % 20:02d}-03-{1 + place % 28:02d}", "存续", "", "3011", "装备制造", "阀门", "否", "否",
        "是", "是", "无", revenue, round(revenue * 0.9, 2), wrong, round(revenue * 0.06, 2), round(revenue * 1.4, 2), round(revenue * 0.5, 2),
        round(revenue * 0.9, 2), float(draw.randint(5, 800)), 5.0, 4.0, round(revenue * 0.04, 2), 0, "张某", "", "", float(place),
    ]  # fmt: skip


def fill(firms: int) -> None:
    """An empty database with the fictional district's firms, the sources of the catalogue and one clerk."""
    import django

    django.setup()
    from django.core.management import call_command

    from tidu.apps.accounts.models import Post, User
    from tidu.apps.enterprises.domain.registering import Delivery, register_population
    from tidu.apps.enterprises.models import Source
    from tidu.apps.units.models import Unit
    from tidu.demo import make_district
    from tidu.kernel.facts import catalogue

    call_command("migrate", verbosity=0)
    unit = Unit.objects.create(code="bureau", name="科经局", short_name="科经局", kind="bureau", path="/bureau/")
    facts = catalogue()
    named = {source for one in (*facts.facts.values(), *facts.events.values()) for source in one.source.split("|") if source}
    Source.objects.bulk_create(Source(name=name, unit=unit) for name in sorted(named))
    Post.objects.create(user=User.objects.create_user("jingban", "经办某"), role="bureau-clerk", unit=unit)
    register_population(population=make_district(firms), delivery=Delivery(AT))


def timed(rows: int) -> Timed:
    """A file of so many rows taken through a filled database, each step timed."""
    import django

    django.setup()
    from django.db import connection

    from tidu.apps.accounts.models import User
    from tidu.apps.accounts.queries import actor_of
    from tidu.apps.enterprises.models import Enterprise, Source
    from tidu.apps.imports.domain.checking import check, record_check
    from tidu.apps.imports.domain.committing import commit
    from tidu.apps.imports.domain.planning import ready_to_check
    from tidu.apps.imports.domain.preparing import prepare
    from tidu.apps.imports.domain.undoing import undo
    from tidu.apps.imports.domain.uploading import upload

    firms = Enterprise.objects.count()
    listed = list(Enterprise.objects.order_by("code").values_list("code", "name")[: firms // 5 + rows // 2])
    content = make_file(listed, rows)
    source, clerk = Source.objects.get(name="统计"), actor_of(User.objects.get(username="jingban"), AT.date())
    clock = time.perf_counter
    began = clock()
    batch = upload(actor=clerk, at=AT, source=source, name="年报.xlsx", content=content)
    uploaded = clock()
    batch = ready_to_check(actor=clerk, at=AT, batch=batch)
    found = check(batch, AT.date(), _silent)
    batch = record_check(actor=clerk, at=AT, batch=batch, version=batch.version, found=found)
    checked = clock()
    commit(actor=clerk, at=AT, batch=batch, version=batch.version, prepared=prepare(batch, AT.date(), _silent))
    committed = clock()
    undo(actor=clerk, at=AT, batch=batch, version=batch.version)
    undone = clock()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return Timed(
        connection.vendor, firms, rows, uploaded - began, checked - uploaded, committed - checked, undone - committed,
        int(batch.counts["taken"]), peak,
    )  # fmt: skip


def _silent(stage: str, done: int, total: int) -> None:
    """Nobody watches."""


def measured(firms: int, rows: int, database: str = "") -> Timed:
    """Measure one database in a process of its own; an empty address is SQLite in a folder that ends with it."""
    with tempfile.TemporaryDirectory(prefix="tidu-bench-") as home:
        environment = {**os.environ, "TIDU_HOME": home, "DJANGO_SETTINGS_MODULE": "tidu.config.settings.production"}
        environment.pop("TIDU_DATABASE", None)
        if database:
            environment["TIDU_DATABASE"] = database
        command = [sys.executable, "-m", "benchmarks.imports", "--here", "--firms", str(firms), "--rows", str(rows)]
        ended = subprocess.run(command, env=environment, stdout=subprocess.PIPE, check=True, cwd=Path(__file__).parent.parent)
    return Timed(**json.loads(ended.stdout.splitlines()[-1]))


def report(found: list[Timed]) -> tuple[str, list[Claim]]:
    """The table of the figures, and what is promised of them at full size."""
    rows = [
        [
            one.database, f"{one.firms:,}", f"{one.rows:,} × {len(TITLES)}", f"{number(one.upload)} s", f"{number(one.check)} s",
            f"{number(one.commit)} s", f"{number(one.undo)} s", f"{number(one.peak_mb)} MiB",
        ]
        for one in found
    ]  # fmt: skip
    head = ["database", "firms registered", "rows × columns", "upload and recognise", "check", "commit", "undo", "peak memory"]
    claims = [
        Claim(
            f"{what} of {one.rows:,} rows × {len(TITLES)} columns at {one.firms:,} firms, {one.database}",
            seconds,
            "at most",
            MOST_SECONDS,
            "s",
        )
        for one in found
        for what, seconds in (("upload and check", one.upload + one.check), ("commit", one.commit))
    ]
    return table(head, rows), claims


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.imports")
    parser.add_argument("--firms", type=int, default=FIRMS)
    parser.add_argument("--rows", type=int, default=ROWS)
    parser.add_argument("--database", default="", help="postgresql://… of an empty database; SQLite without it")
    parser.add_argument("--here", action="store_true", help="in this process, by its own settings")
    wanted = parser.parse_args()
    if wanted.here:
        fill(wanted.firms)
        print(json.dumps(vars(timed(wanted.rows)), default=str))
        return
    text, promises = report([measured(wanted.firms, wanted.rows, wanted.database)])
    print(text)
    for promise in promises:
        print(" | ".join(promise.row()))


if __name__ == "__main__":
    main()
