"""Valid forms of administration."""

from __future__ import annotations

from axes.models import AccessAttempt
from django.utils import timezone

from tests.apps.people import District, stranger
from tests.sites.office.administration_objects import (
    announcement_object,
    calendar_object,
    dictionary_object,
    item_object,
    proposal,
    reset_object,
    with_dictionaries,
)
from tests.sites.office.forms import Sent, form
from tidu.apps.accounts.enums import Role
from tidu.apps.accounts.models import Post

SYSTEM, SECURITY, AUDIT = Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN


@form("unit-new")
def unit_new(district: District) -> Sent:
    data = {"parent": district.units["district"].pk, "name": "第三街道", "short_name": "三街", "kind": "subdistrict", "code": "three"}
    return Sent(SYSTEM, data)


@form("unit-rename")
def unit_rename(district: District) -> Sent:
    return Sent(SYSTEM, {"name": "第一街道办事处", "short_name": "一街"}, [district.units["one"].pk])


@form("unit-move")
def unit_move(district: District) -> Sent:
    return Sent(SYSTEM, {"parent": district.units["bureau"].pk}, [district.units["provider"].pk])


@form("unit-switch")
def unit_switch(district: District) -> Sent:
    with_dictionaries()
    Post.objects.filter(unit=district.units["provider"]).delete()
    return Sent(SYSTEM, {"reason": "merged"}, [district.units["provider"].pk])


@form("user-new")
def user_new(district: District) -> Sent:
    return Sent(SYSTEM, {"name": "新人", "username": "xinren", "email": ""})


@form("user-describe")
def user_describe(district: District) -> Sent:
    return Sent(SYSTEM, {"name": "改名", "email": "a@example.com"}, [stranger().pk])


@form("user-switch")
def user_switch(district: District) -> Sent:
    with_dictionaries()
    return Sent(SYSTEM, {"reason": "left"}, [district.people[Role.BUREAU_CLERK].pk])


@form("user-unlock")
def user_unlock(district: District) -> Sent:
    AccessAttempt.objects.create(username="stranger", ip_address="127.0.0.1", failures_since_start=5, attempt_time=timezone.now())
    return Sent(SYSTEM, {}, [stranger().pk], changes=False)


@form("user-reset")
def user_reset(district: District) -> Sent:
    with_dictionaries()
    return Sent(SYSTEM, {"reason": "forgotten"}, [district.people[Role.BUREAU_CLERK].pk])


@form("post-propose")
def post_propose(district: District) -> Sent:
    return Sent(SYSTEM, {"role": "department-clerk", "unit": "tax", "reason": "税务局来函"}, [stranger().pk])


@form("post-review")
def post_review(district: District) -> Sent:
    return Sent(SECURITY, {"grant": "1"}, [proposal(district, stranger()).pk])


@form("proposal-withdraw")
def proposal_withdraw(district: District) -> Sent:
    return Sent(SYSTEM, {}, [proposal(district, stranger()).pk])


@form("reset-review")
def reset_review(district: District) -> Sent:
    return Sent(SECURITY, {"grant": "1"}, reset_object(district, SECURITY, own=True))


@form("post-end")
def post_end(district: District) -> Sent:
    with_dictionaries()
    post = Post.objects.get(user=district.people[Role.BUREAU_CLERK])
    return Sent(SECURITY, {"until": str(timezone.localdate()), "reason": "moved"}, [post.pk])


@form("dictionaries-install")
def dictionaries_install(district: District) -> Sent:
    return Sent(SYSTEM)


@form("dictionary")
def dictionary(district: District) -> Sent:
    return Sent(SYSTEM, {"code": "blue", "text": "蓝", "order": "10"}, dictionary_object(district, SYSTEM, own=True))


@form("dictionary-item")
def dictionary_item(district: District) -> Sent:
    return Sent(SYSTEM, {"text": "大红", "order": "20"}, item_object(district, SYSTEM, own=True))


@form("dictionary-item-switch")
def dictionary_item_switch(district: District) -> Sent:
    return Sent(SYSTEM, {}, item_object(district, SYSTEM, own=True))


@form("dictionary-item-delete")
def dictionary_item_delete(district: District) -> Sent:
    return Sent(SYSTEM, {}, item_object(district, SYSTEM, own=True))


@form("parameter")
def parameter(district: District) -> Sent:
    return Sent(SECURITY, {"value": "20", "version": "0"}, ["login.idle-minutes"])


@form("text")
def text(district: District) -> Sent:
    return Sent(SYSTEM, {"body": "{用户名}：{初始密码}", "version": "0"}, ["account-opened"])


@form("announcement-new")
def announcement_new(district: District) -> Sent:
    return Sent(SYSTEM, {"title": "停机", "body": "今晚停机。", "audience": "officials", "since": "2026-11-23", "until": ""})


@form("announcement-withdraw")
def announcement_withdraw(district: District) -> Sent:
    return Sent(SYSTEM, {}, announcement_object(district, SYSTEM, own=True))


@form("workdays-enter")
def workdays_enter(district: District) -> Sent:
    data = {"year": "2090", "citation": "国办发明电〔2089〕1号", "days": "2090-01-02,休息,元旦\n2090-01-07,上班,调休"}
    return Sent(SYSTEM, data)


@form("workdays-review")
def workdays_review(district: District) -> Sent:
    return Sent(SECURITY, {"grant": "1"}, calendar_object(district, SECURITY, own=True))


@form("audit-verify-ask")
def audit_verify_ask(district: District) -> Sent:
    return Sent(AUDIT)


@form("audit-export")
def audit_export(district: District) -> Sent:
    return Sent(AUDIT, {"since": "2024-01-01", "until": ""}, changes=False)
