"""Cases, candidates, payments and files of a firm, made without going their way, for the tests of the portal."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import uuid4

from tests.apps.materials.files import png
from tests.apps.people import AT, District
from tidu.apps.accounts.actors import SYSTEM
from tidu.apps.accounts.enums import FIRM_ROLES, Role
from tidu.apps.enterprises.models import Enterprise
from tidu.apps.fulfilment.domain.applying import keep_submission
from tidu.apps.fulfilment.enums import COMMITTED, CaseState, PaymentState, Route
from tidu.apps.fulfilment.models import Budget, Candidate, Case, CasePerson, Payment, PaymentBatch, SettlementRun, Voucher
from tidu.apps.materials.domain.keeping import Owner, keep_file
from tidu.apps.materials.models import StoredFile
from tidu.apps.sealing import seal

ACCOUNT = "6222020200012345678"
FEN = 100_000_000
ITEM = "技术合同 2024-01-02"


def case(district: District, firm: Enterprise, state: CaseState = CaseState.SUBMITTED, **more: Any) -> Case:
    """A case of C5 in a state; the four people of firms work on it, the clerk in charge."""
    bound = state in COMMITTED
    budget = Budget.objects.get_or_create(
        year=2024, payer="区级", clause="二（三）3", defaults={"planned": 1000 * FEN, "committed": 100 * FEN if bound else 0}
    )[0]
    made = Case.objects.create(
        **{
            "enterprise": firm, "policy": "某计划", "award": "C5", "clause": "二（三）3", "title": "技术合同奖励", "item": ITEM, "payer": "区级",
            "route": Route.NO_APPLICATION if state == CaseState.LISTED else Route.APPLICATION, "law_date": AT.date(), "state": state,
            "computed": FEN, "amount": FEN if bound else None, "budget": budget if bound else None, "created_at": AT,
            "number": "" if state in {CaseState.DRAFT, CaseState.LISTED} else f"SL2024-{uuid4().hex[:8]}",
            "account": "" if state in {CaseState.DRAFT, CaseState.LISTED} else seal(ACCOUNT, "bank-account"), "account_holder": firm.name,
            "submitted_at": None if state in {CaseState.DRAFT, CaseState.LISTED} else AT, **more,
        }
    )  # fmt: skip
    for role in sorted(FIRM_ROLES):
        in_charge = role == Role.FIRM_CLERK
        CasePerson.objects.create(case=made, user=district.people[role], in_charge=in_charge, given_by="某人", given_at=AT)
    return made


def correcting(district: District, firm: Enterprise) -> Case:
    """A case that was handed in and sent back for its contract."""
    made = case(district, firm, CaseState.CORRECTING, submission=1)
    keep_submission(actor=SYSTEM, at=AT, case=made, content={"matter": {"note": "初稿"}})
    made.draft = {"matter": {"note": "初稿"}, "correction": [{"field": "contract", "why": "登记章看不清"}]}
    made.save(update_fields=["draft"])
    return made


def filled(district: District, firm: Enterprise) -> Case:
    """A draft with every section complete."""
    made = case(district, firm, CaseState.DRAFT)
    draft = {
        "firm": {"checked": True}, "matter": {"note": ""}, "materials": {"contract": [stored(firm).pk]},
        "account": {"sealed": seal(ACCOUNT, "bank-account"), "holder": firm.name}, "promise": {"by": "某人", "at": "2024-06-01"},
        "finished": ["account", "firm", "materials", "matter", "promise"],
    }  # fmt: skip
    made.draft = draft
    made.save(update_fields=["draft"])
    return made


def stored(firm: Enterprise) -> StoredFile:
    """A picture the firm handed in."""
    return keep_file(actor=SYSTEM, at=AT, owner=Owner(firm), kind="技术合同登记证明", name="登记证明.png", content=png())


def offer(firm: Enterprise, state: str = "granted", **more: Any) -> Candidate:
    """A candidate of the newest settlement."""
    run = SettlementRun.objects.order_by("-pk").first() or SettlementRun.objects.create(
        law_date=AT.date(), as_of=AT.date(), packs={}, choices={}, made_at=AT, made_by="测试"
    )
    given = {
        "policy": "某计划", "award": "C5", "clause": "二（三）3", "title": "技术合同奖励", "item": ITEM, "payer": "区级", "amount": FEN,
        "computation": {"how": ["成交额 1000万元 × 10% = 100万元"], "why": "", "missing": [], "rulings": []},
    }  # fmt: skip
    return Candidate.objects.create(run=run, enterprise=firm, state=state, **{**given, **more})


def paid(district: District, firm: Enterprise, **more: Any) -> Payment:
    """A payment that arrived, with its voucher."""
    people = district.people
    batch = PaymentBatch.objects.create(
        number=uuid4().hex[:20], payer="区级", maker=people[Role.BUREAU_CLERK], checker=people[Role.BUREAU_HEAD], made_at=AT
    )
    made = Payment.objects.create(
        case=case(district, firm, CaseState.PAID, **more), batch=batch, attempt=1, amount=FEN, account=seal(ACCOUNT, "bank-account"),
        account_holder=firm.name, state=PaymentState.PAID, paid_on=AT.date(), reference="F1",
    )  # fmt: skip
    Voucher.objects.create(payment=made, number=uuid4().hex[:20], amount=FEN, capitals="人民币壹佰万元整", issued_on=AT.date())
    return made


def _file(district: District, firm: Enterprise) -> list[Any]:
    made = filled(district, firm)
    return [firm.code, made.pk, made.draft["materials"]["contract"][0]]


def _version(district: District, firm: Enterprise) -> list[Any]:
    made = case(district, firm, submission=1)
    keep_submission(actor=SYSTEM, at=AT, case=made, content={"matter": {"note": "说明"}})
    return [firm.code, made.pk, 1]


MAKERS: dict[str, Callable[[District, Enterprise], list[Any]]] = {
    "behind": lambda district, firm: [case(district, firm).pk],
    "offer": lambda _, firm: [firm.code, offer(firm).pk],
    "case": lambda district, firm: [firm.code, case(district, firm).pk],
    "listed": lambda district, firm: [firm.code, case(district, firm, CaseState.LISTED).pk],
    "bounced": lambda district, firm: [firm.code, case(district, firm, CaseState.BOUNCED).pk],
    "draft": lambda district, firm: [firm.code, case(district, firm, CaseState.DRAFT).pk],
    "attached": lambda district, firm: [firm.code, filled(district, firm).pk],
    "section-of-case": lambda district, firm: [firm.code, case(district, firm, CaseState.DRAFT).pk, "matter"],
    "file": _file,
    "version": _version,
    "payment": lambda district, firm: [firm.code, paid(district, firm).pk],
}
"""Arguments of an address by the object that its row names."""
