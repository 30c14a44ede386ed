"""A small assessment of four firms with every kind of verdict, for the tests of its report."""

from __future__ import annotations

from typing import Any

ZT = "专精特新中小企业"
IN = "创新型中小企业"
SIZE = "中小企业划型"
UNMET_RATIO = {"id": "ZT2", "clause": "附件2 一（二）", "text": "研发费用占比不低于3%", "actual": 2.6, "needed": 3, "gap": 0.4, "unit": "%"}
UNMET_REVENUE = {
    "id": "ZT3",
    "clause": "附件2 一（三）",
    "text": "营业收入不低于1000万元",
    "actual": 990,
    "needed": 1000,
    "gap": 10,
    "unit": "万元",
}
UNMET_LIST = {"id": "B1", "text": "未列入严重失信主体名单", "actual": True, "needed": False, "gap": None, "unit": ""}
FIRMS: dict[str, dict[str, object]] = {
    "91420114MA4KAAAA01": {
        "企业名称": "武汉楚蔚智能装备有限公司",
        "所属街道": "奓山街",
        "主导产业": "装备制造",
        "国民经济行业代码": "0149",
    },
    "91420114MA4KBBBB02": {
        "企业名称": "武汉汉嵘电子科技有限公司",
        "所属街道": "奓山街",
        "主导产业": "电子信息",
        "国民经济行业代码": "3962",
    },
    "91420114MA4KCCCC03": {"企业名称": "武汉知音湖家居有限公司", "所属街道": "420114007", "主导产业": None, "国民经济行业代码": "2110"},
    "91420114MA4KDDDD04": {},
}
A, B, C, D = FIRMS


def result(firm: str, standard: str, **more: Any) -> dict[str, Any]:
    base = {"firm": firm, "standard": standard, "rule_set": "工信部企业〔2022〕63号 附件2", "confidence": "confirmed", "score": None}
    return base | {"unmet": [], "missing": [], "manual": [], "rulings": []} | more


def score(low: int, high: int) -> dict[str, Any]:
    return {
        "low": low,
        "high": high,
        "pass": 60,
        "groups": {"创新能力": {"low": 30, "high": 30}, "成长性": {"low": low - 30, "high": high - 30}},
    }


def small() -> dict[str, Any]:
    results = [
        result(A, ZT, verdict="met", score=score(75, 80), rulings=["R9=仅省级以上"]),
        result(B, ZT, verdict="unmet", unmet=[UNMET_RATIO], score=score(61, 61)),
        result(C, ZT, verdict="unmet", unmet=[UNMET_REVENUE, UNMET_RATIO], score=score(40, 40)),
        result(D, ZT, verdict="unknown", missing=["负债总额"], score=score(58, 63)),
        result(A, IN, verdict="met", rule_set="工信部企业〔2022〕63号 附件1", confidence="one-source"),
        result(B, IN, verdict="unmet", unmet=[UNMET_REVENUE], confidence="one-source", rule_set="工信部企业〔2022〕63号 附件1"),
        result(
            C, IN, verdict="manual", manual=["技术领域", "创新能力评价"], confidence="one-source", rule_set="工信部企业〔2022〕63号 附件1"
        ),
        result(
            D, IN, verdict="unknown", missing=["负债总额", "研发人员"], confidence="one-source", rule_set="工信部企业〔2022〕63号 附件1"
        ),
        result(A, SIZE, value="小型", rule_set="工信部联企业〔2011〕300号"),
        result(D, SIZE, value=None, missing=["从业人员"], rule_set="工信部联企业〔2011〕300号"),
    ]
    return {"law_date": "2024-06-01", "facts_as_of": "2024-05-31", "packs": {"national": "sha256:ab12"}, "results": results}
