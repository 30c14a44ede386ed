"""A whole round of money for many firms in the database of this process: settled, decided, noticed, paid. Prints its times as JSON.

Run by ``benchmarks.fulfilment`` in a process of its own, because settings are read once in a process.
"""

from __future__ import annotations

import argparse
import json
import statistics
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta

import django

django.setup()

from django.core.management import call_command  # noqa: E402 - Django stands first
from django.db import connection, transaction  # noqa: E402

from tidu.apps.accounts.actors import Actor  # noqa: E402
from tidu.apps.accounts.models import Post, User  # noqa: E402
from tidu.apps.accounts.queries import actor_of  # noqa: E402
from tidu.apps.enterprises.domain.facts_in_force import refresh_facts  # noqa: E402
from tidu.apps.enterprises.domain.names import folded_name, initials  # noqa: E402
from tidu.apps.enterprises.domain.registering import event_mark  # noqa: E402
from tidu.apps.enterprises.enums import Level, NameKind  # noqa: E402
from tidu.apps.enterprises.models import DataSheet, Enterprise, Event, NameRecord, Source  # noqa: E402
from tidu.apps.fulfilment.domain.applying import PURPOSE, keep_submission  # noqa: E402
from tidu.apps.fulfilment.domain.budgeting import plan_budget  # noqa: E402
from tidu.apps.fulfilment.domain.deciding import decide_batch, make_batch, propose  # noqa: E402
from tidu.apps.fulfilment.domain.noticing import close_notice, draft_notice, publish_notice  # noqa: E402
from tidu.apps.fulfilment.domain.paying import Feedback, check_payment_batch, make_payment_batch, send_payment_batch, take_feedback  # noqa: E402
from tidu.apps.fulfilment.domain.reconciling import reconcile  # noqa: E402
from tidu.apps.fulfilment.domain.settling import keep_settlement, list_cases, settle_district  # noqa: E402
from tidu.apps.fulfilment.enums import CaseState  # noqa: E402
from tidu.apps.fulfilment.interfaces.allocation import make_allocation  # noqa: E402
from tidu.apps.fulfilment.models import Case, Payment  # noqa: E402
from tidu.apps.paper.domain.dossier import make_dossier, make_dossier_pdf  # noqa: E402
from tidu.apps.paper.enums import Audience  # noqa: E402
from tidu.apps.policies.loaded import packs  # noqa: E402
from tidu.apps.sealing import seal  # noqa: E402
from tidu.apps.units.models import Unit  # noqa: E402
from tidu.kernel.facts import catalogue  # noqa: E402

LAW = date(2024, 6, 3)
NOON = datetime(2024, 6, 3, 4, 0, tzinfo=UTC)
OVER = NOON + timedelta(days=12)
TITLE = {"名称": "专精特新小巨人", "级别": "国家级", "日期": "2023-07-14"}
AWARD = "C3"
DOSSIERS = 5
AT_ONCE = 1000


class Laps:
    """Times of the steps, in seconds."""

    def __init__(self) -> None:
        self.steps: dict[str, float] = {}

    @contextmanager
    def lap(self, what: str) -> Iterator[None]:
        """One step."""
        began = time.perf_counter()
        yield
        self.steps[what] = time.perf_counter() - began


def people(officials: int, password: str) -> tuple[Actor, Actor]:
    """Units, sources, officials who may log in, and a head; returns the first clerk and the head."""
    root = Unit.objects.create(code="district", name="区", short_name="区", kind="district", path="/district/")
    bureau = Unit.objects.create(code="bureau", name="科经局", short_name="科经局", kind="bureau", parent=root, path="/district/bureau/")
    names = {part for fact in catalogue().facts.values() for part in fact.source.split("|") if part}
    names |= {part for event in catalogue().events.values() for part in event.source.split("|") if part}
    Source.objects.bulk_create(Source(name=name, unit=bureau) for name in sorted(names))
    users = [User.objects.create_user(f"official{place}", f"经办{place}", password, password_changed_at=datetime.now(UTC)) for place in range(officials)]  # fmt: skip
    Post.objects.bulk_create(Post(user=user, role="bureau-clerk", unit=bureau) for user in users)
    head = User.objects.create_user("head", "科长", password, password_changed_at=datetime.now(UTC))
    Post.objects.create(user=head, role="bureau-head", unit=bureau)
    return actor_of(users[0], LAW), actor_of(head, LAW)


def register(firms: int) -> None:
    """Firms in business here, each with the nation's title."""
    found = Enterprise.objects.bulk_create(
        [
            Enterprise(code=f"91420114MA5{place:07d}", name=f"武汉示例{place}精密制造有限公司", initials=initials(f"武汉示例{place}精密制造有限公司"), created_at=NOON)
            for place in range(firms)
        ],
        batch_size=AT_ONCE,
    )  # fmt: skip
    market, bureau = Source.objects.get(name="市场监管"), Source.objects.get(name="科技经信")
    values = {"纳税关系所在区": "420114", "登记状态": "存续"}
    NameRecord.objects.bulk_create(
        [NameRecord(enterprise=one, name=one.name, folded=folded_name(one.name), kind=NameKind.CURRENT) for one in found],
        batch_size=AT_ONCE,
    )
    DataSheet.objects.bulk_create(
        [DataSheet(enterprise=one, source=market, level=Level.FIRM, values=values, received_at=NOON) for one in found], batch_size=AT_ONCE
    )
    mark, day = event_mark("认定", TITLE), date.fromisoformat(TITLE["日期"])
    Event.objects.bulk_create(
        [Event(enterprise=one, type="认定", day=day, fields=TITLE, mark=mark, source=bureau, received_at=NOON) for one in found],
        batch_size=AT_ONCE,
    )
    refresh_facts([one.pk for one in found])


def all_cases() -> list[Case]:
    """Every case with its firm."""
    return list(Case.objects.select_related("enterprise").order_by("pk"))


def confirmed(clerk: Actor) -> None:
    """All firms have said yes; outside the clock, because each does it for itself."""
    account = seal("6222020200012345678", PURPOSE)
    with transaction.atomic():
        for place, case in enumerate(all_cases(), start=1):
            case.state, case.account, case.account_holder = CaseState.REVIEWED, account, case.enterprise.name
            case.number, case.submission, case.submitted_at = f"MS2024{place:06d}", 1, NOON
            case.save()
            keep_submission(actor=clerk, at=NOON, case=case, content={"confirmed": True})


def decided(laps: Laps, clerk: Actor, head: Actor) -> int:
    """From the settlement to the meeting; returns the number of the notice."""
    with laps.lap("settle"):
        settlement = settle_district(packs(), law_date=LAW, as_of=LAW)
    with laps.lap("keep the candidates"):
        run = keep_settlement(actor=clerk, at=NOON, settlement=settlement)
    with laps.lap("open the cases"):
        cases = list_cases(actor=clerk, at=NOON, run=run, award=AWARD)
    confirmed(clerk)
    total = sum(case.computed for case in cases)
    plan_budget(actor=head, at=NOON, year=2024, payer=cases[0].payer, clause=cases[0].clause, planned=total)
    batch = make_batch(actor=clerk, at=NOON, title="第一批", year=2024)
    with laps.lap("propose"):
        propose(actor=clerk, at=NOON, batch=batch, cases=all_cases())
    with laps.lap("decide"):
        decide_batch(actor=head, at=NOON, batch=batch, packs=packs(), minutes="同意", met_on=LAW)
    return run.pk


def noticed(laps: Laps, clerk: Actor, head: Actor) -> None:
    """Published and cleared."""
    with laps.lap("draft the notice"):
        notice = draft_notice(actor=clerk, at=NOON, title="公示", body="公示", contact="科经局", cases=all_cases())
    with laps.lap("publish"):
        notice = publish_notice(actor=head, at=NOON, notice=notice)
    with laps.lap("clear"):
        close_notice(actor=clerk, at=OVER, notice=notice)


def paid(laps: Laps, clerk: Actor, head: Actor) -> None:
    """Handed to finance and arrived."""
    cases = all_cases()
    with laps.lap("make the payment batch"):
        batch, _ = make_payment_batch(actor=clerk, at=OVER, payer=cases[0].payer, cases=cases, packs=packs())
    if batch is None:
        raise RuntimeError("nothing could be paid")
    check_payment_batch(actor=head, at=OVER, batch=batch)
    with laps.lap("write the file for finance"):
        table = make_allocation(actor=clerk, at=OVER, batch=batch)
    with laps.lap("send"):
        send_payment_batch(actor=clerk, at=OVER, batch=batch, packs=packs(), digest=table.digest)
    rows = [Feedback(payment.pk, f"F{payment.pk}", OVER.date()) for payment in Payment.objects.filter(batch=batch)]
    with laps.lap("take the feedback"):
        take_feedback(actor=clerk, at=OVER, batch=batch, rows=rows, book=packs().book)


def dossiers(clerk: Actor) -> tuple[float, float]:
    """Median seconds of a case's dossier as a zip and as PDF alone."""
    found: dict[str, list[float]] = {"zip": [], "pdf": []}
    for case in Case.objects.select_related("enterprise").order_by("pk")[:DOSSIERS]:
        for kind, make in (("zip", make_dossier), ("pdf", make_dossier_pdf)):
            began = time.perf_counter()
            make(actor=clerk, at=OVER, case=case, audience=Audience.INTERNAL, book=packs().book)
            found[kind].append(time.perf_counter() - began)
    return statistics.median(found["zip"]), statistics.median(found["pdf"])


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.fulfilment_round")
    parser.add_argument("--firms", type=int, required=True)
    parser.add_argument("--officials", type=int, required=True)
    parser.add_argument("--password", required=True)
    wanted = parser.parse_args()
    call_command("migrate", interactive=False, verbosity=0)
    clerk, head = people(wanted.officials, wanted.password)
    with transaction.atomic():
        register(wanted.firms)
    laps = Laps()
    run = decided(laps, clerk, head)
    noticed(laps, clerk, head)
    paid(laps, clerk, head)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    whole, pdf = dossiers(clerk)
    states = dict.fromkeys(Case.objects.values_list("state", flat=True))
    books = [line.sentence for line in reconcile() if not line.agrees]
    if list(states) != [CaseState.PAID] or books:
        raise RuntimeError(f"not everything was paid: {list(states)}, {books}")
    cases = list(Case.objects.order_by("pk").values_list("pk", flat=True))
    candidates = list(Case.objects.order_by("pk").values_list("enterprise__candidates", flat=True)[:200])
    print(json.dumps({"steps": laps.steps, "zip": whole, "pdf": pdf, "run": run, "cases": cases[:2000], "candidates": candidates}))


if __name__ == "__main__":
    main()
