"""Valid forms of the registry: upkeep, merges, reviews, data quality, requests for facts, tags and views."""

from __future__ import annotations

from tests.apps import cases
from tests.apps.people import District
from tests.sites.office.forms import Sent, form
from tests.sites.office.objects_registry import finding_of, merge_of, pair_of, request_of
from tidu.apps.accounts.enums import Role
from tidu.apps.registry.models import SavedView


@form("firm-new")
def firm_new(district: District) -> Sent:
    return Sent(Role.BUREAU_CLERK, {"code": "91110000600037341L", "name": "武汉新来机械有限公司", "street": "one"})


@form("firm-upkeep")
def firm_upkeep(district: District) -> Sent:
    return Sent(Role.BUREAU_CLERK, {"do": "rename", "name": "武汉甲智能制造有限公司", "version": district.jia.version}, [district.jia.code])


@form("firm-tag")
def firm_tag(district: District) -> Sent:
    return Sent(Role.SUBDISTRICT_CLERK, {"tag": "重点走访"}, [district.jia.code])


@form("view-save")
def view_save(district: District) -> Sent:
    return Sent(Role.SUBDISTRICT_CLERK, {"name": "我的企业", "query": "q=1&page=2"})


@form("view-drop")
def view_drop(district: District) -> Sent:
    view = SavedView.objects.create(user=district.people[Role.BUREAU_CLERK], page="firms", name="视图", query="q=1")
    return Sent(Role.BUREAU_CLERK, {}, [view.pk])


@form("merge-new")
def merge_new(district: District) -> Sent:
    return Sent(Role.BUREAU_CLERK, {"kept": district.jia.code, "gone": district.yi.code, "reason": "重复登记"})


@form("merge")
def merge(district: District) -> Sent:
    made = merge_of(district)
    return Sent(Role.BUREAU_CLERK, {"do": "confirm", "version": made.version}, [made.pk])


@form("review-correction")
def review_correction(district: District) -> Sent:
    cases.sources(district)
    made = cases.correction(district.jia, district.units["tax"])
    return Sent(Role.DEPARTMENT_CLERK, {"move": "accept", "version": made.version}, [made.pk])


@form("review-filing")
def review_filing(district: District) -> Sent:
    cases.sources(district)
    made = cases.filing(district.jia, district.units["bureau"])
    return Sent(Role.BUREAU_CLERK, {"move": "return", "version": made.version, "reason": "请补充审计报告"}, [made.pk])


@form("quality-check")
def quality_check(district: District) -> Sent:
    return Sent(Role.BUREAU_CLERK)


@form("quality-finding")
def quality_finding(district: District) -> Sent:
    cases.sources(district)
    return Sent(Role.BUREAU_CLERK, {"to": str(district.units["tax"].pk), "why": "判断标准"}, [finding_of(district).pk])


@form("quality-dismiss")
def quality_dismiss(district: District) -> Sent:
    return Sent(Role.BUREAU_CLERK, {}, [pair_of(district).pk])


@form("fact-request")
def fact_request(district: District) -> Sent:
    made = request_of(district, district.units["tax"])
    return Sent(Role.BUREAU_CLERK, {"reason": "已收齐", "version": made.version}, [made.pk])
