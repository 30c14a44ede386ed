"""Who is responsible for a clause: lists in brackets, lists on a line of their own, 牵头 and 配合."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tidu.documents.clauses import Clause
from tidu.documents.grants import depth_at
from tidu.documents.lines import Line
from tidu.documents.marks import ARABIC
from tidu.documents.words import one_of, words

_LEADS = one_of("unit_leads")
_HELPS = one_of("unit_helps")
_LABEL = re.compile(rf"({_LEADS}|{_HELPS})(?:（[^（）]{{1,12}}）)?[：为]")
_BRACKET = re.compile(r"[（【\[〔]((?:[^（）【】\[\]〔〕]|（[^（）]*（[^（）]*）[^（）]*）|（[^（）]*）){2,1500})(?:[）】\]〕]|$)")
"""A bracket; one that the paragraph leaves open is closed by its end."""
_DUTY = re.compile(
    r"(?:按(?:照)?(?:各自)?(?:职责|职能|职责分工|分工)[^，；、]{0,4}|依职责|分别|共同|具体|牵头|统筹|组织|协同|联合|配合|参与|协助)*"
    r"(?:负责(?:落实|实施|推进|组织实施)?|牵头(?:负责|落实|实施)?|配合|参与|协助|落实|组织实施|分工负责|推进)$"
)
_IS_DUTY = re.compile(r"(?:负责(?:落实|实施|推进|组织实施)?|牵头(?:负责)?|配合|参与|协助|分工落实|组织实施)$")
_SHARED = re.compile(r"(?:[、，]?(?:按照?|依)(?:各自)?(?:职责|职能)(?:分工)?)(?:分别|共同)?(?:负责)?(?:落实)?$")
_ROLE = re.compile(r"牵头|配合|参与|协助|协办|会同")
_SEPARATOR = re.compile(r"[、，,；;/]|\s{1,}")
_TAIL = re.compile(
    r"(?:等)(?:和|及)?(?:市级|区级|省级|市直|区直|县直|省直)?(?:各?(?:有关|相关|职能|责任|成员)?(?:部门|单位|处室|机构|方面|部门和单位|部门单位))?$"
)
_WITH = re.compile(r"(?:会同|商|联合)(?:各?(?:有关|相关)(?:部门|单位|方面|地方))?$|(?:会同|商)(?:各?(?:有关|相关)(?:部门|单位|方面|地方))")
_NAME = re.compile(r"[\u4e00-\u9fffA-Za-z0-9“”（）·、\-]{2,40}")
_ENDING = re.compile(f"{one_of('unit_endings')}(?:（[^（）]*）)?$")
_JOINT = re.compile(r"以及|和|及|与|暨")
_FREE = re.compile(r"(?:^|[。；，])由([^。；，]{2,60}?)牵头[，、]([^。；]{2,120}?)(?:配合|参与|协助|按职责分工负责)")
_PLACES = re.compile(r"各(?:有关)?(?:省|市|州|县|区|盟|旗|乡|镇|地)(?:（[^）]*）)?(?:、(?:省|市|州|县|区|乡|镇)(?:（[^）]*）)?)*")
_PLACE = re.compile(r"(?:市|州|县|区|旗|乡|镇|街道)(?:（[^）]*）)?(?:$|人民政府|政府|（|管委会|乡镇|街道)")
_LONGEST_LIST = 2000
_NO_NAME = re.compile(r"必要|邀请|可以|应当|如有|须|费用|由")
_NOT_UNITS = re.compile(r"[0-9]{4}年|以上|以下|包括|含|例如|简称|下同|不含|具体|万元|%")


@dataclass(frozen=True)
class Responsible:
    """The units of one clause in their order, those in the lead, and where their list stands."""

    path: str
    units: list[str]
    lead: list[str]
    start: int
    end: int


@dataclass
class _Found:
    leads: list[str]
    helps: list[str]
    start: int
    end: int


def responsible_units(clauses: Sequence[Clause]) -> list[Responsible]:
    """The responsible units of every clause that names some, in the order of the clauses."""
    by_path: dict[int, list[_Found]] = {}
    for index, clause in enumerate(clauses):
        for found, alone in _lists_of(clause):
            target = _owner(clauses, index) if alone else index
            by_path.setdefault(target, []).append(found)
    return [_merged(clauses[index].path, by_path[index]) for index in sorted(by_path)]


def _owner(clauses: Sequence[Clause], index: int) -> int:
    """Whose list it is that stands on a line of its own: the last item's, or of all items where none before it has one."""
    clause = clauses[index]
    parent = next((at for at in range(index - 1, -1, -1) if clauses[at].path == clause.parent), None)
    if parent is None or clause.mark.kind < ARABIC:
        return index
    siblings = clauses[parent].children
    if clause is not siblings[-1] or len(siblings) < 2 or any(next(_lists_of(one), None) for one in siblings[:-1]):
        return index
    return parent


def _merged(path: str, found: Sequence[_Found]) -> Responsible:
    units = [unit for one in found for unit in (*one.leads, *one.helps)]
    return Responsible(
        path, list(dict.fromkeys(units)), list(dict.fromkeys(unit for one in found for unit in one.leads)), found[0].start, found[-1].end
    )


def _lists_of(clause: Clause) -> Iterator[tuple[_Found, bool]]:
    """Each list of a clause, and whether it stands on a line of its own."""
    any_found = False
    pending: _Found | None = None
    lines = [*_heading_line(clause), *clause.lines]
    for line in lines:
        if label := _LABEL.match(line.text):
            found = _labelled(line.text, line.start, label.start())
            if found is not None:
                any_found = True
                if pending is not None and label[1] in words("unit_helps"):
                    pending.helps += [*found.leads, *found.helps]
                    pending.end = found.end
                    continue
                if pending is not None:
                    yield pending, True
                pending = found
            continue
        for found in _within(line):
            any_found = True
            yield found, False
    if pending is not None:
        yield pending, True
    if not any_found:
        yield from ((found, False) for line in lines for found in _free(line))


def _heading_line(clause: Clause) -> list[Line]:
    """The heading may hold the list, where nothing else follows it."""
    return [Line(clause.heading, clause.start + clause.mark.length)] if clause.heading else []


def _within(line: Line) -> Iterator[_Found]:
    """Lists in brackets, and a labelled list after the last sentence."""
    for found in _BRACKET.finditer(line.text):
        inner = found[1]
        at = line.start + found.start(1)
        if _LABEL.search(inner):
            listed = _labelled(inner, at, 0)
        elif re.search("负责|牵头|落实", inner) and (_IS_DUTY.search(inner) or _SHARED.search(inner) or _ROLE.search(inner)):
            listed = _believed(_dutied(inner, at))
        else:
            alone = line.text[: found.start()].endswith("。") and not line.text[found.end() :]
            listed = _bare(inner, at, line.text[found.end() :], least=1 if alone else 2)
        if listed is not None:
            yield listed
    tail = re.search(rf"[。；]\s*((?:{_LEADS}|{_HELPS})[：][^。；（]*(?:（[^（）]*）[^。；（]*)*[；;]?[^。]*)。?$", line.text)
    if tail and not depth_at(line.text, tail.start(1)):
        listed = _labelled(tail[1], line.start + tail.start(1), 0)
        if listed is not None:
            yield listed


def _believed(found: _Found | None) -> _Found | None:
    """A list without a label must consist of names of units."""
    if found is None:
        return None
    names = [*found.leads, *found.helps]
    good = [one for one in names if (_ENDING.search(one) or one.startswith("各")) and not _NO_NAME.search(one)]
    return found if 2 * len(good) > len(names) else None


def _free(line: Line) -> Iterator[_Found]:
    for found in _FREE.finditer(line.text):
        leads, helps = _names(found[1]), _names(found[2])
        if leads and helps and all(_ENDING.search(one) for one in (*leads, *helps)):
            yield _Found(leads, helps, line.start + found.start(1), line.start + found.end(2))


def _labelled(text: str, at: int, begin: int) -> _Found | None:
    """责任单位：甲、乙；配合单位：丙. Names before the first label (none as a rule) are left out."""
    text = text[:_LONGEST_LIST]
    labels = list(_LABEL.finditer(text, begin))
    leads: list[str] = []
    helps: list[str] = []
    explicit = any("牵头" in label[1] or "主" in label[1] for label in labels)
    end = begin
    for index, label in enumerate(labels):
        stop = labels[index + 1].start() if index + 1 < len(labels) else len(text)
        piece = _cut(text[label.end() : stop])
        end = label.end() + len(piece)
        if label[1] in words("unit_helps"):
            helps += _names(piece)
        elif "牵头" in label[1] and not _ROLE.search(piece):
            leads += _names(piece)
        else:
            found = _dutied(piece, 0)
            if found is None:
                continue
            if explicit:
                helps += [*found.leads, *found.helps]
            else:
                leads, helps = [*leads, *found.leads], [*helps, *found.helps]
    return _Found(leads, helps, at + labels[0].start(), at + end) if leads or helps else None


def _cut(piece: str) -> str:
    """Without what follows the names: a scope, a time limit, a stop."""
    stop = re.search(rf"[，。；、]?\s*{one_of('unit_stops')}|。|[；;]\s*$", piece)
    return piece[: stop.start()] if stop else piece


def _dutied(text: str, at: int) -> _Found | None:
    """甲牵头，乙、丙配合; 甲、乙负责; 甲、乙. Without 牵头 the first named leads."""
    text = re.sub(r"（牵头[^（）]{0,4}）", "★", _cut(text))
    leads: list[str] = []
    helps: list[str] = []
    plain: list[str] = []
    waiting: list[str] = []
    for piece in re.split(r"[；;]|(?<=牵头)[，、]?|(?<=配合)[，、]?(?!单位)|(?<=负责)[，、]|(?<=参与)[，、]?", text):
        if not piece:
            continue
        head, marked = _marked_leads(piece)
        names = _names(piece.replace("★", ""))
        if re.search(r"牵头(?:负责|落实|实施)?$", piece):
            leads, waiting = [*leads, *waiting, *names], []
        elif re.search(r"(?:配合|参与|协助|协办)(?:负责|落实|实施)?$", piece):
            helps, waiting = [*helps, *waiting, *names], []
        elif marked:
            leads, helps = [*leads, *head], [*helps, *(one for one in names if one not in head)]
        else:
            plain += names
    if not leads:
        leads, plain = plain[:1], plain[1:]
    helps = [*helps, *plain] if not plain or not helps else [*plain, *helps]
    if not leads and helps:
        leads, helps = helps[:1], helps[1:]
    return _Found(leads, helps, at, at + len(text)) if leads else None


def _marked_leads(piece: str) -> tuple[list[str], bool]:
    """Names marked one by one: 区科技局（牵头）、区财政局."""
    found = re.findall(r"([^、，；★]+)★", piece)
    return [name for one in found for name in _names(one)], bool(found)


def _bare(text: str, at: int, after: str, *, least: int) -> _Found | None:
    """A bracket of nothing but names at the end of a sentence: （区科技局、区财政局）; a single one only at the very end."""
    if (after and after[0] not in "。；\n") or _NOT_UNITS.search(text):
        return None
    names = _names(text)
    strict = re.compile(r"(?:局|委|办|部|厅|政府|管委会|街道|办公室|中心|银行|公司|会|院)$")
    if len(names) < least or not all(strict.search(name) or name.startswith("各") for name in names):
        return None
    return _Found(names[:1], names[1:], at, at + len(text))


def _names(text: str) -> list[str]:
    """The names in a list: split outside brackets, joined names apart, trailing 等有关部门 dropped."""
    text = _SHARED.sub("", _DUTY.sub("", text.strip(" 。；，、")))
    text = _WITH.sub("、", text) if "会同" in text or "联合" in text or "商" in text else text
    found = []
    for piece in _outside_brackets(text):
        for name in _apart(piece.strip(" 。：；，、等") if piece.strip() == "等" else piece):
            cleaned = _clean(name)
            if cleaned:
                found.append(cleaned)
    return list(dict.fromkeys(_groups(found)))


def _outside_brackets(text: str) -> list[str]:
    pieces, depth, begin = [], 0, 0
    for index, character in enumerate(text):
        depth += (character in "（“") - (character in "）”")
        if depth <= 0 and _SEPARATOR.match(character):
            pieces.append(text[begin:index])
            begin = index + 1
    return [*pieces, text[begin:]]


def _groups(pieces: list[str]) -> list[str]:
    """各市、县（区）人民政府 is one group: a bare kind of place goes with the name behind it."""
    found: list[str] = []
    for piece in pieces:
        if found and _PLACES.fullmatch(found[-1]) and _PLACE.match(piece):
            found[-1] = f"{found[-1]}、{piece}"
        else:
            found.append(piece)
    return found


def _apart(name: str) -> list[str]:
    """区发改委和区财政局 as two; 自然资源和规划局 stays one, since what stands before 和 is no unit."""
    for found in _JOINT.finditer(name):
        left, right = name[: found.start()], name[found.end() :]
        if left.count("（") != left.count("）") or len(right) < 2 or len(left) < 2:
            continue
        ending = left.endswith("等") or re.search(r"等(?:部门|单位|有关部门)$", left)
        if (ending or _ENDING.search(left)) and _ENDING.search(_TAIL.sub("", right)) and not _is_one(name, left, right):
            return [left, *_apart(right)]
    return [name]


def _is_one(name: str, left: str, right: str) -> bool:
    """党委和政府, 各部门和单位: joined words of one name."""
    return (bool(re.fullmatch(r"(?:各|有关|相关|各有关|各级|各相关)?(?:地区|部门|党委|地方)", left)) and len(right) <= 4) or name in words(
        "unit_endings"
    )


def _clean(name: str) -> str:
    name = re.sub(r"（(?:牵头|配合|排名|负责|主办|协办)[^（）]*）|[★*▲]", "", name).strip(" 。：；，、“”\n")
    name = re.sub(r"^(?:以及|和|及|与|由|并|会同|另|其中)(?=.{2})", "", name)
    name = _TAIL.sub("", name)
    name = _DUTY.sub("", name).strip()
    name = re.sub(r"等$", "", name)
    return name if _NAME.fullmatch(name) and not re.fullmatch(r"[\d.]+", name) else ""
