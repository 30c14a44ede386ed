"""Believable results of ``tidu assess`` and ``tidu settle`` for the tests of the reports (all firms are fictional)."""

from __future__ import annotations

import random
from typing import Any

STREETS = ("蔡甸街", "奓山街", "永安街", "侏儒山街", "大集街", "张湾街", "索河街", "玉贤街", "消泗乡")
CHAINS = ("智能家居", "汽车及零部件", "电子信息", "装备制造", "其他")
CODES = ("3670", "3962", "2110", "C35", "6513", "0149")
TEXTS = {
    "科技型中小企业": ("国科发政〔2017〕115号", "confirmed"),
    "高新技术企业": ("国科发火〔2016〕32号", "confirmed"),
    "创新型中小企业": ("工信部企业〔2022〕63号 附件1", "confirmed"),
    "专精特新中小企业": ("工信部企业〔2022〕63号 附件2", "confirmed"),
    "专精特新小巨人": ("工信部企业〔2022〕63号 附件3", "confirmed"),
    "制造业单项冠军": ("工信部政法〔2023〕138号", "one-source"),
    "规模以上工业企业": ("国家统计局 规模以上工业统计范围", "unconfirmed"),
}
REASONS: tuple[dict[str, Any], ...] = (
    {
        "id": "ZT2",
        "clause": "附件2 一（二）",
        "text": "上年度研发费用占营业收入的比例不低于3%",
        "actual": 2.6,
        "needed": 3,
        "gap": 0.4,
        "unit": "%",
    },
    {
        "id": "ZT3",
        "clause": "附件2 一（三）",
        "text": "上年度营业收入不低于1000万元",
        "actual": 880.5,
        "needed": 1000,
        "gap": 119.5,
        "unit": "万元",
    },
    {"id": "ZT1", "clause": "附件2 一（一）", "text": "从事特定细分市场满2年", "actual": 1, "needed": 2, "gap": 1, "unit": "年"},
    {
        "id": "ZT4S",
        "clause": "附件2 一（四）",
        "text": "评价得分不低于60分",
        "actual": {"low": 51, "high": 56},
        "needed": 60,
        "gap": 4,
        "unit": "分",
    },
    {"id": "B1", "clause": "第三条", "text": "未列入严重失信主体名单", "actual": True, "needed": False, "gap": None, "unit": ""},
)
FACTS = ("负债总额", "主营业务收入（前1年）", "研发人员", "从业人员", "地方特色化得分", "研发费用")


def assessment(firms: int = 60, seed: int = 7) -> tuple[dict[str, Any], dict[str, dict[str, object]]]:
    """A document of ``tidu assess`` and the register of its firms."""
    rng = random.Random(seed)
    register: dict[str, dict[str, object]] = {}
    results: list[dict[str, Any]] = []
    for number in range(firms):
        code = f"91420114MA4K{number:06d}"
        name = (
            rng.choice(("楚蔚", "汉嵘", "知音湖", "九真", "莲沁")) + rng.choice(("智能装备", "汽车零部件", "电子科技", "家居")) + "有限公司"
        )
        register[code] = {"企业名称": f"武汉{name[:-4]}{number:02d}{name[-4:]}", "所属街道": rng.choice(STREETS)}
        register[code] |= {"主导产业": rng.choice(CHAINS), "国民经济行业代码": rng.choice(CODES)}
        for standard, (text, confidence) in TEXTS.items():
            results.append(_assessed(rng, code, standard, text, confidence))
        value = rng.choice(("中型", "小型", "小型", "微型", None))
        missing = [] if value else ["从业人员"]
        results.append({"firm": code, "standard": "中小企业划型", "rule_set": "工信部联企业〔2011〕300号", "value": value, "score": None})
        results[-1] |= {"unmet": [], "missing": missing, "manual": [], "rulings": [], "confidence": "confirmed"}
    document = {"law_date": "2024-06-01", "facts_as_of": "2024-06-01", "packs": {"national": "sha256:" + "ab12" * 16}, "results": results}
    return document, register


def _assessed(rng: random.Random, code: str, standard: str, text: str, confidence: str) -> dict[str, Any]:
    verdicts = ("met", "unmet", "unknown", "manual") if standard == "高新技术企业" else ("met", "unmet", "unmet", "unknown")
    verdict = rng.choice(verdicts)
    result: dict[str, Any] = {"firm": code, "standard": standard, "rule_set": text, "verdict": verdict, "confidence": confidence}
    result |= {"score": None, "unmet": [], "missing": [], "manual": [], "rulings": []}
    if standard in {"创新型中小企业", "专精特新中小企业"}:
        low = rng.randrange(60, 90) if verdict == "met" else rng.randrange(30, 58)
        high = low + (20 if verdict == "unknown" else 0)
        groups = {"创新能力": {"low": low // 2, "high": high // 2}, "成长性": {"low": low // 4, "high": high // 4}}
        result["score"] = {"low": low, "high": high, "pass": 60, "groups": groups}
    if verdict == "unmet":
        result["unmet"] = rng.sample(REASONS, rng.choice((1, 2, 3)))
    elif verdict == "unknown":
        result["missing"] = rng.sample(FACTS, rng.choice((1, 1, 2)))
    elif verdict == "manual":
        result["manual"] = ["技术领域是否属于《国家重点支持的高新技术领域》", "创新能力评价（知识产权、转化、管理、成长性）"]
    return result


AWARDS = {
    "C2": ("二（一）3", "首次进规", "区级"),
    "C3": ("二（一）4", "小巨人配套", "区级"),
    "C4": ("二（三）1", "研发补贴配套", "区级"),
    "C5": ("二（三）3", "技术合同奖励", "区级"),
    "C7": ("二（四）2", "主持制定标准", "区级"),
    "C9": ("二（四）3", "创客中国获奖", "市级"),
}
STATES = ("granted", "granted", "granted", "capped", "dropped", "excluded", "unknown", "ruling needed")
WHY = {
    "granted": "",
    "capped": "按成交额的10%计算，超过每家企业每年100万元的上限，按上限兑现。",
    "dropped": "与同一事由的“小巨人配套”相比金额较低，从高不重复，只兑现较高的一项。",
    "excluded": "2023-03-14 有重大安全事故记录，在三年排除期内（至 2026-03-13）。",
    "unknown": "技术合同的成交额未填写，无法计算。",
    "ruling needed": "省级认定在 2023 年以后，市级基数为 0：按 0 配套还是仍按 20 万元，原文没有写明。",
}


def settlement(items: int = 80, seed: int = 11) -> tuple[dict[str, Any], dict[str, dict[str, object]]]:
    """A document of ``tidu settle`` and the register of its firms."""
    rng = random.Random(seed)
    _, register = assessment(40, seed)
    results = [_settled(rng, rng.choice(list(register)), rng.choice(list(AWARDS)), rng.choice(STATES)) for _ in range(items)]
    totals = {"区级": 0, "市级": 0}
    for result in results:
        totals[result["payer"]] += round(result["amount"] * 100)
    document = {"law_date": "2024-06-01", "as_of": "2024-06-01", "packs": {"caidian": "sha256:" + "cd34" * 16}, "results": results}
    return document | {"totals": {payer: fen / 100 for payer, fen in totals.items()}}, register


def _settled(rng: random.Random, firm: str, award: str, state: str) -> dict[str, Any]:
    clause, title, payer = AWARDS[award]
    computed: float | None = rng.choice((200000, 500000, 1200000, 336912.5, 87654.32))
    amount: float = {"granted": computed or 0, "capped": 300000}.get(state, 0)
    if state == "capped":
        computed = 1234567.89
    how = [
        f"成交额 12,345,678.90 元 × 10% = {computed:,.2f} 元",
        f"年度上限 1,000,000.00 元，本年已兑现 700,000.00 元，可兑现 {amount:,.2f} 元",
    ]
    return {
        "firm": firm,
        "award": award,
        "title": title,
        "clause": clause,
        "item": f"{title} 2023-05-{rng.randrange(1, 29):02d}",
        "amount": amount,
        "unit": "元",
        "payer": payer,
        "computed": None if state == "unknown" else computed,
        "state": state,
        "why": WHY[state],
        "missing": ["技术合同.成交额"] if state == "unknown" else [],
        "rulings": ["R10"] if state == "ruling needed" else (["R3=取高", "R4=按事项发生的自然年"] if award == "C4" else []),
        "municipal_base": 200000 if award in {"C2", "C3"} else None,
        "how": how if state in {"granted", "capped"} else [],
    }
