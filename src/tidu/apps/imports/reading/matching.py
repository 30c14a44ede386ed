"""Whose a row is: by code, by old number, by name, by former name; told apart from several, from none, and from a contradiction.

What is not certain is left to a person, never guessed.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from tidu.apps.imports.reading.assembling import Key

NEW, BY_CODE, BY_NUMBER, BY_NAME, BY_FORMER, CHOSEN = "new", "code", "number", "name", "former", "chosen"
SEVERAL, CLASH, NONE, LEFT, NO_KEY = "several", "clash", "none", "left", "no-key"
_PLACE = re.compile(r"^(?:湖北省?|武汉市?|(?:[一-鿿]{2,3}(?:省|市|区|县)))+")
_FORM = re.compile(r"(?:股份)?有限(?:责任)?公司$|(?:集团)?公司$|集团$|厂$|\(.*?\)")


@dataclass
class Known:
    """What is known of firms: the code that stands for each code, number and folded name.

    ``names`` maps a folded name to codes of firms that bear it now; ``former`` to those that bore it or are called so too.
    """

    codes: Mapping[str, str] = field(default_factory=dict)
    numbers: Mapping[str, str] = field(default_factory=dict)
    names: Mapping[str, Sequence[str]] = field(default_factory=dict)
    former: Mapping[str, Sequence[str]] = field(default_factory=dict)


@dataclass(frozen=True)
class Match:
    """The answer for one row: outcome, the code of the firm (empty: nobody's), the name that a person may decide about, candidates."""

    outcome: str
    code: str = ""
    folded: str = ""
    candidates: tuple[str, ...] = ()


def match(key: Key, folded: Sequence[str], known: Known, decided: Mapping[str, str], *, may_register: bool) -> Match:
    """Whose a row is. ``folded`` are its names as they are compared; ``decided`` maps a name to the code a person chose (empty: leave
    its rows out); ``may_register`` says that a firm with an unknown code may be registered."""
    if key.is_empty:
        return Match(NO_KEY)
    owners = {code for name in folded for code in known.names.get(name, ())}
    first = folded[0] if folded else ""
    if key.code:
        found = _by_code(key, owners, known, first, may_register=may_register)
    elif key.number in known.numbers:
        found = Match(BY_NUMBER, known.numbers[key.number], first)
    else:
        found = _by_name(folded, known)
    if found.outcome in {SEVERAL, CLASH, NONE} and first in decided:
        return Match(CHOSEN if decided[first] else LEFT, decided[first], first, found.candidates)
    return found


def _by_code(key: Key, owners: set[str], known: Known, first: str, *, may_register: bool) -> Match:
    standing = known.codes.get(key.code)
    if standing is not None:
        if owners and standing not in owners:
            return Match(CLASH, "", first, (standing, *sorted(owners)))
        return Match(BY_CODE, standing, first)
    if owners:
        # The name is a firm's whose code is another one: a slip of the pen, or a new firm of the same name.
        return Match(CLASH, "", first, tuple(sorted(owners)))
    if may_register and key.names:
        return Match(NEW, key.code, first)
    return Match(NONE, "", first)


def _by_name(folded: Sequence[str], known: Known) -> Match:
    for name in folded:
        for listed, outcome in ((known.names, BY_NAME), (known.former, BY_FORMER)):
            codes = tuple(dict.fromkeys(listed.get(name, ())))
            if len(codes) == 1:
                return Match(outcome, codes[0], folded[0])
            if codes:
                return Match(SEVERAL, "", folded[0], codes)
    return Match(NONE, "", folded[0] if folded else "")


def core_name(folded: str) -> str:
    """What is left of a name without place, brackets and legal form: names that share it are worth a look.

    >>> core_name("武汉市示例科技有限公司") == core_name("武汉示例科技股份有限公司")
    True
    """
    core = _PLACE.sub("", folded)
    while (shorter := _FORM.sub("", core)) != core:
        core = shorter
    return core
