"""Valid forms of 专家评审."""

from __future__ import annotations

from django.core.files.uploadedfile import SimpleUploadedFile

from tests.apps.materials.files import png
from tests.apps.people import District
from tests.sites.office.expert_objects import expert_object, expert_of, score_object, seat_of
from tests.sites.office.forms import Sent, form
from tidu.apps.accounts.enums import Role

CLERK = Role.BUREAU_CLERK


@form("expert-new")
def expert_new(district: District) -> Sent:
    return Sent(CLERK, {"name": "评审人", "institution": "某某大学", "field": "激光装备"})


@form("expert-end")
def expert_end(district: District) -> Sent:
    return Sent(CLERK, {"reason": "退休"}, expert_object(district, CLERK, True))


@form("case-panel")
def case_panel(district: District) -> Sent:
    return Sent(CLERK, {"expert": str(expert_of(False).pk)}, [seat_of(district, True).panel.case_id])


@form("panel-declare")
def panel_declare(district: District) -> Sent:
    return Sent(CLERK, {"declared": "conflict", "reason": "参与过该项目"}, [seat_of(district, True, "").pk])


@form("panel-score")
def panel_score(district: District) -> Sent:
    scan = SimpleUploadedFile("评分表.png", png(), "image/png")
    return Sent(CLERK, {"points-1": "50", "points-2": "30", "file": scan}, [seat_of(district, True).pk])


@form("expert-score-void")
def score_void(district: District) -> Sent:
    return Sent(CLERK, {"reason": "抄录有误"}, score_object(district, CLERK, True))
