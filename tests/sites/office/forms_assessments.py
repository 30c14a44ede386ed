"""Valid forms of 评估认定."""

from __future__ import annotations

from tests.apps.assessments.districts import assess_all, with_firms
from tests.apps.people import District
from tests.sites.office.assessment_objects import recommendation_object
from tests.sites.office.forms import Sent, form
from tidu.apps.accounts.enums import Role
from tidu.apps.assessments.models import Standing

STANDARD = "创新型中小企业"


@form("assess-everyone")
def everyone(district: District) -> Sent:
    return Sent(Role.BUREAU_CLERK, {"law_date": "2024-06-01", "facts_as_of": "2024-06-01"})


@form("recommend")
def recommend(district: District) -> Sent:
    with_firms(district)
    assess_all()
    open_ones = Standing.objects.filter(standard__name=STANDARD, outcome__verdict="met", outcome__held="")
    return Sent(Role.BUREAU_CLERK, {"standard": STANDARD, "firm": list(open_ones.values_list("enterprise_id", flat=True)[:2])})


@form("recommendation-withdraw")
def withdraw(district: District) -> Sent:
    return Sent(Role.BUREAU_HEAD, {"reason": "企业书面放弃"}, recommendation_object(district, Role.BUREAU_HEAD, True))
