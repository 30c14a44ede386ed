"""What the packs hold, as lists and as pages that a clerk can read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from rich.text import Text
from rich.tree import Tree

from tidu.commands.screen import table
from tidu.exchange.report_words import confidence_text
from tidu.kernel.awards import Award, AwardBook, Ruling
from tidu.kernel.errors import TiduError
from tidu.kernel.packs import PackSet, Standard

_APPLICATIONS = {"new": "首次申报", "review": "复核"}
_COMPOSED = {"all": "全部满足", "any": "满足其一", "count": "至少满足"}
_LABELS = {"id", "clause", "text", "confidence", "note", "group", "title"}
_WORDS = {
    "of": "指标", "points": "分档", "choose": "分档", "best_of": "取最高", "count": "计数", "each": "每项", "cap": "上限", "value": "取值",
    "max": "满分", "manual": "人工判断", "range": "范围", "event": "事项", "where": "条件", "within": "期限", "valid": "有效期内",
    "at_least": "至少", "none": "不得有", "score": "得分", "class": "划型", "in": "属于", "that": "", "year": "年度", "payer": "出资", "when": "归入",
    "limits": "限制", "firm": "对企业的要求", "amount": "金额", "once": "一次性", "upgrade": "升级依口径", "rivals": "多家同报", "item": "事由",
    "policy": "政策", "base": "市级基数", "match": "配套", "any": "满足其一", "all": "全部满足", "rate": "比例", "zero_base": "基数为零依口径", "stated": "原文金额", "per": "按",
    "by": "依口径", "only_if": "仅当", "ruling": "依口径", "same": "相同栏", "rank": "排名栏", "history": "以前有过也不算", "tier": "档次",
}  # fmt: skip


def listing(packs: PackSet) -> dict[str, list[dict[str, Any]]]:
    """Standards, policies, awards and rulings with what identifies them."""
    book = packs.book or AwardBook()
    return {
        "standards": [_head(one.name, one) | {"application": sorted(one.application)} for one in packs.standards],
        "policies": [_head(one.name, one) for one in book.policies],
        "awards": [
            {"id": one.id, "title": one.title, "clause": one.clause, "payer": one.payer, "policy": one.policy, "confidence": one.confidence}
            for one in book.awards
        ],
        "rulings": [
            {"id": one.id, "clause": one.clause, "question": one.question, "choice": one.choice, "default": one.in_force is None}
            for one in book.rulings.values()
        ],
    }


def _head(name: str, one: Any) -> dict[str, Any]:
    return {
        "name": name,
        "version": one.version,
        "from": one.in_force.start.isoformat(),
        "to": one.in_force.end.isoformat() if one.in_force.end else None,
        "in_force": one.in_force.text(),
        "confidence": one.confidence,
        "document": one.reference.text(),
    }


def pages_of(packs: PackSet, name: str, law_date: date, application: str) -> Iterator[Any]:
    """The page of a standard, an award or a ruling; raises ``unknown-standard`` where there is nothing of the name."""
    book = packs.book or AwardBook()
    award = next((one for one in book.awards if one.id == name), None)
    if award is not None:
        yield from _award(award, packs)
    elif name in book.rulings:
        yield from _ruling(book.rulings[name])
    elif name in packs.names():
        yield from _standard(packs.select(name, law_date=law_date, application=application))
    else:
        known = "、".join([*packs.names(), *(one.id for one in book.awards), *book.rulings])
        raise TiduError("unknown-standard", f"没有名为“{name}”的标准、奖补或口径。可用：{known}。", name=name)


def _standard(standard: Standard) -> Iterator[Any]:
    yield Text(f"{standard.name}　{standard.version}", style="bold")
    purposes = "、".join(_APPLICATIONS[one] for one in sorted(standard.application))
    yield f"依据：{standard.reference.text()}（{confidence_text(standard.confidence)}）\n有效期：{standard.in_force.text()}；用于{purposes}"
    if standard.checked_on:
        yield f"核对日期：{standard.checked_on.isoformat()}"
    if standard.note:
        yield f"说明：{standard.note.strip()}"
    source = standard.source
    if "requires" in source:
        yield _tree("条件", [source["requires"]])
    for part in source.get("prerequisites") or []:
        yield _tree("前置条件（只提示，不决定结论）", [part])
    if source.get("scores"):
        yield _scores(source["scores"])
    if "classes" in source:
        yield from _classes(source["classes"])


def _tree(title: str, criteria: list[Any]) -> Tree:
    tree = Tree(Text(title, style="bold"))
    for criterion in criteria:
        _criterion(tree, criterion)
    return tree


def _criterion(tree: Tree, raw: Any) -> None:
    if not isinstance(raw, Mapping):
        tree.add(Text(readable(str(raw))))
        return
    composed = next((key for key in _COMPOSED if isinstance(raw.get(key), list)), None)
    line = Text(_label(raw))
    if composed:
        number = f" {raw['at_least']} 项" if composed == "count" else ""
        line.append(f"{'（' if line else ''}{_COMPOSED[composed]}{number}{'）' if line else ''}")
    else:
        rest = _rest(raw)
        line.append(f"{'：' if line else ''}{rest}")
    if raw.get("clause"):
        line.append(f"　〔{raw['clause']}〕", style="dim")
    if raw.get("confidence"):
        line.append(f"　{confidence_text(raw['confidence'])}", style="yellow")
    branch = tree.add(line)
    for part in raw[composed] if composed else ():
        _criterion(branch, part)


def _label(raw: Mapping[str, Any]) -> str:
    identity = f"[{raw['id']}] " if raw.get("id") else ""
    return f"{identity}{raw.get('text') or ''}"


def _rest(raw: Mapping[str, Any]) -> str:
    return "，".join(_said(key, value) for key, value in raw.items() if key not in _LABELS)


def _said(key: str, value: Any) -> str:
    word = _WORDS.get(key, key)
    if value is True:
        return word
    return f"{word} {plain(value)}".strip()


def plain(value: Any) -> str:
    """A value of a pack as one line."""
    if isinstance(value, Mapping):
        return "，".join(_said(str(key), part) for key, part in value.items())
    if isinstance(value, list):
        return "；".join(plain(part) for part in value)
    return "—" if value is None else readable(str(value))


def readable(expression: str) -> str:
    """An expression with the signs of ordinary writing."""
    for sign, shown in ((">=", "≥"), ("<=", "≤"), ("!=", "≠"), (" in [", " 属于 [")):
        expression = expression.replace(sign, shown)
    return expression


def _scores(items: list[Any]) -> Any:
    rows = [(one.get("id"), one.get("group"), one.get("title"), _brackets(one), one.get("clause")) for one in items]
    return table("评分表", ["编号", "组", "项目", "给分", "条款"], rows)


def _brackets(item: Mapping[str, Any]) -> str:
    if "best_of" in item:
        return "\n或 ".join(_brackets(part) for part in item["best_of"])
    ladder = item.get("points") or item.get("choose")
    if not ladder:
        return _rest(item)
    steps = "，".join(f"{'其余' if row[0] == 'else' else plain(row[0])} → {row[1]}" for row in ladder)
    return f"{item['of']}：{steps}" if "of" in item else steps


def _classes(raw: Mapping[str, Any]) -> Iterator[Any]:
    order = list(raw.get("order") or [])
    rows = [(row.get("industry"), *(plain(row.get(name)) for name in order), row.get("clause")) for row in raw.get("rows") or []]
    yield table("划型（同一类的各项下限须同时满足）", ["行业", *order, "条款"], rows)
    yield f"以上都不满足的：{raw.get('rest')}"


def _award(award: Award, packs: PackSet) -> Iterator[Any]:
    section = next(one for one in packs.documents["award"] if one["award"] == award.id)
    yield Text(f"{award.id}　{award.title}", style="bold")
    yield f"政策：{award.policy}，{award.clause}；出资：{award.payer}；可信度：{confidence_text(award.confidence)}"
    if award.note:
        yield f"说明：{award.note.strip()}"
    skipped = {"award", "policy", "clause", "title", "payer", "note", "confidence", "checked_on"}
    rows = [(_WORDS.get(key, key), _lines(value)) for key, value in section.items() if key not in skipped]
    yield table("", ["项目", "内容"], rows)


def _lines(value: Any) -> str:
    if isinstance(value, list):
        return "\n".join(
            _label(part) + ("：" + _rest(part) if _rest(part) else "") if isinstance(part, Mapping) else plain(part) for part in value
        )
    return plain(value)


def _ruling(ruling: Ruling) -> Iterator[Any]:
    yield Text(f"{ruling.id}　{ruling.question}", style="bold")
    adopted = ruling.in_force
    state = f"{adopted.by} {adopted.on} 确定" if adopted else "系统默认，还没有任何部门确定"
    yield f"政策：{ruling.policy}，{ruling.clause}\n现用选项：{ruling.choice}（{state}）"
    yield table("", ["选项", "含义"], [(option.choice, option.text) for option in ruling.options])
    if ruling.note:
        yield f"理由：{ruling.note.strip()}"
    yield f"测算时换一个选项：tidu settle … --ruling {ruling.id}=选项；写“待定”则依据它的结果都不计算金额。"
