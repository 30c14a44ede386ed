"""Rulings: before one is adopted, whom it moves and by how much; then who adopted it, when and why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import IntegrityError, transaction

from tidu.apps.accounts.actors import Actor
from tidu.apps.accounts.decisions import YES, Decision, no
from tidu.apps.accounts.enums import Role
from tidu.apps.audit.domain.chain import Subject, record_event
from tidu.apps.enterprises.domain.populations import population_of_registry
from tidu.apps.enterprises.models import Enterprise
from tidu.apps.fulfilment.domain.entitled import choices_in_force
from tidu.apps.fulfilment.models import AdoptedRuling, RulingEffect, RulingMove
from tidu.kernel.awards import AwardBook, Ruling
from tidu.kernel.errors import TiduError
from tidu.kernel.legal_days import legal_day
from tidu.kernel.packs import PackSet
from tidu.kernel.settle import Entitlement, settle


@dataclass(frozen=True, slots=True)
class Moved:
    """One item that a ruling changes: what it gives now and would give, in fen, with both reasons."""

    firm: str
    name: str
    award: str
    clause: str
    title: str
    payer: str
    item: str
    before: int
    after: int
    why_before: str
    why_after: str


CLERKS = (Role.BUREAU_CLERK, Role.BUREAU_HEAD)
AT_ONCE = 500
GOOD_FOR = 7
"""Days for which a rehearsal carries an adoption: data move on."""


def ruling_of(packs: PackSet, ruling: str) -> Ruling:
    """The question by its number; raises ``no-awards`` or ``unknown-ruling``."""
    book = _book(packs)
    book.checked_choices({ruling: book.rulings[ruling].choice} if ruling in book.rulings else {ruling: ""})
    return book.rulings[ruling]


def _book(packs: PackSet) -> AwardBook:
    if packs.book is None:
        raise TiduError("no-awards", "读入的政策里没有奖补，没有可以采用的口径。")
    return packs.book


def effect_of(packs: PackSet, *, ruling: str, choice: str, law_date: date, as_of: date) -> list[Moved]:
    """Every item of the registry that another choice changes; reads only."""
    population, now = population_of_registry(Enterprise.objects.all()), choices_in_force()
    before = settle(population, packs, law_date=law_date, as_of=as_of, choices=now).results
    after = settle(population, packs, law_date=law_date, as_of=as_of, choices={**now, ruling: choice}).results

    def key(one: Entitlement) -> tuple[str, str, str, str]:
        return one.firm, one.award.policy, one.award.id, one.item

    others = {key(one): one for one in after}
    return [
        Moved(
            one.firm,
            one.name,
            one.award.id,
            one.award.clause,
            one.award.title,
            one.award.payer,
            one.item,
            one.amount,
            other.amount,
            one.why,
            other.why,
        )
        for one in before
        if (other := others[key(one)]) and (one.amount, one.state) != (other.amount, other.state)
    ]


def adopt_ruling(*, actor: Actor, at: datetime, packs: PackSet, ruling: str, choice: str, reason: str) -> AdoptedRuling:
    """Adopt a choice from now on; what was decided before keeps its ground. Raises ``unknown-ruling`` or ``unknown-choice``."""
    actor.may_write(Role.BUREAU_HEAD).require()
    book = _book(packs)
    book.checked_choices({ruling: choice})
    if not reason.strip():
        raise TiduError("reason-missing", "请写明采用这个口径的理由和依据。")
    try:
        with transaction.atomic():
            return _adopt(actor, at, book.rulings[ruling], choice, reason.strip())
    except IntegrityError as error:
        raise _changed() from error


def _adopt(actor: Actor, at: datetime, ruling: Ruling, choice: str, reason: str) -> AdoptedRuling:
    """The former choice ends, the new one holds; the table takes one choice in force per question, whoever presses with us."""
    replaced = {"ended_at": at, "ended_by": actor.name, "ended_why": f"改为“{choice}”"}
    AdoptedRuling.objects.filter(ruling=ruling.id, ended_at=None).update(**replaced)
    adopted = AdoptedRuling.objects.create(ruling=ruling.id, choice=choice, reason=reason, adopted_by=actor.name, adopted_at=at)
    record_event(
        actor=actor, at=at, action="ruling.adopted", subject=Subject("ruling", ruling.id, ruling.question),
        detail={"choice": choice, "reason": reason},
    )  # fmt: skip
    return adopted


def _changed() -> TiduError:
    return TiduError("ruling-changed", "这个口径刚刚被别人改动。请刷新后再办理。")


def keep_effect(
    *, actor: Actor, at: datetime, packs: PackSet, ruling: str, choice: str, law_date: date, as_of: date, moved: Sequence[Moved],
    choices: Mapping[str, str],
) -> RulingEffect:  # fmt: skip
    """Keep a rehearsal with everything it would move, so that the one who adopts decides on what was shown.

    ``choices`` are the rulings adopted when it was computed.
    """
    actor.may_write(*CLERKS).require()
    question = ruling_of(packs, ruling)
    firms = dict(Enterprise.objects.values_list("code", "pk"))
    with transaction.atomic():
        effect = RulingEffect.objects.create(
            ruling=ruling, choice=choice, before=choices.get(ruling, question.choice), law_date=law_date, as_of=as_of,
            choices=dict(choices),
            packs=dict(packs.digests), made_at=at, made_by=actor.name,
        )  # fmt: skip
        moves = [
            RulingMove(
                effect=effect, enterprise_id=firms[one.firm], award=one.award, clause=one.clause, title=one.title, item=one.item,
                payer=one.payer, before=one.before, after=one.after, why_before=one.why_before, why_after=one.why_after,
            )
            for one in moved
        ]  # fmt: skip
        RulingMove.objects.bulk_create(moves, batch_size=AT_ONCE)
        record_event(
            actor=actor, at=at, action="ruling.rehearsed", subject=Subject("ruling", ruling, question.question),
            detail={"choice": choice, "rows": len(moves)},
        )  # fmt: skip
    return effect


def may_adopt(effect: RulingEffect, actor: Actor, packs: PackSet, day: date) -> Decision:
    """Whether the choice of a rehearsal may be adopted now: by the head, and on the ground on which it was rehearsed."""
    allowed = actor.may_write(Role.BUREAU_HEAD)
    if not allowed:
        return allowed
    now = choices_in_force()
    if effect.packs != dict(packs.digests) or effect.choices != now:
        return no("试算以后，政策规则或者采用的口径有了变化，影响可能不同。请重新试算。", "rehearsal-stale")
    if (day - legal_day(effect.made_at)).days > GOOD_FOR:
        return no(f"这次试算已超过 {GOOD_FOR} 天，数据可能有了变化。请重新试算。", "rehearsal-old")
    if now.get(effect.ruling) == effect.choice:
        return no(f"现在采用的已经是“{effect.choice}”。", "already-adopted")
    return YES


def may_end(effect: RulingEffect, actor: Actor, packs: PackSet, day: date) -> Decision:
    """Whether the adopted choice may be given up for what the rules say by themselves, as rehearsed."""
    own = ruling_of(packs, effect.ruling).choice
    if effect.choice != own:
        return no(f"停用后恢复为“{own}”，请先试算这个选项。", "rehearsal-other")
    if effect.ruling not in choices_in_force():
        return no("这个口径还没有采用过选项，现在就是按规则里的选项计算。", "not-adopted")
    allowed = may_adopt(effect, actor, packs, day)
    return YES if allowed.code == "already-adopted" else allowed


def adopt_rehearsed(*, actor: Actor, at: datetime, packs: PackSet, effect: RulingEffect, reason: str) -> AdoptedRuling:
    """Adopt what was rehearsed; raises why not, or ``reason-missing``."""
    with transaction.atomic():
        may_adopt(effect, actor, packs, legal_day(at)).require()
        return adopt_ruling(actor=actor, at=at, packs=packs, ruling=effect.ruling, choice=effect.choice, reason=reason)


def end_ruling(*, actor: Actor, at: datetime, packs: PackSet, effect: RulingEffect, reason: str) -> AdoptedRuling:
    """Give up the adopted choice: from now on the rules' own holds; what was decided keeps its ground."""
    may_end(effect, actor, packs, legal_day(at)).require()
    if not reason.strip():
        raise TiduError("reason-missing", "请写明停用这个口径的理由和依据。")
    with transaction.atomic():
        held = AdoptedRuling.objects.filter(ruling=effect.ruling, ended_at=None)
        adopted = held.first()
        if adopted is None or not held.filter(pk=adopted.pk).update(ended_at=at, ended_by=actor.name, ended_why=reason.strip()):
            raise _changed()
        record_event(
            actor=actor, at=at, action="ruling.ended", subject=Subject("ruling", effect.ruling, ruling_of(packs, effect.ruling).question),
            detail={"choice": adopted.choice, "reason": reason.strip()},
        )  # fmt: skip
    adopted.refresh_from_db()
    return adopted
