"""What the panels of cases come to, without anybody's name."""

from __future__ import annotations

from collections.abc import Collection

from tidu.apps.fulfilment.domain.score_sheets import Result, Sheet, seat_label
from tidu.apps.fulfilment.models import Case, ExpertScore, Panel
from tidu.apps.materials.models import StoredFile

AT_ONCE = 500


def results_of(cases: Collection[int]) -> dict[int, tuple[Result, list[tuple[str, int]]]]:
    """By case that has a panel: the result, and every standing total under its seat (专家一); two queries for 500 cases."""
    found: dict[int, tuple[Result, list[tuple[str, int]]]] = {}
    wanted = sorted(cases)
    for start in range(0, len(wanted), AT_ONCE):
        part = wanted[start : start + AT_ONCE]
        sheets = dict(Panel.objects.filter(case__in=part).order_by().values_list("case", "sheet"))
        if not sheets:
            continue
        seats: dict[int, list[tuple[str, int]]] = {case: [] for case in sheets}
        scores = ExpertScore.objects.standing().filter(member__panel__case__in=part).order_by("member__number")
        for case, number, total in scores.values_list("member__panel__case", "member__number", "total"):
            seats[case].append((seat_label(number), total))
        for case, sheet in sheets.items():
            found[case] = Result(Sheet.of(sheet), tuple(total for _, total in seats[case])), seats[case]
    return found


def result_of(case: Case) -> Result | None:
    """The result of one case; None where it has no panel."""
    found = results_of([case.pk]).get(case.pk)
    return found[0] if found is not None else None


def result_text(result: Result, seats: Collection[tuple[str, int]]) -> str:
    """The result in one line as the meeting reads it."""
    given = "、".join(f"{label} {total} 分" for label, total in seats)
    if result.mean is None:
        return f"专家评审：未知，已有 {len(result.totals)} 位评分，至少要 {result.sheet.least} 位"
    return f"专家评审：平均 {result.shown}（{given}）"


def use_in_scores(file: StoredFile) -> str:
    """Why a scanned score sheet may not be dropped: a score rests on it, voided or not."""
    if file.unit_id is None:
        return ""
    score = ExpertScore.objects.filter(file=file).select_related("member__panel__case").first()
    return f"“{file.name}”是办件 {score.member.panel.case} 的专家评分表，" if score is not None else ""
