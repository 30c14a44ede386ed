"""A list of recommendations as the form that goes up; only what was frozen, nothing worked out anew."""

from __future__ import annotations

from collections.abc import Sequence

from tidu.apps.assessments.domain.tables import AFTER, BEFORE, indicators_of
from tidu.apps.assessments.models import Recommendation, RecommendationList
from tidu.exchange.recommendation_form import Form


def form_of(found: RecommendationList, rows: Sequence[Recommendation]) -> Form:
    """The form of a list with the given rows."""
    titles = [str(title) for title, _ in rows[0].facts["figures"]] if rows else [one.title for one in indicators_of(found.standard.name)]
    columns = ["序号", *BEFORE, *titles, *AFTER]
    cells = [_cells(number, row, titles) for number, row in enumerate(rows, start=1)]
    first = 1 + len(BEFORE)
    figures = {0, first + len(titles), *(first + place for place, title in enumerate(titles) if title.endswith(("）", "排名")))}
    unit = next((str(row.facts["unit"]) for row in rows if row.facts["unit"]), "")
    ground = f"依据第 {found.run.number} 次全员评估，规则摘要 {found.run.pack_digest[:16]}"
    foot = (
        f"推荐单位（盖章）：{unit}",
        "填报人（签字）：　　　　　　　　负责人（签字）：　　　　　　　　联系电话：　　　　　　　　填报日期：　　　　年　　月　　日",
        f"说明：共 {len(rows)} 家。数据为{found.run.facts_as_of.year - 1}年度，截至{found.run.facts_as_of.isoformat()}；{ground}。空白栏由推荐单位填写。",
    )
    line = f"标准：{found.standard.name}（{found.version}）　　年度：{found.year}　　金额单位见各列"
    return Form(found.title, line, columns, cells, frozenset(figures), foot)


def _cells(number: int, row: Recommendation, titles: Sequence[str]) -> list[str]:
    told = {str(title): str(text) for title, text in row.facts["figures"]}
    after = [str(row.facts["score"]), row.judgement, row.reason, str(row.facts["unit"]), "", "", ""]
    return [str(number), *(str(text) for text in row.facts["before"]), *(told.get(title, "") for title in titles), *after]
