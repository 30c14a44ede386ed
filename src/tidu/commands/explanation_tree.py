"""A trace as a tree on the screen: the answer, the criterion, the figures behind it, the clause.

The JSON of ``--json`` holds every node; here what cannot matter to the firm is left out: rows of other industries,
ways not taken beside one that was, the brackets of a score line that stay open for the same missing fact.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from rich.text import Text
from rich.tree import Tree

from tidu.commands.assessment_tables import conclusion, score_text
from tidu.commands.screen import screen
from tidu.exchange.report_words import confidence_text, with_unit

_ANSWERS = {"符合": ("✔", "green"), "不符合": ("✘", "red"), "待补充": ("？", "yellow")}
_COMPOSED = {"all": "全部满足", "any": "满足其一", "count": "至少满足几项"}
_HAPPENED = {"是": "有", "否": "没有"}
_MOST_WORDS = 6
Node = Mapping[str, Any]


def print_explanation(document: Mapping[str, Any]) -> None:
    """Print every standard of an explanation."""
    where = screen()
    where.print(f"{document['name'] or '（未填企业名称）'}　{document['firm']}", style="bold", markup=False)
    where.print(f"政策日期 {document['law_date']}，数据截至 {document['facts_as_of']}")
    for result in document["results"]:
        where.print()
        where.print(_tree(result))
        for line in _closing(result):
            where.print(f"  {line}", markup=False)


def _tree(result: Mapping[str, Any]) -> Tree:
    head = Text()
    head.append(f"{result['standard']}（{result['version']}）　", style="bold")
    head.append(conclusion(result))
    if result["score"] is not None:
        head.append(f"　得分 {score_text(result)}")
    head.append(f"　依据 {result['rule_set']}，{confidence_text(result['confidence'])}", style="dim")
    tree = Tree(head)
    for part in (result["trace"] or {}).get("parts", ()):
        if part["kind"] == "all" and not part["id"]:
            for inner in part.get("parts", ()):
                _add(tree, inner)
        else:
            _add(tree, part)
    return tree


def _add(tree: Tree, node: Node) -> None:
    facts = list(node.get("facts", ()))
    inner = node["parts"][0] if node["kind"] == "not" and node.get("parts") else None
    if inner is not None and inner["kind"] == "leaf":
        # the opposite of one question is told in one line: its figures, the answer turned round
        node = {**node, "value": inner["value"], "bound": _opposite(inner["bound"]), "unit": inner["unit"]}
        facts, inner = list(inner["facts"]), None
    if node["kind"] == "item":
        leaves = [part for part in node.get("parts", ()) if part["kind"] == "leaf"]
        open_leaves = len(leaves) > 1 and all(part["answer"] == "待补充" for part in leaves)
        if open_leaves:
            facts, node = _distinct(used for leaf in leaves for used in leaf["facts"]), {**node, "parts": []}
    line = _line(node)
    single = facts[0] if len(facts) == 1 and node["kind"] != "item" else None
    if single is not None and _is_plain(single, node):
        line.append(_ground(single), style="dim")
        facts = []
    branch = tree.add(line)
    for used in facts:
        branch.add(Text(_fact(used), style="dim"))
    for part in _shown_parts(inner) if inner is not None else _shown_parts(node):
        _add(branch, part)


def _opposite(bound: Any) -> Any:
    return {"有": "没有", "没有": "有", "是": "否", "否": "是"}.get(bound, bound)


def _distinct(facts: Iterable[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    return list({(used["fact"], used["period"]): used for used in facts}.values())


def _shown_parts(node: Node) -> list[Node]:
    parts = [] if node["kind"] == "not" and node["parts"][0]["kind"] == "leaf" else list(node.get("parts", ()))
    if node["kind"] != "any":
        return parts
    parts = [part for part in parts if not _is_of_another_industry(part)]
    if node["answer"] == "符合":
        return [part for part in parts if part["answer"] == "符合"] or parts
    return parts


def _is_of_another_industry(node: Node) -> bool:
    """Whether a row of a size classification speaks of an industry that is not the firm's."""
    return any(
        part["kind"] == "leaf" and part["answer"] == "不符合" and any(used["source"].endswith("推导") for used in part["facts"])
        for part in node.get("parts", ())
    )


def _line(node: Node) -> Text:
    line = Text()
    mark, colour = _ANSWERS[node["answer"]]
    if node["kind"] not in {"scores", "prerequisites", "item"}:
        line.append(f"{mark} {node['answer']}　", style=colour)
    if node["id"]:
        line.append(f"[{node['id']}] ")
    line.append(_words(node["text"].replace("非：满足其一", "不属于下列任何一种情形")))
    if node["kind"] in _COMPOSED and node.get("parts") and node["text"] != _COMPOSED[node["kind"]]:
        line.append(f"（{_COMPOSED[node['kind']]}）")
    line.append(_points(node))
    if node["kind"] in {"leaf", "not"}:
        line.append(_figures(node))
    if node.get("clause"):
        line.append(f"　〔{node['clause']}〕", style="dim")
    return line


def _words(text: str) -> str:
    """A text in which a long list of words is cut short."""
    words = text.split("、")
    return text if len(words) <= _MOST_WORDS else f"{'、'.join(words[:3])} 等 {len(words)} 种"


def _points(node: Node) -> str:
    points = node.get("points")
    if points is None:
        return ""
    found = str(points["low"]) if points["low"] == points["high"] else f"{points['low']}～{points['high']}"
    return f"：{found} 分（满分 {points['max']} 分）"


def _figures(node: Node) -> str:
    value, bound, unit = node.get("value"), node.get("bound"), node.get("unit")
    if value is None and bound is None:
        return ""
    if bound in {"有", "没有"}:
        value = _HAPPENED.get(str(value), value)
    actual = "未填" if value is None else with_unit(value, unit)
    needed = "" if bound is None else f"，要求 {_words(with_unit(bound, unit))}"
    gap = f"，差 {with_unit(node['gap'], unit)}" if node.get("gap") else ""
    return f"：实际 {actual}{needed}{gap}"


def _is_plain(used: Mapping[str, Any], node: Node) -> bool:
    """Whether the leaf already says the fact's value, so that only its period and source are left to say."""
    return used["value"] == node.get("value") and (not used["unit"] or used["unit"] == node.get("unit"))


def _ground(used: Mapping[str, Any]) -> str:
    ground = "，".join(part for part in (used["period"], f"来源 {used['source']}" if used["source"] else "") if part)
    return f"（{ground}）" if ground else ""


def _fact(used: Mapping[str, Any]) -> str:
    value = "未填" if used["value"] is None else with_unit(used["value"], used["unit"])
    return f"{used['fact']} = {value}{_ground(used)}"


def _closing(result: Mapping[str, Any]) -> list[str]:
    lines = []
    if result["missing"]:
        lines.append(f"会改变结论的缺项：{'、'.join(result['missing'])}")
    lines += [f"须由人判断：{text}" for text in result["manual"]]
    return lines
