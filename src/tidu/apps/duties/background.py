"""Long work after payment."""

from __future__ import annotations

from datetime import date, time

from tidu.apps.duties.domain.raising import raise_leads
from tidu.apps.duties.domain.sampling import Sampling, draw_sample
from tidu.apps.duties.domain.yearly import open_yearly
from tidu.apps.duties.queries.ledger import LedgerFilter, book
from tidu.apps.enterprises.models import Batch
from tidu.apps.fulfilment.models import Obligation
from tidu.apps.imports.background import AFTER_COMMIT
from tidu.apps.jobs.domain.asking import ask_for
from tidu.apps.jobs.domain.kinds import job_kind
from tidu.apps.jobs.domain.running import Work

LEADS, YEARLY, SAMPLE = "duties.leads", "duties.yearly", "duties.sample"


@job_kind(LEADS, "查找履约线索", daily_at=time(3, 10))
def find_leads(work: Work) -> None:
    """What the registry holds against paid firms becomes leads."""
    work.tell("查找")
    with work.commit(href="/office/leads/") as result:
        raised = raise_leads(actor=work.actor, at=work.clock(), book=book())
        result.update({"new": raised.new, "vanished": raised.vanished})


@job_kind(YEARLY, "发起年度核查")
def yearly(work: Work) -> None:
    """One answer for every live obligation, a task where the data do not decide."""
    given = work.parameters
    work.tell("逐项判定")
    with work.commit(href=given["href"]) as result:
        made = open_yearly(actor=work.actor, at=work.clock(), year=given["year"], due=date.fromisoformat(given["due"]))
        result.update({"campaign": made.pk, "obligations": made.size})


@job_kind(SAMPLE, "抽查抽取")
def sample(work: Work) -> None:
    """Draw a sampling."""
    given = work.parameters
    work.tell("抽取")
    filters = LedgerFilter(**given["filters"])
    wanted = Sampling(
        given["title"], given["year"], date.fromisoformat(given["due"]), filters, given["count"], given["by_risk"], given["seed"],
        given["per_mille"],
    )  # fmt: skip
    with work.commit(href=given["href"]) as result:
        made = draw_sample(actor=work.actor, at=work.clock(), wanted=wanted)
        result.update({"campaign": made.pk, "population": made.size, "drawn": made.drawn})


def look_after_import(work: Work, batch: Batch) -> None:
    """New data may speak of paid firms: look as soon as they are in the registry."""
    if Obligation.objects.exists():
        ask_for(
            actor=work.actor, at=work.clock(), kind=LEADS, title="数据入库后查找履约线索", key=f"{LEADS}:import:{batch.pk}:{batch.version}"
        )


AFTER_COMMIT.append(look_after_import)
