"""The ground of ``test_killed.py``: an installation with a file to import, set up and asked for work in processes of their own."""

from __future__ import annotations

import sys
import time
from datetime import UTC, datetime

import django

AT = datetime(2024, 6, 1, 2, 0, tzinfo=UTC)


def prepare(rows: int) -> None:
    from django.core.management import call_command

    from tests.apps.imports.files import code, name, workbook
    from tidu.apps.accounts.models import Post, User
    from tidu.apps.accounts.queries import actor_of
    from tidu.apps.enterprises.models import Source
    from tidu.apps.imports.domain.planning import ready_to_check
    from tidu.apps.imports.domain.uploading import upload
    from tidu.apps.units.models import Unit

    call_command("migrate", verbosity=0)
    unit = Unit.objects.create(code="bureau", name="科经局", short_name="科经局", kind="bureau", path="/bureau/")
    user = User.objects.create_user("jingban", "经办某")
    Post.objects.create(user=user, role="bureau-clerk", unit=unit)
    source = Source.objects.create(name="市场监管", unit=unit)
    head = ["企业名称", "统一社会信用代码", "年度", "主导产品", "营业收入（万元）", "资产总额（万元）"]
    listed = [[name(number), code(number), 2023, "阀门", number, 2 * number] for number in range(1, rows + 1)]
    actor = actor_of(user, AT.date())
    batch = upload(actor=actor, at=AT, source=source, name="名单.xlsx", content=workbook({"企业": [head, *listed]}))
    ready_to_check(actor=actor, at=AT, batch=batch)


def ask(kind: str) -> None:
    from tidu.apps.accounts.models import User
    from tidu.apps.accounts.queries import actor_of
    from tidu.apps.enterprises.models import Batch
    from tidu.apps.jobs.domain.asking import ask_for

    batch, user = Batch.objects.get(), User.objects.get()
    parameters = {"batch": batch.pk, "version": batch.version}
    ask_for(actor=actor_of(user, AT.date()), at=AT, kind=kind, title=kind, key=f"{kind}:{batch.pk}", parameters=parameters)


def seconds() -> float:
    """How long working out the file takes here."""
    from tidu.apps.enterprises.models import Batch
    from tidu.apps.imports.domain.checking import check

    began = time.monotonic()
    check(Batch.objects.get(), AT.date(), lambda *_: None)
    return time.monotonic() - began


def verify() -> int:
    from tidu.apps.audit.domain.chain import verify_chain

    return len(verify_chain()[1])


if __name__ == "__main__":
    django.setup()
    what, *more = sys.argv[1:]
    found = {"prepare": lambda: prepare(int(more[0])), "ask": lambda: ask(more[0]), "seconds": seconds, "verify": verify}[what]()
    if found is not None:
        sys.stdout.write(f"{found}\n")
