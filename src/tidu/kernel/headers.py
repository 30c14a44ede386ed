"""What the head of every document says: validity, reference, confidence."""

from __future__ import annotations

from datetime import date

from tidu.kernel.criteria import CONFIDENCES, Ground
from tidu.kernel.located import Section
from tidu.kernel.packs import Reference, Validity


def read_validity(section: Section, ground: Ground) -> Validity:
    """``in_force: {from, to}`` as ``[from, to)``."""
    raw = section.get("in_force")
    if isinstance(raw, Section):
        ground.unknown_keys(raw, {"from", "to"}, "in_force")
    start = raw.get("from") if isinstance(raw, Section) else None
    end = raw.get("to") if isinstance(raw, Section) else None
    if not isinstance(start, date) or not (end is None or isinstance(end, date)):
        ground.fault(
            "missing-validity",
            section.at("in_force"),
            "缺少生效日期。请写 in_force: {from: 2022-08-01, to: 2026-04-01}，长期有效时 to 留空。",
        )
        return Validity(date.min)
    if end is not None and end <= start:
        ground.fault("bad-validity", section.at("in_force"), f"失效日期 {end} 不晚于生效日期 {start}，这条规定永远不生效。请核对。")
    return Validity(start, end)


def read_reference(section: Section, ground: Ground) -> Reference:
    """The document that is restated."""
    raw = section.get("reference")
    if isinstance(raw, Section):
        ground.unknown_keys(raw, {"document", "part"}, "reference")
        ground.check_words(raw, ("document", "part"))
    if not isinstance(raw, Section) or not raw.get("document"):
        ground.fault("missing-reference", section.at("reference"), "缺少依据文件。请写 reference: {document: 文号, part: 附件}。")
        return Reference("")
    return Reference(str(raw["document"]), str(raw.get("part") or ""))


def read_confidence(section: Section, ground: Ground) -> str:
    """How sure we are of the document; not saying so is a fault."""
    confidence = str(section.get("confidence") or "")
    if confidence not in CONFIDENCES:
        ground.fault(
            "bad-confidence", section.at("confidence"), f"可信度 confidence 应是 {'、'.join(CONFIDENCES)} 之一，读到“{confidence}”。"
        )
    return confidence
