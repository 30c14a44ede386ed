"""One condition of a pack, ``营业收入 >= 1000万元`` or ``级别 in [省级, 国家级]``, as a rule node."""

from __future__ import annotations

from tidu.kernel.errors import TiduError
from tidu.kernel.expressions import WRITTEN_SIGNS, Reader, Scope, compare, fault, input_key
from tidu.kernel.facts import Fact, Kind, Store
from tidu.kernel.rules import NO_LABEL, All, Flag, Label, Not, OneOf, Rule

_ANSWERS = {"是": True, "否": False}


def parse_condition(text: str, scope: Scope, label: Label = NO_LABEL) -> Rule:
    """One condition as a rule node; raises a ``TiduError`` that names what is wrong and how to write it."""
    reader = Reader(text, scope)
    kind, name = reader.peek()
    fact = scope.fact(name) if kind == "name" else None
    if fact is not None and fact.store in {Store.TEXT, Store.BOOLEAN}:
        reader.take()
        return _word_condition(reader, fact, label)
    left = reader.sum()
    op_kind, op = reader.take()
    if op_kind != "op":
        raise fault("bad-expression", f"条件“{text}”缺少比较符号（>=、>、<=、<、=、!= 或 in）。", text=text)
    op = WRITTEN_SIGNS.get(op, op)
    right = reader.sum()
    _finish(reader)
    if op in {"=", "!="}:
        equal = All((compare(left, ">=", right, scope), compare(left, "<=", right, scope)), label)
        return equal if op == "=" else Not(equal, label)
    return compare(left, op, right, scope, label)


def _finish(reader: Reader) -> None:
    if reader.peek()[0] != "end":
        raise fault("bad-expression", f"条件“{reader.text}”在“{reader.peek()[1]}”处多出内容。", text=reader.text)


def _word_condition(reader: Reader, fact: Fact, label: Label) -> Rule:
    """``事实 = 词``, ``事实 != 词``, ``事实 in [词, 词]`` for yes/no facts, lists and texts."""
    key = input_key(fact, reader.taken_shift() if fact.kind is Kind.YEAR else 0)
    kind, op = reader.take()
    op = WRITTEN_SIGNS.get(op, op)
    if kind == "op" and op in {"=", "!="}:
        words: tuple[str, ...] = (reader.take()[1],)
    elif (kind, op) == ("name", "in"):
        words = _listed(reader)
    else:
        raise fault("bad-expression", f"“{reader.text}”：“{fact.name}”只能用 =、!= 或 in 判断。", text=reader.text)
    _finish(reader)
    node = _word_node(fact, key, words, label)
    return Not(node, label) if op == "!=" else node


def _listed(reader: Reader) -> tuple[str, ...]:
    reader.take("[")
    words = [reader.take()[1]]
    while reader.peek()[1] in {",", "，"}:
        reader.take()
        words.append(reader.take()[1])
    reader.take("]")
    return tuple(words)


def _word_node(fact: Fact, key: str, words: tuple[str, ...], label: Label) -> Rule:
    if fact.store is Store.BOOLEAN:
        if len(words) != 1 or words[0] not in _ANSWERS:
            raise fault("unknown-value", f"“{fact.name}”的取值只有“是”和“否”，读到“{'、'.join(words)}”。", name=fact.name)
        return Flag(key, _ANSWERS[words[0]], label)
    for word in words:
        check_word(fact, word)
    return OneOf(key, words, fact.values, label)


def check_word(fact: Fact, word: str) -> None:
    """Refuse a word that the fact's closed list does not hold."""
    if fact.values and word not in fact.values:
        raise TiduError("unknown-value", f"“{fact.name}”没有取值“{word}”。可用取值：{'、'.join(fact.values)}。", name=fact.name, value=word)
