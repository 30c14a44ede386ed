"""Quantitative targets: what is to reach which figure, by when, per what.

A figure is a target where it stands as the goal of its sentence: behind 达到, 超过, 增长到, or as the object of a verb such as
新增 or 建成. Figures that say whom a rule is for, that limit a subsidy or count what is listed are none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from tidu.documents.clauses import Clause
from tidu.documents.grants import CONDITION, segments_of, sort_quantities
from tidu.documents.lines import CELL, Line
from tidu.documents.numerals import HAN_SMALL
from tidu.documents.quantities import Quantity, counts_in
from tidu.documents.sentences import LONGEST_SENTENCE, Span, pieces
from tidu.documents.words import one_of, words

_YEAR = re.compile(
    r"(?:到|至|力争|确保|争取|截至|于|在)?(20\d{2})年(?!度?(?:以来|来|起|开始|至|—|-|\d|第))(?:年?底|末|年末|底前|底之前|前|内)?"
)
_FIVE_YEARS = re.compile(r"(?:到|至)?“?(十四五|十五五|十三五)”?(?:规划)?(?:期?末|期间|时期)")
_ENDS_OF_PLANS = {"十三五": "2020", "十四五": "2025", "十五五": "2030"}
_TIME_HEAD = re.compile(r"^(?:到|至|力争到?|确保到?|争取到?|截至|截止|于)?“?(?:20\d{2}年|十[三四五]五)[^，]{0,8}$")
_PER = (
    ("year", re.compile(r"每年|年均|每年度|逐年|全年|年度|年(?=新增|培育|培训|开展|组织|举办|引进|完成|服务|增长)")),
    ("quarter", re.compile(r"每季度?")),
    ("month", re.compile(r"每月")),
)
_PER_PLACE = re.compile(r"每个?(街道|乡镇|镇街|镇|乡|区|县|村|社区|园区|行业|产业链|部门|单位|企业)|各(街道|镇街|乡镇|区|县)")
_COMPARISONS = (
    (">", re.compile(r"超过|突破|大于|高于|超|多于|跨越|跃上")),
    ("<=", re.compile(r"不超过|不高于|不大于|控制在|压缩至|压缩到|缩短至|缩短到|压减至|压减到|缩减至|降至|降低到|降到|不多于|减至|以内$")),
    (
        ">=",
        re.compile(
            r"达到?|不低于|不少于|不小于|至少|以上$|增至|增到|增加|提[高升][至到]|提高|提升|增长|扩大[至到]|保持在|稳定在|满足|上升到|升至"
        ),
    ),
    ("<", re.compile(r"低于|小于|少于")),
)
_GOAL = re.compile(
    r"达到?|超过|突破|不低于|不少于|超|控制在|增长|提高|提升|下降|降低|压缩|缩短|压减|占比|至少|增至|增加到|扩大到|保持在|稳定在|高于|不超过|实现|完成|比重|增速|降至|升至|力争|确保|争取|总数|累计|翻番|减少"
)
_WORDS_OF_TIME = re.compile(r"压缩|缩短|压减|缩减|办结|完成|审批|办理|时限|提速|减少|控制在|不超过|平均|达到|优良|天数")
_VERB = re.compile(f"(?:{one_of('target_verbs')})(?:了|出|好|一批)?$")
_HEADED = re.compile(rf"(?:到20\d\d年底?，?|每年|全年|全[省市区县]|共|计划|20\d\d年|新|再|三年内?|五年内?|预计)*{one_of('target_verbs')}")
_STRIP_HEAD = re.compile(
    r"^(?:到?“?(?:20\d{2}年|十[三四五]五)”?(?:规划)?(?:年?底|末|年末|期末|期间)?(?:之?前|内)?|每年|每季度|每月|年均|力争|确保|争取|努力|实现|使得?|推动|全市|全区|全县|全省|我区|我市|我县|我省|本区|本市|其中|全镇|再|新?(?=$)|，|、|：|并|且|分别|要|将|完成|达到|支持|同时|至|全年|[一二两三四五\d]+年(?:之?内)?|原则上|在全[区市县省]|通过[^，]{2,20}，)+"
)
_KEPT = "|".join(map(re.escape, words("target_verbs_kept")))
_STRIP_VERB = re.compile(rf"^(?!(?:{_KEPT})){one_of('target_verbs')}")
_STRIP_TAIL = re.compile(
    r"(?:数量|总数|数)?(?:力争|要|将|分别|均|合计|总计|累计|共|全面|总体|基本|稳定|保持|持续|年均|稳步|每年|约|进一步)*(?:达到?|超过|突破|不低于|不少于|超|控制在|至少|增至|增加[到至]|增加|扩大[到至]|保持在|稳定在|提高[到至]|提升[到至]|压缩[到至]|缩短[到至]|压减[到至]|降至|降[低到]+至?|高于|大于|不超过|不高于|约|在|为|到|至|升至|上升到|不小于|不大于|有|占)*$"
)
_BACKWARDS = re.compile(r"(?:较|比)(?:20\d{2}年|上年|去年)|同比")
_CONDITION_AHEAD = re.compile(
    r"^(?:（[^）]*）)?(?:及|或)?(?:以上|以下|以内)?(?:（[^）]*）)?的(?![\u4e00-\u9fff]{0,12}(?:目标|任务|规模|增速|要求|水平)(?:$|，|。))"
)
_NOT_COUNTED = re.compile(
    r"^(?:工作日|日|天|年|月|号|条|款|项(?:规定|条件|要求|任务|措施)|章|节|级|届|期|强|分|批次|次会议|个(?:月|五年|阶段|方面|工作日|环节|维度|以上)|名额|种(?:方式|形式|情形))"
)
_QUOTED = re.compile(r"“[^”]*”|《[^》]*》|（[^）]*）|【[^】]*】")
_AIMS = re.compile(r"目标|总体要求|指标|任务")
_LOOKS_BACK = re.compile(r"上一?年度|近[一二三两\d]+年|连续[一二三两\d]+年|截至目前|目前|现有|已[有建认获完培达]|以来|上一年")
_PLANNED = re.compile(r"每年|到20\d\d年|20\d\d年底?前?|力争|确保|全年|全[区县市省]")
_RULES = re.compile(r"^(?:对|凡|若|如|符合|申请|申报)|应当?(?:具备|符合|满足)|须|可以|不得|必须|符合下列|条件")
_TRAIL = re.compile(r"^(余|多)?(?:（[^）]*）)?(?:及)?(以上|以内|以下|左右)?")
_SOFT = re.compile(r"^(?:力争|确保|争取|努力|并|且|要|其中[，：]?|同时|再)+")


@dataclass(frozen=True)
class Target:
    """One target; ``value`` in ``unit`` as written, ``by`` a year, ``per`` year, quarter, month or a kind of place."""

    path: str
    text: str
    metric: str
    op: str
    value: Fraction
    unit: str
    by: str | None
    per: str | None
    start: int
    end: int
    about: bool = False
    upper: Fraction | None = None


def targets_of(clauses: Sequence[Clause], *, planned: bool = False) -> list[Target]:
    """The targets of all clauses in their order.

    ``planned`` says that the document is a plan: there a bare 达到98% is a target, elsewhere it may be a condition.
    """
    found: list[Target] = []
    silent: set[str] = set()
    years: dict[str, str | None] = {}
    aims_by_path: dict[str, bool] = {}
    for clause in clauses:
        heading = (clause.heading or "").strip()
        barred = (*words("condition_headings"), *words("looking_back"))
        if clause.parent in silent or any(heading.endswith(one) or heading.startswith(one) for one in barred):
            silent.add(clause.path)
            continue
        year = years.get(clause.parent or "")
        aims = aims_by_path[clause.path] = bool(_AIMS.search(heading)) or aims_by_path.get(clause.parent or "", False)
        for line in clause.lines:
            if CELL not in line.text:
                drafts = list(_of_paragraph(line, clause.path, year, aims=aims or planned))
                year = next((one.by for one in reversed(drafts) if one.by), None) or _year_in(line.text) or year
                found += drafts
        own = [named for line in clause.lines if (named := _year_in(line.text))]
        years[clause.path] = (
            (own[0] if clause.lines and clause.lines[-1].text.endswith("：") and own else None) or _year_in(heading) or year
        )
    return found


def _year_in(text: str) -> str | None:
    if found := _FIVE_YEARS.search(text):
        return _ENDS_OF_PLANS[found[1]]
    found = _YEAR.search(text)
    return found[1] if found and re.search(r"到|至|底|末|前|力争|确保|争取|于", found[0]) else None


def _of_paragraph(line: Line, path: str, year: str | None, *, aims: bool) -> Iterator[Target]:
    by = year
    for sentence in pieces(Span(line.text, line.start), "。！；"):
        if len(sentence.text) > LONGEST_SENTENCE:
            continue
        granted = [one.start for one in _granted(sentence)]
        segments = list(pieces(sentence, "，"))
        goal = bool(_YEAR.search(sentence.text)) or bool(re.search(r"力争|确保|争取|目标|每年", sentence.text))
        ruled = bool(_RULES.search(sentence.text)) and not goal
        aimed = goal or aims or by is not None
        before: Target | None = None
        pending: Span | None = None
        for segment in segments:
            named = _year_in(segment.text)
            by = named or by
            if _TIME_HEAD.match(segment.text):
                pending = segment
                continue
            inside = any(segment.start <= one < segment.end for one in granted)
            if inside or (granted and not (_PLANNED.search(segment.text) and not segment.text.endswith("的"))):
                pending = None
                continue
            if not (ruled or _LOOKS_BACK.search(segment.text)):
                for target in _of_segment(segment, path, by, before, pending, aimed=aimed):
                    before = target
                    yield target
            pending = None


def _granted(sentence: Span) -> list[Span]:
    """The quantities of a sentence that are granted or limit what is."""
    segments = segments_of(sentence)
    return [segments[one.segment].part(one.quantity.begin, one.quantity.end) for one in sort_quantities(sentence) if one.role != CONDITION]


def _of_segment(segment: Span, path: str, by: str | None, before: Target | None, pending: Span | None, *, aimed: bool) -> Iterator[Target]:
    """The targets between two commas; a list (达到60家、……5家) goes on with the comparison of the one before."""
    listed = [part for one in pieces(segment, "、") for part in _joined_figures(one)]
    at = 0
    while at < len(listed):
        piece, first = listed[at], at == 0
        while at + 1 < len(listed) and not _figures(piece):
            at += 1
            piece = Span(segment.text[piece.start - segment.start : listed[at].end - segment.start], piece.start)
        target = _of_piece(piece, path, by, before, pending if first else None, aimed=aimed or before is not None)
        if target is not None:
            before = target
            yield target
        at += 1


def _joined_figures(piece: Span) -> Iterator[Span]:
    """2个……和6个……: two pieces."""
    begin = 0
    for found in re.finditer(r"(?:和|及|以及)(?=\d)", piece.text):
        yield piece.part(begin, found.start())
        begin = found.end()
    yield piece.part(begin)


def _figures(piece: Span) -> list[Quantity]:
    masked = _QUOTED.sub(lambda found: "＿" * len(found[0]), piece.text)
    return [one for one in counts_in(masked) if _may_count(one, masked)]


def _may_count(one: Quantity, text: str) -> bool:
    figure = text[one.begin : one.end]
    behind, left = text[one.begin :], text[: one.begin]
    if re.match(rf"[{HAN_SMALL}]", figure) and (
        re.match(r"[一〇零]", figure) or not re.search(r"[家个项户座所件名人倍条场]$", one.unit) or not _VERB.search(left)
    ):
        return False
    if re.search(r"第|前|近|每|“|《|—|近\D?$|[\d.]$|[A-Za-z]-?$", left[-1:]) or re.match(r"大|强企|强省|强市", text[one.end :]):
        return False
    if one.unit in words("time_units") and not _WORDS_OF_TIME.search(left):
        return False
    if one.unit in ("年", "月", "个月", "周", "岁", "届", "级", "号", "强", "P", "期"):
        return False
    return not (re.match(r"\d+(?:日|号)", behind) and left.endswith("月"))


def _of_piece(piece: Span, path: str, by: str | None, before: Target | None, pending: Span | None, *, aimed: bool) -> Target | None:
    figures = _figures(piece)
    text = piece.text
    for one in figures:
        left, right = text[: one.begin], text[one.end :]
        trail = _TRAIL.match(right)
        bound = trail[2] if trail else None
        if _says_to_whom(left, right):
            continue
        head = _SOFT.sub("", left)
        led = _is_led(left) or (not left and before is not None and before.op == "=")
        headed = _HEADED.match(head) is not None
        compared = _GOAL.search(head) is not None or bound is not None or _BACKWARDS.search(left) is not None
        if not led and not compared and not headed and not (before is not None and _is_noun(head)):
            continue
        if not led and not headed and not aimed:
            continue
        qualified = right[trail.end() if trail and bound else 0 :]
        if re.match(r"(?:工业)?(?:企业|项目|单位|产业)", qualified) and one.unit.endswith(("元", "%")):
            continue
        op = _comparison(left, bound, before, led=led or headed)
        metric = _metric(left, right[trail.end() if trail else 0 :], led=led)
        if not metric:
            continue
        source = _source(piece, pending)
        return Target(
            path,
            source.text,
            metric,
            op,
            one.value,
            one.unit,
            by,
            _per(left, by),
            source.start,
            source.end,
            bound == "左右" or "约" in left[-2:],
            one.upper,
        )
    return None


def _says_to_whom(left: str, right: str) -> bool:
    """营业收入达到5000万元的企业: the figure belongs to what is named behind it."""
    if _CONDITION_AHEAD.match(right):
        return True
    named = re.match(r"[^，]{0,4}的(?:企业|单位|项目)", right)
    return bool(named) and not _VERB.search(left) and bool(_GOAL.search(left)) and "的" not in left


def _is_led(left: str) -> bool:
    """Whether a verb stands right before the figure; 达到 and 突破 behind a noun compare and do not lead."""
    bare = _without_manner(left)
    found = _VERB.search(bare)
    if found is None:
        return False
    return not (re.fullmatch(r"达到|突破|拥有|覆盖|累计|发展|完成", found[0]) and _STRIP_HEAD.sub("", bare[: found.start()]))


def _without_manner(left: str) -> str:
    return re.sub(
        r"(?:各类|各级|不少于|不低于|超过|至少|约|近|累计|总数|数量|以上|共|新增|达到?|突破|超|国家级|省级|市级)+$",
        lambda found: found[0] if _VERB.search(found[0]) else "",
        left,
    )


def _is_noun(head: str) -> bool:
    return 2 <= len(head) <= 30 and not re.search(r"[的等在将按从]$|四大|对", head)


def _comparison(left: str, bound: str | None, before: Target | None, *, led: bool) -> str:
    near = left[-14:]
    if bound in ("以内", "以下"):
        return "<="
    if bound == "左右" or near.endswith("约"):
        return "="
    found = [(match.end(), op) for op, pattern in _COMPARISONS for match in pattern.finditer(near)]
    strict = [op for end, op in found if end == max(one for one, _ in found)]
    if "不超过" in near or "不高于" in near:
        return "<="
    if re.search(r"不低于|不少于|不小于", near):
        return ">="
    if strict:
        return strict[0] if ">=" not in strict or len(strict) == 1 else ">="
    if bound == "以上":
        return ">="
    if before is not None and not led:
        return before.op
    return "="


def _metric(left: str, right: str, *, led: bool) -> str:
    name = _STRIP_HEAD.sub("", left)
    name = _STRIP_HEAD.sub("", _STRIP_TAIL.sub("", name))
    if led or len(name) < 2:
        verb = _STRIP_VERB.sub("", name)
        object_ = re.split(r"[，、；]|并|以上", right.lstrip("以上左右"))[0] if right else ""
        object_ = re.sub(r"^(?:的|规模的)", "", object_)
        name = f"{verb}{object_}" if len(object_) >= 2 or not verb else verb
    bare = _STRIP_VERB.sub("", name)
    return (bare if len(bare) >= 3 else name).strip("，、：的 ")


def _per(left: str, by: str | None) -> str | None:
    for name, pattern in _PER:
        if pattern.search(left) and not (name == "year" and by is not None and re.search(r"全年|年度", left) and "每年" not in left):
            return name
    place = _PER_PLACE.search(left)
    return (place[1] or place[2]) if place else None


def _source(piece: Span, pending: Span | None) -> Span:
    """The words of the target: with 到……年 right before it, without 力争 in front."""
    trimmed = _SOFT.match(piece.text)
    begin = trimmed.end() if trimmed else 0
    if pending is not None and pending.end + 1 == piece.start:
        return Span(f"{pending.text}，{piece.text}", pending.start).stripped()
    return piece.part(begin).stripped()
