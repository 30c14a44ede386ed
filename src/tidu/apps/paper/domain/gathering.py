"""Everything the records hold of one case, read once; the papers are made of this and ask nothing more."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from tidu.apps.enterprises.queries import FactBlock, fact_blocks
from tidu.apps.fulfilment.domain.attached import attached_files
from tidu.apps.fulfilment.models import Case, Objection, Obligation, Opinion, Payment, Receipt, Recovery, Step, Submission
from tidu.apps.materials.models import StoredFile
from tidu.apps.paper.domain.grounds import Ground, RulingLine, grounds_of, ruling_lines
from tidu.kernel.awards import AwardBook
from tidu.kernel.legal_days import legal_day


@dataclass(frozen=True, slots=True)
class Gathered:
    """The records of one case."""

    case: Case
    submissions: list[Submission]
    facts: list[FactBlock]
    steps: list[Step]
    opinions: list[Opinion]
    ground: Ground | None
    rulings: list[RulingLine]
    objections: list[Objection]
    payments: list[Payment]
    obligations: list[Obligation]
    recoveries: list[tuple[Recovery, list[Receipt]]]
    files: list[StoredFile]
    uses: dict[int, str]

    @property
    def changed_on(self) -> date:
        """The day of the last change of the case."""
        last = max((step.at for step in self.steps), default=self.case.created_at)
        return legal_day(last)


def gather(case: Case, book: AwardBook | None) -> Gathered:
    """Read the records of a case. Files are taken only where they belong to the case's own firm, whatever a draft names."""
    submissions = list(case.submissions.order_by("number"))
    uses: dict[int, str] = {}
    for submission in submissions:
        for material, numbers in attached_files(submission.content).items():
            uses |= dict.fromkeys(numbers, material)
    files = StoredFile.objects.filter(pk__in=uses, enterprise=case.enterprise_id).order_by("pk")
    ground = grounds_of([case]).get(case.pk)
    recoveries = [(one, list(one.receipts.order_by("pk"))) for one in Recovery.objects.filter(case=case).order_by("pk")]
    return Gathered(
        case=case,
        submissions=submissions,
        facts=fact_blocks(case.enterprise),
        steps=list(case.steps.order_by("pk")),
        opinions=list(case.opinions.select_related("unit", "submission").order_by("submission__number", "unit__path")),
        ground=ground,
        rulings=ruling_lines(ground.rulings, book, ground.at) if ground is not None else [],
        objections=list(case.objections.order_by("pk")),
        payments=list(case.payments.select_related("batch", "voucher").order_by("attempt")),
        obligations=list(case.obligations.order_by("pk")),
        recoveries=recoveries,
        files=list(files),
        uses=uses,
    )
