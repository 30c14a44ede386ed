"""Valid forms of notices and objections."""

from __future__ import annotations

from tests.apps.people import District
from tests.sites.office.forms import Sent, form
from tests.sites.office.money_objects import made_notice, made_objection, notice_batch_object
from tidu.apps.accounts.enums import Role
from tidu.apps.fulfilment.enums import NoticeState
from tidu.apps.fulfilment.models import Case

WORDS = {"title": "另一个标题公示", "body": "另一段正文。", "contact": "测试区科经局"}


@form("notice-draft")
def notice_draft(district: District) -> Sent:
    return Sent(Role.BUREAU_CLERK, WORDS, notice_batch_object(district, Role.BUREAU_CLERK, True))


@form("notice-edit")
def notice_edit(district: District) -> Sent:
    notice = made_notice(district, NoticeState.DRAFT)
    return Sent(Role.BUREAU_CLERK, {**WORDS, "version": notice.version}, [notice.pk])


@form("notice-publish")
def notice_publish(district: District) -> Sent:
    notice = made_notice(district, NoticeState.DRAFT)
    return Sent(Role.BUREAU_HEAD, {"version": notice.version}, [notice.pk])


@form("notice-drop")
def notice_drop(district: District) -> Sent:
    notice = made_notice(district, NoticeState.DRAFT)
    return Sent(Role.BUREAU_CLERK, {"version": notice.version, "reason": "名单有误"}, [notice.pk])


@form("notice-close")
def notice_close(district: District) -> Sent:
    notice = made_notice(district, NoticeState.CLOSED)
    type(notice).objects.update(state=NoticeState.PUBLISHED)
    return Sent(Role.BUREAU_CLERK, {}, [notice.pk])


@form("objection-new")
def objection_new(district: District) -> Sent:
    notice = made_notice(district, NoticeState.PUBLISHED)
    return Sent(Role.BUREAU_CLERK, {"text": "金额有误", "who": "王某"}, [notice.pk, Case.objects.get().pk])


@form("objection")
def objection(district: District) -> Sent:
    return Sent(Role.BUREAU_HEAD, {"verdict": "dismissed", "answer": "经核无误"}, [made_objection(district).pk])


@form("objection-who")
def objection_who(district: District) -> Sent:
    return Sent(Role.BUREAU_HEAD, {"reason": "向提出人核实"}, [made_objection(district).pk], changes=False)
