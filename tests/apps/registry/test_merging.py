"""Merging two firms: what moves, who confirms, what stands in the way, and taking it back exactly."""

from __future__ import annotations

from typing import Any

import pytest
from django.apps import apps

from tests.apps import cases
from tests.apps.people import AT, District, small_district
from tidu.apps.accounts.decisions import NotAllowed
from tidu.apps.accounts.enums import Role
from tidu.apps.accounts.models import Post
from tidu.apps.audit.domain.chain import verify_chain
from tidu.apps.audit.models import AuditEvent
from tidu.apps.corrections.enums import CaseState
from tidu.apps.enterprises.enums import NameKind
from tidu.apps.enterprises.models import DataSheet, Enterprise, Event, FactsInForce
from tidu.apps.registry.domain.hanging import hanging, named, relations
from tidu.apps.registry.domain.merging import confirm_merge, may_merge, may_unmerge, preview, propose_merge, refuse_merge, unmerge
from tidu.apps.registry.enums import MergeState
from tidu.apps.registry.models import Merge
from tidu.apps.registry.queries import codes_behind, firm_behind
from tidu.kernel.errors import TiduError

pytestmark = pytest.mark.django_db


@pytest.fixture
def district() -> District:
    made = small_district()
    source = cases.sources(made)
    cases.told(made.jia, source["税务"], {cases.REVENUE: 100_000_000})
    cases.told(made.yi, source["税务"], {"上缴税金": 5_000_000})
    for firm, mark in ((made.jia, "a"), (made.yi, "a"), (made.yi, "b")):
        Event.objects.create(enterprise=firm, type="荣誉", fields={"名称": mark}, mark=mark, source=source["自报"], received_at=AT)
    Post.objects.create(user=made.people[Role.FIRM_FINANCE], role=Role.FIRM_FINANCE, enterprise=made.yi)
    return made


def proposed(district: District) -> Merge:
    return propose_merge(actor=district.actor(Role.BUREAU_HEAD), at=AT, kept=district.jia, gone=district.yi, reason="重复登记")


def merged(district: District) -> Merge:
    merge = proposed(district)
    confirm_merge(actor=district.actor(Role.BUREAU_CLERK), at=AT, merge=merge, version=merge.version)
    return merge


def whole_state() -> dict[str, list[tuple[Any, ...]]]:
    """All rows that hang on firms and the firms, but for what is recorded of the merge itself and version numbers."""
    found = {one.key: sorted(map(repr, one.table._default_manager.values_list("pk", one.field))) for one in hanging() if one.how != "made"}
    found["firms"] = sorted(map(repr, Enterprise.objects.values_list("pk", "code", "name", "merged_into")))
    facts = FactsInForce.objects.values_list("enterprise", "level", "period", "values", "origins", "conflicts")
    found["facts"] = sorted(map(repr, facts))
    return {key: rows for key, rows in found.items() if not key.startswith("registry.Merge")}


def test_every_table_that_points_at_a_firm_is_named() -> None:
    missing = [key for key, _, _ in relations() if key not in named()]
    assert missing == [], "name the table in a module `hanging` of its app: src/tidu/apps/registry/domain/hanging.py says how"


def test_every_name_in_the_list_is_a_table() -> None:
    assert [one.key for one in hanging() if one.model not in {model._meta.label for model in apps.get_models()}] == []


def test_the_preview_says_what_the_merge_then_moves(district: District) -> None:
    told = {line.title: line.moves for line in preview(district.jia, district.yi)}
    merge = merged(district)
    assert (told["数据表"], told["事项"], told["企业人员"]) == (1, 1, 0)
    assert {key: len(rows) for key, rows in merge.moved.items()} == {
        "names": 1, "enterprises.DataSheet.enterprise": 1, "enterprises.Event.enterprise": 1,
    }  # fmt: skip


def test_after_a_merge_the_facts_of_both_hold_for_the_one_that_is_kept(district: District) -> None:
    merged(district)
    facts = FactsInForce.objects.get(enterprise=district.jia)
    assert (facts.values, FactsInForce.objects.filter(enterprise=district.yi).exists()) == (
        {cases.REVENUE: 100_000_000, "上缴税金": 5_000_000}, False,
    )  # fmt: skip
    aliases = list(district.jia.names.filter(kind=NameKind.ALIAS).values_list("name", flat=True))
    assert (aliases, firm_behind(district.yi.code), codes_behind()) == (
        ["武汉乙软件有限公司"], district.jia, {district.yi.code: district.jia.pk},
    )  # fmt: skip


def test_a_merge_is_in_the_audit_of_both(district: District) -> None:
    merged(district)
    told = sorted(AuditEvent.objects.filter(action="firm.merged").values_list("subject_id", flat=True))
    assert (told, verify_chain()[1]) == ([district.jia.code, district.yi.code], [])


def test_who_proposes_cannot_confirm(district: District) -> None:
    merge = proposed(district)
    with pytest.raises(NotAllowed, match="另一个人复核"):
        confirm_merge(actor=district.actor(Role.BUREAU_HEAD), at=AT, merge=merge, version=merge.version)
    assert Enterprise.objects.get(pk=district.yi.pk).merged_into_id is None


@pytest.mark.parametrize("role", [Role.DEPARTMENT_CLERK, Role.SUBDISTRICT_CLERK, Role.AUDITOR, Role.FIRM_LEGAL])
def test_nobody_else_merges(district: District, role: Role) -> None:
    assert may_merge(district.jia, district.yi, district.actor(role)).allowed is False


def test_nothing_is_merged_across_open_cases(district: District) -> None:
    case = cases.correction(district.yi, district.units["tax"])
    with pytest.raises(NotAllowed, match="营业收入更正。办完以后才能合并"):
        proposed(district)
    case.state = CaseState.WITHDRAWN
    case.save()
    assert proposed(district).state == MergeState.PROPOSED


def test_a_firm_is_proposed_once_and_a_refusal_needs_a_reason(district: District) -> None:
    merge = proposed(district)
    with pytest.raises(TiduError, match="牵头局负责人某已提出"):
        proposed(district)
    with pytest.raises(TiduError, match="请写明理由"):
        refuse_merge(actor=district.actor(Role.BUREAU_CLERK), at=AT, merge=merge, version=merge.version, reason=" ")
    refuse_merge(actor=district.actor(Role.BUREAU_CLERK), at=AT, merge=merge, version=merge.version, reason="不是一家")
    assert (Merge.objects.get().state, Enterprise.objects.in_registry().count()) == (MergeState.REFUSED, 2)


def test_the_second_of_two_who_confirm_reads_who_was_first(district: District) -> None:
    merge = proposed(district)
    stale = Merge.objects.get(pk=merge.pk)
    confirm_merge(actor=district.actor(Role.BUREAU_CLERK), at=AT, merge=merge, version=merge.version)
    with pytest.raises(TiduError, match=r"已经并入别的企业|牵头局经办某已于"):
        confirm_merge(actor=district.actor(Role.BUREAU_CLERK), at=AT, merge=stale, version=stale.version)


def test_a_merge_taken_back_leaves_everything_as_it_was(district: District) -> None:
    before = whole_state()
    merge = merged(district)
    assert whole_state() != before
    unmerge(actor=district.actor(Role.BUREAU_HEAD), at=AT, merge=merge, version=merge.version, reason="弄错了")
    assert (whole_state(), Merge.objects.get().state) == (before, MergeState.UNDONE)


def test_what_came_after_the_merge_stays_with_the_kept_firm_when_it_is_taken_back(district: District) -> None:
    merge = merged(district)
    later = cases.told(district.jia, cases.sources(district)["税务"], {cases.REVENUE: 120_000_000})
    unmerge(actor=district.actor(Role.BUREAU_HEAD), at=AT, merge=merge, version=merge.version, reason="弄错了")
    assert DataSheet.objects.get(pk=later.pk).enterprise == district.jia


def test_a_merge_is_not_taken_back_where_that_would_not_be_exact(district: District) -> None:
    merge = merged(district)
    Event.objects.filter(mark="b").delete()
    assert may_unmerge(merge, district.actor(Role.BUREAU_HEAD)).reason == "合并后有“事项”被改动或移走，不能原样拆回。请按新情况分别更正。"
