"""Valid forms of the handling of cases."""

from __future__ import annotations

from django.utils import timezone

from tests.apps.materials.ground import handed_in
from tests.apps.people import District
from tests.sites.office.case_objects import deputy_object, opinion_object, phrase_object
from tests.sites.office.forms import Sent, form
from tidu.apps.accounts.enums import Role
from tidu.apps.accounts.models import Post, User
from tidu.apps.fulfilment.models import Case


def _case(district: District) -> Case:
    return handed_in(district.jia, {"联系电话": "027-1"}).case


@form("cases-act")
def cases_act(district: District) -> Sent:
    return Sent(Role.BUREAU_CLERK, {"row": [f"{_case(district).pk}:1"], "act": "conclude"})


@form("case-act")
def case_act(district: District) -> Sent:
    return Sent(Role.BUREAU_HEAD, {"version": "1", "text": "不属于奖励范围"}, [_case(district).pk, "refuse"])


@form("case-correct")
def case_correct(district: District) -> Sent:
    return Sent(Role.BUREAU_CLERK, {"version": "1", "why-1": "号码不全"}, [_case(district).pk])


@form("opinion")
def opinion(district: District) -> Sent:
    return Sent(Role.DEPARTMENT_CLERK, {"verdict": "agree", "reason": "已核"}, opinion_object(district, Role.DEPARTMENT_CLERK, True))


@form("opinion-hasten")
def opinion_hasten(district: District) -> Sent:
    return Sent(Role.BUREAU_CLERK, {}, opinion_object(district, Role.BUREAU_CLERK, True))


@form("deputies")
def deputies(district: District) -> Sent:
    colleague = User.objects.create(username="colleague", name="同事某")
    Post.objects.create(user=colleague, role=Role.BUREAU_CLERK, unit=district.units["bureau"])
    day = timezone.localdate().isoformat()
    return Sent(Role.BUREAU_CLERK, {"deputy": str(colleague.pk), "since": day, "last": day, "reason": "出差"})


@form("deputy-end")
def deputy_end(district: District) -> Sent:
    return Sent(Role.BUREAU_CLERK, {}, deputy_object(district, Role.BUREAU_CLERK, True))


@form("phrases")
def phrases(district: District) -> Sent:
    return Sent(Role.BUREAU_HEAD, {"act": "refuse", "text": "不属于奖励范围。", "whose": "shared"})


@form("phrase-drop")
def phrase_drop(district: District) -> Sent:
    return Sent(Role.BUREAU_CLERK, {}, phrase_object(district, Role.BUREAU_CLERK, True))
