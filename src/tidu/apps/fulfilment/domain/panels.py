"""评审专家: whom the bureau may ask, who sits on the panel of a case, who declares a conflict."""

from __future__ import annotations

from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.db.models import F, Max

from tidu.apps.accounts.actors import Actor
from tidu.apps.accounts.decisions import YES, Decision, no
from tidu.apps.accounts.enums import Role
from tidu.apps.accounts.models import Post
from tidu.apps.audit.domain.chain import Subject, record_event
from tidu.apps.enterprises.domain.names import folded_name
from tidu.apps.enterprises.models import Enterprise, NameRecord
from tidu.apps.fulfilment.domain.items import item_rules
from tidu.apps.fulfilment.domain.moving import changed
from tidu.apps.fulfilment.domain.score_sheets import seat_label
from tidu.apps.fulfilment.enums import CaseState, Declaration
from tidu.apps.fulfilment.models import Case, Expert, ExpertScore, Panel, PanelMember, Step
from tidu.kernel.errors import TiduError
from tidu.kernel.legal_days import legal_day

KEEPERS = (Role.BUREAU_CLERK, Role.BUREAU_HEAD)
LONGEST = {"name": ("姓名", 60), "institution": ("单位", 120), "field": ("专业领域", 120)}
LONGEST_REASON = 300


def keep_expert(*, actor: Actor, at: datetime, name: str, institution: str, field: str) -> Expert:
    """Add somebody to the list. Raises ``expert-words`` or ``expert-there``."""
    actor.may_write(*KEEPERS).require()
    given = {key: " ".join(value.split()) for key, value in (("name", name), ("institution", institution), ("field", field))}
    for key, (label, most) in LONGEST.items():
        if not given[key] or len(given[key]) > most:
            raise TiduError("expert-words", f"请填写专家的{label}，最多 {most} 字。")
    try:
        with transaction.atomic():
            made = Expert.objects.create(**given, made_at=at)
            record_event(actor=actor, at=at, action="expert.kept", subject=Subject("expert", str(made.pk), str(made)))
    except IntegrityError as error:
        raise TiduError("expert-there", f"{given['institution']}的{given['name']}已经在专家名单里。") from error
    return made


def may_end_expert(actor: Actor, expert: Expert) -> Decision:
    """Whether an expert can be taken off the list of those who may be asked."""
    allowed = actor.may_write(*KEEPERS)
    return no(f"{expert.name}已经停用。", "expert-ended") if allowed and expert.ended_at else allowed


def end_expert(*, actor: Actor, at: datetime, expert: Expert, reason: str) -> Expert:
    """Ask an expert no more; panels and scores stay as they are."""
    may_end_expert(actor, expert).require()
    why = checked_reason(reason, "停用专家的原因")
    with transaction.atomic():
        if not Expert.objects.filter(pk=expert.pk, ended_at=None).update(ended_at=at, ended_why=why[:200]):
            raise TiduError("expert-ended", f"{expert.name}刚刚已被停用。请刷新。")
        record_event(
            actor=actor, at=at, action="expert.ended", subject=Subject("expert", str(expert.pk), str(expert)), detail={"reason": why}
        )
    expert.refresh_from_db()
    return expert


def checked_reason(text: str, what: str) -> str:
    """A typed reason; raises ``reason-missing``."""
    found = text.strip()
    if not found or len(found) > LONGEST_REASON:
        raise TiduError("reason-missing", f"请写明{what}，最多 {LONGEST_REASON} 字。")
    return found


def may_handle_panel(actor: Actor, case: Case) -> Decision:
    """The bureau, while the case is in joint review."""
    allowed = actor.may_write(*KEEPERS)
    if allowed and case.state != CaseState.REVIEWING:
        return no(f"办件现在是“{case.get_state_display()}”，只有联审中才能办理专家评审。", "wrong-state")
    return allowed


def may_name(actor: Actor, case: Case) -> Decision:
    """Whether experts can be named for a case: its item asks for them, or it has a panel from when it did."""
    allowed = may_handle_panel(actor, case)
    if allowed and item_rules(case.award).experts is None and not Panel.objects.filter(case=case).exists():
        return no(f"事项 {case.award} 不要求专家评审。要求的，请先在事项办理规则里写评分表。", "no-experts")
    return allowed


def own_side(expert: Expert, enterprise: Enterprise, day: date) -> str:
    """Why an expert is on the firm's own side, empty where nothing speaks for it: the firm's names, past ones too, and members."""
    place = folded_name(expert.institution)
    names = NameRecord.objects.filter(enterprise=enterprise).order_by().values_list("folded", flat=True)
    if any(one and one in place for one in (*names, folded_name(enterprise.name))):
        return f"{expert.name}的单位是申报企业{enterprise.name}，不能评审这个办件。请另选专家。"
    members = Post.objects.held_on(day).filter(enterprise=enterprise, user__name=expert.name)
    if members.exists():
        return f"{expert.name}与{enterprise.name}的成员同名，不能评审这个办件。请另选专家。"
    return ""


def name_expert(*, actor: Actor, at: datetime, case: Case, expert: Expert) -> PanelMember:
    """Give an expert a seat; the first one freezes the score sheet. Raises ``expert-ended``, ``expert-own``, ``expert-named``."""
    may_name(actor, case).require()
    if expert.ended_at is not None:
        raise TiduError("expert-ended", f"{expert.name}已经停用，不能再参加评审。请另选专家。")
    if refused := own_side(expert, case.enterprise, legal_day(at)):
        raise TiduError("expert-own", refused)
    if PanelMember.objects.filter(panel__case=case, expert=expert).exists():
        raise TiduError("expert-named", f"{expert.name}已经在这个办件的评审组里。")
    with transaction.atomic():
        touch(case)
        rules = item_rules(case.award).experts
        panel, _ = Panel.objects.get_or_create(case=case, defaults={"sheet": rules.stored() if rules else {}, "formed_at": at})
        number = (panel.members.aggregate(last=Max("number"))["last"] or 0) + 1
        made = PanelMember.objects.create(panel=panel, expert=expert, number=number, named_at=at, named_by=actor.name)
        note(actor, at, case, "panel.named", made, f"确定{seat_label(number)}", {})
    return made


def may_declare(actor: Actor, member: PanelMember) -> Decision:
    """Before any score; a conflict once declared stands, and who scored declares one only after the score was voided."""
    allowed = may_handle_panel(actor, member.panel.case)
    if not allowed:
        return allowed
    if member.declared == Declaration.CONFLICT:
        return no(f"{member.expert.name}已声明回避，不能改动。请另选专家。", "conflict-stands")
    if ExpertScore.objects.standing().filter(member=member).exists():
        return no(f"{member.expert.name}已经评分。发现须回避的，请先作废评分。", "score-given")
    return YES


def declare(*, actor: Actor, at: datetime, member: PanelMember, declared: str, reason: str) -> PanelMember:
    """Record what an expert declares, none or a conflict with its reason. Raises ``declaration-missing``, ``reason-missing``."""
    may_declare(actor, member).require()
    if declared not in Declaration.values:
        raise TiduError("declaration-missing", "请选择专家声明的是无利害关系还是回避。")
    why = checked_reason(reason, "回避的理由") if declared == Declaration.CONFLICT else ""
    if declared == member.declared:
        raise TiduError("nothing-changed", f"{member.expert.name}已经声明“{member.get_declared_display()}”。")
    with transaction.atomic():
        touch(member.panel.case)
        mine = PanelMember.objects.filter(pk=member.pk, declared=member.declared)
        if not mine.update(declared=declared, reason=why, declared_at=at):
            raise TiduError("declaration-changed", f"{member.expert.name}的声明刚刚被别人登记。请刷新。")
        said = Declaration(declared).label
        told = {"declared": said, "reason": why}
        note(actor, at, member.panel.case, "panel.declared", member, f"{seat_label(member.number)}声明：{said}", told)
    member.refresh_from_db()
    return member


def touch(case: Case) -> None:
    """Count a change of the version that ``case`` is: whoever acts on what was there before (concludes, scores, declares) is told.

    Must run inside the act's transaction, after its guard.
    """
    mine = Case.objects.filter(pk=case.pk, state=CaseState.REVIEWING, version=case.version)
    if not mine.update(version=F("version") + 1):
        raise changed(case.pk)
    case.version += 1


def note(actor: Actor, at: datetime, case: Case, action: str, member: PanelMember, text: str, told: dict[str, object]) -> None:
    """A line of the timeline, which names nobody since departments read it, and an event of the audit, which does."""
    Step.objects.create(
        case=case, at=at, actor_name=actor.name, actor_id_number=actor.user, act="panel", before=case.state, after=case.state, public=False,
        text=text,
    )  # fmt: skip
    record_event(
        actor=actor, at=at, action=action, subject=Subject("case", str(case.pk), str(case)), detail={"expert": str(member.expert), **told}
    )
