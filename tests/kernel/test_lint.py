"""Faulty packs are refused with the file, the line and a sentence that says what to do.

In each text the faulty line carries the mark ``# ←``; the expected line is read off it.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tidu.kernel.errors import Problems
from tidu.kernel.facts import PACKS
from tidu.kernel.reading import load_packs, read_packs

MARK = "# ←"
GROUND = [PACKS / "indicators.yaml", PACKS / "industry_classes.yaml", PACKS / "national" / "size_classes.yaml"]
HEAD = """standard: 试行标准
version: 2026版
reference: {document: 试〔2026〕1号, part: 附件1}
application: [new]
in_force: {from: 2026-01-01, to: null}
confidence: confirmed
checked_on: 2026-11-23
"""
REQUIRES = """requires:
  all:
    - {id: A1, clause: 一（一）, that: 研发费用占比 >= 3%}
"""
SCORED = """requires:
  all:
    - {id: A1, clause: 一（一）, score: 总分, at_least: 3}
scores:
"""


def criterion(text: str) -> str:
    """A standard whose only criterion is ``text``."""
    return f"{HEAD}requires:\n  all:\n    - {text}\n"


def item(*lines: str) -> str:
    """A standard whose only score item has these lines."""
    return HEAD + SCORED + "  - id: S1\n    group: 甲组\n    clause: 二（一）\n" + "".join(f"    {line}\n" for line in lines)


def other(version: str, validity: str, *, before: str = "", body: str = REQUIRES) -> str:
    """A further text of the same standard."""
    head = HEAD.replace("2026版", version).replace("{from: 2026-01-01, to: null}", validity)
    return f"---\n{before}{head}{body}"


GOOD = HEAD + REQUIRES
TABLE = "points: [['>= 5%', 5], ['>= 3%', 3], [else, 0]]"

FAULTS = {
    # the file
    "yaml-syntax": ("yaml-syntax", f"{HEAD}requires: [自主品牌 = 是  {MARK}\n", "请检查缩进、冒号后的空格和括号是否成对"),
    "duplicate key": ("duplicate-key", f"{HEAD}tier: 甲\ntier: 乙  {MARK}\n{REQUIRES}", "“tier”在同一处写了两次。请删去一处。"),
    "not a mapping": ("bad-document", f"- 一句话  {MARK}\n", "请以 standard: 等开头"),
    "unknown kind": ("unknown-kind", f"standart: 试行标准  {MARK}\n", "文档的第一项“standart”无法识别。可用：standard"),
    # the head
    "unknown key": ("unknown-key", f"{HEAD}teir: 甲  {MARK}\n{REQUIRES}", "标准里没有“teir”这一项"),
    "no validity": ("missing-validity", GOOD.replace("in_force: {from: 2026-01-01, to: null}\n", "").replace("试行标准\n", f"试行标准  {MARK}\n"), "缺少生效日期。请写"),
    "validity without beginning": ("missing-validity", GOOD.replace("{from: 2026-01-01, to: null}", f"{{to: 2026-04-01}}  {MARK}"), "缺少生效日期。请写"),
    "validity that ends before it begins": ("bad-validity", GOOD.replace("to: null}", f"to: 2025-01-01}}  {MARK}"), "失效日期 2025-01-01 不晚于生效日期 2026-01-01"),
    "misspelt end of validity": ("unknown-key", GOOD.replace("to: null}", f"until: 2027-01-01}}  {MARK}"), "in_force里没有“until”这一项。可用：from、to。请核对拼写。"),
    "no reference": ("missing-reference", GOOD.replace("reference: {document: 试〔2026〕1号, part: 附件1}\n", "").replace("试行标准\n", f"试行标准  {MARK}\n"), "缺少依据文件。请写"),
    "unknown confidence": ("bad-confidence", GOOD.replace("confidence: confirmed", f"confidence: sure  {MARK}"), "confirmed、one-source、secondary、unconfirmed 之一，读到“sure”"),
    "unknown application": ("bad-application", GOOD.replace("[new]", f"[renew]  {MARK}"), "application 只能是"),
    "no date of check": ("missing-key", GOOD.replace("checked_on: 2026-11-23\n", "").replace("试行标准\n", f"试行标准  {MARK}\n"), "缺少核对日期 checked_on，或者不是日期。请写成"),
    "no version": ("missing-key", GOOD.replace("version: 2026版\n", "").replace("试行标准\n", f"试行标准  {MARK}\n"), "缺少版本 version。请起一个简称"),
    "list for a word": ("bad-text", GOOD.replace("2026版", f"[2026版]  {MARK}"), "“version”应是一段文字"),
    "nothing required": ("missing-key", HEAD.replace("试行标准\n", f"试行标准  {MARK}\n"), "标准缺少“requires”（条件）或“classes”（划型）"),
    # validity across texts
    "overlapping texts": ("overlapping-validity", GOOD + other("2027版", "{from: 2027-01-01, to: null}").replace("试行标准\n", f"试行标准  {MARK}\n"), "请把前一文本的 to 写成 2027-01-01，或改正 application"),
    "hole between texts": (
        "validity-hole",
        GOOD.replace("to: null", "to: 2026-07-01").replace("试行标准\n", f"试行标准  {MARK}\n") + other("2027版", "{from: 2027-01-01, to: null}"),
        "自 2026-07-01 至 2027-01-01 前没有现行文本。请把“2026版”的 to 改为 2027-01-01；确实没有规定的，在这份文本里写 gap: allowed",
    ),
    # ids and citations
    "duplicate id": (
        "duplicate-id",
        f"{HEAD}requires:\n  all:\n    - {{id: A1, clause: 一, that: 研发费用占比 >= 3%}}\n    - {{id: A1, clause: 二, that: 营业收入 >= 1万元}}  {MARK}\n",
        "编号“A1”在“试行标准”里用了两次（另见第 10 行）。请改成不同的编号。",
    ),
    "criterion without clause": ("missing-key", criterion(f"{{id: A1, that: 研发费用占比 >= 3%}}  {MARK}"), "缺少条款 clause，结果无法注明依据。请补上 clause。"),
    "criterion without id": ("missing-key", criterion(f"{{clause: 一, that: 研发费用占比 >= 3%}}  {MARK}"), "缺少编号 id，结果无法注明依据。请补上 id。"),
    "score item without clause": ("missing-key", HEAD + SCORED + f"  - {{id: S1, group: 甲组, of: 研发费用占比, {TABLE}}}  {MARK}\n", "评分项缺少“clause”"),
    # criteria
    "unknown fact": ("unknown-fact", criterion(f"{{id: A1, clause: 一, that: 研发经费 >= 3%}}  {MARK}"), "“研发经费”既不是目录中的指标，也不是已定义的计算指标。请核对名称"),
    "unit mismatch": ("unit-mismatch", criterion(f"{{id: A1, clause: 一, that: 研发费用占比 >= 3万元}}  {MARK}"), "两边单位不同：左边是%，右边是万元。请写成同类单位。"),
    "unknown unit": ("bad-literal", criterion(f"{{id: A1, clause: 一, that: 研发费用 >= 3美元}}  {MARK}"), "的单位“美元”无法识别。可用单位："),
    "no comparison": ("bad-expression", criterion(f"{{id: A1, clause: 一, that: 研发费用}}  {MARK}"), "缺少比较符号"),
    "unknown word": ("unknown-value", criterion(f"{{id: A1, clause: 一, that: 研发机构级别 = 区级}}  {MARK}"), "“研发机构级别”没有取值“区级”。可用取值：国家级、省级、市级、市级以下、无。"),
    "two forms": ("bad-criterion", criterion(f"{{id: A1, clause: 一, that: 研发费用占比 >= 3%, manual: 由人判断}}  {MARK}"), "一个条件只能用一种写法"),
    "unknown key of a criterion": ("unknown-key", criterion(f"{{id: A1, clause: 一, any: [自主品牌 = 是], at_least: 1}}  {MARK}"), "any 条件里没有“at_least”这一项"),
    "count out of range": ("bad-count", criterion(f"{{id: A1, clause: 一, count: [自主品牌 = 是, 产品认证 = 是], at_least: 3}}  {MARK}"), "at_least 应是 1 到 2 的整数，读到“3”"),
    "empty list": ("bad-criterion", criterion(f"{{id: A1, clause: 一, any: []}}  {MARK}"), "“any”下面应是一个不为空的列表"),
    "nothing to judge": ("bad-text", criterion(f"{{id: A1, clause: 一, manual: }}  {MARK}"), "manual 后面应写明请人判断什么"),
    "share above the whole": ("unreachable-bound", criterion(f"{{id: A1, clause: 一, that: 主导产品全国细分市场占有率 >= 101%}}  {MARK}"), "永远不成立：超出了指标的取值范围。请核对数值"),
    "bound below everything": ("idle-bound", criterion(f"{{id: A1, clause: 一, that: 数字化水平 >= 一级}}  {MARK}"), "永远成立：超出了指标的取值范围。请核对数值"),
    "no such level": ("unknown-fact", criterion(f"{{id: A1, clause: 一, that: 数字化水平 >= 五级}}  {MARK}"), "“五级”既不是目录中的指标"),
    # events
    "unknown event": ("unknown-event", criterion(f"{{id: A1, clause: 一, event: 表彰}}  {MARK}"), "事项目录中没有“表彰”。可用：认定、"),
    "unknown field of an event": ("unknown-fact", criterion(f"{{id: A1, clause: 一, event: 科技奖励, where: [等级 = 国家级]}}  {MARK}"), "“等级”既不是目录中的指标"),
    "period that is no number of years": ("bad-criterion", criterion(f"{{id: A1, clause: 一, event: 科技奖励, within: 36个月}}  {MARK}"), "within 应写成“3年”"),
    "expiry of what does not expire": ("unknown-field", criterion(f"{{id: A1, clause: 一, event: 科技奖励, valid: true}}  {MARK}"), "事项“科技奖励”没有“有效期至”，不能用 valid。请删去 valid。"),
    "none and at least": ("bad-criterion", criterion(f"{{id: A1, clause: 一, event: 科技奖励, none: true, at_least: 2}}  {MARK}"), "none（不得有）与 at_least（至少几项）不能同时写。请删去一项。"),
    # scores
    "unknown score group": ("unknown-score", item("of: 研发费用占比", TABLE).replace("score: 总分, at_least: 3}", f"score: 乙组, at_least: 3}}  {MARK}"), "没有名为“乙组”的评分组。可用：总分、甲组。"),
    "mark out of reach": ("unreachable-score", item("of: 研发费用占比", TABLE).replace("at_least: 3}", f"at_least: 6}}  {MARK}"), "“总分”满分只有 5 分，永远达不到 6 分。请核对评分表或最低分。"),
    "mark that everyone reaches": ("idle-score", item("of: 研发费用占比", TABLE).replace("at_least: 3}", f"at_least: 0}}  {MARK}"), "“不低于 0 分”永远成立。请核对最低分。"),
    "scores nobody asks for": (
        "unused-scores",
        GOOD + f"scores:  {MARK}\n  - {{id: S1, group: 甲组, clause: 二, of: 研发费用占比, {TABLE}}}\n",
        "有评分表，但没有一条条件用到分数。请加上 score: 总分 与 at_least，或删去 scores。",
    ),
    "table with a hole": ("table-hole", item("of: 研发费用占比", f"points: [['>= 5%', 5], ['>= 3%', 3]]  {MARK}"), "评分表没有 else 行：不落在任何一档的企业无法给分。请在最后加 [else, 0]。"),
    "bracket never reached": ("unreachable-row", item("of: 研发费用占比", f"points: [['>= 3%', 5], ['>= 5%', 3], [else, 0]]  {MARK}"), "永远到不了。越大越好的表请从大到小排。"),
    "bracket written twice": ("unreachable-row", item("of: 资产负债率", f"points: [['<= 50%', 5], ['<= 50%', 3], [else, 0]]  {MARK}"), "永远到不了。越小越好的表请从小到大排。"),
    "mixed directions": ("mixed-table", item("of: 资产负债率", f"points: [['<= 50%', 5], ['>= 60%', 3], [else, 0]]  {MARK}"), "请统一方向：越大越好用 >=，越小越好用 <=。"),
    "worse bracket, more points": ("points-order", item("of: 研发费用占比", f"points: [['>= 5%', 3], ['>= 3%', 5], [else, 0]]  {MARK}"), "评分表里较差的一档给 5 分，比上面一档的 3 分还多。请核对分值"),
    "bracket outside the domain": ("unreachable-bound", item("of: 主导产品全国细分市场占有率", f"points: [['>= 200%', 5], ['>= 30%', 3], [else, 0]]  {MARK}"), "“主导产品全国细分市场占有率 >= 200%”永远不成立"),
    "rows behind else": ("unreachable-row", item(f"choose: [[else, 0], [自主品牌 = 是, 5], [else, 0]]  {MARK}"), "else 之后的各行永远到不了。请把 else 放在最后一行。"),
    "fractional points": ("bad-points", item("of: 研发费用占比", f"points: [['>= 5%', 4.5], [else, 0]]  {MARK}"), "分值应是不小于 0 的整数，读到“4.5”"),
    "range upside down": ("bad-points", item("manual: 由专家判断", f"range: [8, 0]  {MARK}"), "range 应是 [最低, 最高] 两个整数"),
    "two ways to give points": ("bad-item", HEAD + SCORED + f"  - {{id: S1, group: 甲组, clause: 二, of: 研发费用占比, {TABLE}, manual: 由专家判断}}  {MARK}\n", "评分项只能用一种给分写法"),
    # overlays
    "overlay of nothing": ("unknown-base", other("增补版", "{from: 2026-01-01, to: null}", body=f"extends: {{version: 2020版}}  {MARK}\n{REQUIRES}").removeprefix("---\n"), "找不到要补充的文本“试行标准”2020版。请核对 version。"),
    "overlay of an unknown id": (
        "unknown-id",
        GOOD.replace("to: null", "to: 2027-01-01")
        + other("2027版", "{from: 2027-01-01, to: null}", body="extends: {version: 2026版}\ndrop: [A9]\n").replace("试行标准\n", f"试行标准  {MARK}\n"),
        "补充规定要改的条目“A9”在原文本中不存在。请核对 id。",
    ),
    # indicators, mappings, classes
    "indicator of nothing": ("unknown-fact", f"indicator: 新指标\nunit: '%'\nformula: 研发经费 / 营业收入  {MARK}\n", "计算指标“新指标”：“研发经费”既不是目录中的指标"),
    "indicator of itself": ("indicator-cycle", f"indicator: 新指标\nunit: '%'\nformula: 新指标 / 营业收入  {MARK}\n", "公式绕回了它自己。请改正公式"),
    "indicator in another unit": ("unit-mismatch", f"indicator: 新指标\nunit: 万元\nformula: 研发费用 / 营业收入  {MARK}\n", "的单位“万元”与公式的结果不符"),
    "industry code without its zero": ("bad-prefix", f"mapping: 行业门类\nof: 国民经济行业代码\nrows:\n  - {{value: 采矿业, prefixes: [06, '07']}}  {MARK}\n", "数字加引号"),
    "classes of an unknown standard": ("unknown-class", criterion(f"{{id: A1, clause: 一, class: 企业划型, in: [小型, 微型]}}  {MARK}"), "没有名为“企业划型”的划型标准。请先写出该划型文档。"),
    "classes with a gap": ("unknown-value", criterion(f"{{id: A1, clause: 一, class: 中小企业划型, in: [中型, 微型]}}  {MARK}"), "in 应从某一类起列到最低一类，例如 [中型、小型、微型]"),
    "class of an unknown industry": (
        "unknown-value",
        f"{HEAD}classes:\n  order: [大型]\n  rest: 小型\n  rows:\n    - {{id: H1, clause: 一, industry: 渔业, 大型: [营业收入 >= 1亿元]}}  {MARK}\n",
        "对照表“划型行业”里没有行业“渔业”。可用：",
    ),
    "class below its lower neighbour": (
        "class-order",
        f"{HEAD}classes:\n  order: [大型, 中型]\n  rest: 小型\n  rows:\n    - {{id: H1, clause: 一, industry: 工业, 大型: [营业收入 >= 1亿元], 中型: [营业收入 >= 2亿元]}}  {MARK}\n",
        "“营业收入”在“大型”的下限低于“中型”",
    ),
}  # fmt: skip


def problems_of(file: Path) -> list[tuple[str, str, int, str]]:
    with pytest.raises(Problems) as caught:
        read_packs([*GROUND, file], base=None)
    assert caught.value.code == "faulty-packs"
    return [(problem.code, problem.data["path"], problem.data["line"], problem.data["sentence"]) for problem in caught.value.problems]


@pytest.mark.parametrize("kind", FAULTS)
def test_faulty_pack_is_refused_with_file_line_and_advice(kind: str, tmp_path: Path) -> None:
    code, text, advice = FAULTS[kind]
    file = tmp_path / "faulty.yaml"
    file.write_text(text, encoding="utf-8")
    lines = [number for number, line in enumerate(text.splitlines(), 1) if MARK in line]

    found = problems_of(file)

    assert [(code, "faulty.yaml", line) for line in lines] == [problem[:3] for problem in found]
    assert advice in found[0][3]


def test_good_pack_is_read(tmp_path: Path) -> None:
    file = tmp_path / "good.yaml"
    file.write_text(
        GOOD + other("2025版", "{from: 2024-01-01, to: 2025-01-01}").replace("试行标准\n", "试行标准\ngap: allowed\n"), encoding="utf-8"
    )

    packs = read_packs([*GROUND, file], base=None)

    assert [standard.version for standard in packs.versions("试行标准")] == ["2025版", "2026版"]


def test_message_starts_with_file_and_line_and_ends_with_a_sentence(tmp_path: Path) -> None:
    file = tmp_path / "faulty.yaml"
    file.write_text(HEAD + SCORED + "  - {id: S1, group: 甲组, clause: 二, of: 研发费用占比, points: [['>= 5%', 5]]}\n", encoding="utf-8")

    with pytest.raises(Problems) as caught:
        read_packs([*GROUND, file], base=None)

    assert str(caught.value) == "faulty.yaml:12 评分表没有 else 行：不落在任何一档的企业无法给分。请在最后加 [else, 0]。"


def test_all_faults_of_all_files_are_told_at_once(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(criterion("{id: A1, clause: 一, that: 研发经费 >= 3%}").replace("confirmed", "sure"), encoding="utf-8")
    (tmp_path / "b.yaml").write_bytes("standard: 试行标准".encode("gb18030"))

    found = [problem[:3] for problem in problems_of(tmp_path)]

    assert found == [("bad-confidence", "a.yaml", 6), ("unknown-fact", "a.yaml", 10), ("bad-encoding", "b.yaml", 1)]


def test_fault_of_what_an_overlay_takes_over_is_told_once_where_it_stands(tmp_path: Path) -> None:
    faulty = GOOD.replace("研发费用占比 >= 3%", "研发经费 >= 3%").replace("to: null", "to: 2027-01-01")
    file = tmp_path / "faulty.yaml"
    file.write_text(faulty + other("2027版", "{from: 2027-01-01, to: null}", body="extends: {version: 2026版}\n"), encoding="utf-8")

    assert [problem[:3] for problem in problems_of(file)] == [("unknown-fact", "faulty.yaml", 10)]


def test_shipped_packs_have_no_fault() -> None:
    assert len(load_packs().standards) >= 20
