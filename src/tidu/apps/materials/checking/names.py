"""Names of files: what a person may read and another system may store, and nothing that leads elsewhere."""

from __future__ import annotations

import unicodedata

from tidu.apps.materials.checking.refusals import refusal
from tidu.apps.materials.enums import ENDINGS, FileType

LONGEST_NAME = 200
_NOT_ON_WINDOWS = str.maketrans(dict.fromkeys('<>:"|?*', "_"))
_HIDING = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
"""Control and format characters (among them those that turn the direction of writing and so hide an ending)."""


def checked_name(name: str) -> str:
    """The name as it may be kept; raises ``name-missing``, ``name-too-long``, ``name-control`` or ``name-path``."""
    if len(name) > LONGEST_NAME:
        raise refusal("name-too-long", length=len(name), most=LONGEST_NAME)
    if any(unicodedata.category(letter) in _HIDING for letter in name):
        raise refusal("name-control")
    folded = unicodedata.normalize("NFKC", name)
    if any(mark in text for text in (name, folded) for mark in ("/", "\\")) or ".." in folded:
        raise refusal("name-path")
    plain = unicodedata.normalize("NFC", name).translate(_NOT_ON_WINDOWS).strip(" .\u3000")
    if not plain:
        raise refusal("name-missing")
    return plain


def named_after(name: str, found: FileType) -> str:
    """The name with an ending that tells the type found, so that no program opens the file as something else."""
    stem, dot, ending = name.rpartition(".")
    if dot and ending.lower() in ENDINGS[found]:
        return name
    ending = ENDINGS[found][0]
    known = {one for listed in ENDINGS.values() for one in listed} | {"doc", "xls", "htm", "html", "svg", "zip", "txt", "exe"}
    kept = stem if dot and name.rpartition(".")[2].lower() in known else name
    return f"{kept[: LONGEST_NAME - len(ending) - 1]}.{ending}"
