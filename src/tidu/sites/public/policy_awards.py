"""The pages of policies that pay, of their awards, and of the rulings they rest on."""

from __future__ import annotations

from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from tidu.apps.policies.domain import award_page, policy_page, rulings
from tidu.apps.policies.domain.amounts import AmountText
from tidu.apps.policies.domain.heads import period_of
from tidu.apps.policies.domain.rulings import DEFAULT, OPEN
from tidu.apps.policies.loaded import packs
from tidu.kernel.awards import AwardBook
from tidu.kernel.errors import TiduError
from tidu.sites.public.policy_examples import PREVIEW, shown_examples
from tidu.sites.public.policy_links import Crumb, Text, library_crumb, state_key


def award_title(award_id: str) -> str:
    """The title of an award; raises ``unknown-award``."""
    return award_page(packs(), award_id).title


def award_document(award_id: str) -> dict[str, Any]:
    """The page of an award as JSON."""
    return award_page(packs(), award_id).as_document()


def award_context(award_id: str, today: date, examples: str, number: int) -> dict[str, Any]:
    """What the page of an award shows."""
    found = award_page(packs(), award_id)
    return {
        "page": found,
        "crumbs": (library_crumb(), Crumb(policy_href(found.policy), found.policy)),
        "policy_href": policy_href(found.policy),
        "state": state_key(found.in_force, today) if found.in_force else "",
        "today": today,
        "examples": shown_examples(award_id, every=examples == "all", number=number),
        "all_examples": "?examples=all#examples",
        "preview": PREVIEW,
        "document": "?format=json",
    }


def in_short(amount: AmountText) -> str:
    """What an award gives, in a line of a list: the formula, its cap in words; of a table its least and most."""
    if amount.rows:
        least, most = min(amount.rows, key=lambda row: row.fen), max(amount.rows, key=lambda row: row.fen)
        formula = least.amount if least.fen == most.fen else f"{least.amount}至 {most.amount}，看情形"
    else:
        formula = amount.formula.removeprefix("min(").rpartition(", ")[0] if amount.cap else amount.formula
    return f"{formula}；{amount.cap.text}" if amount.cap else formula


def policy_href(name: str, version: str = "") -> str:
    """The page of a policy."""
    return f"{reverse('policy', args=[name])}{'?' + urlencode({'version': version}) if version else ''}"


def policy_known(name: str) -> None:
    """Raise ``unknown-policy`` where no policy has the name."""
    if not versions_of(name):
        raise TiduError("unknown-policy", "没有这个名称的政策。请从“政策与标准”进入。")


def versions_of(name: str) -> tuple[str, ...]:
    """The versions of a policy."""
    return tuple(policy.version for policy in (packs().book or AwardBook()).policies if policy.name == name)


def policy_document(name: str, version: str) -> dict[str, Any]:
    """The page of a policy as JSON."""
    return policy_page(packs(), name, version).as_document()


def policy_context(name: str, version: str, today: date) -> dict[str, Any]:
    """What the page of a policy shows."""
    found = policy_page(packs(), name, version)
    periods = {policy.version: period_of(policy.in_force) for policy in (packs().book or AwardBook()).policies if policy.name == name}
    return {
        "page": found,
        "crumbs": (library_crumb(),),
        "state": state_key(found.in_force, today),
        "today": today,
        "texts": tuple(
            Text(one, policy_href(name, one), period.text, state_key(period, today), "", one == found.version)
            for one, period in periods.items()
        ),
        "awards": tuple((award, in_short(award_page(packs(), award.id).amount)) for award in found.awards),
        "document": f"?{urlencode({'version': found.version, 'format': 'json'})}",
    }


def rulings_document() -> dict[str, Any]:
    """All rulings as JSON."""
    return {"rulings": [ruling.as_document() for ruling in rulings(packs())]}


def rulings_context() -> dict[str, Any]:
    """What the page of rulings shows."""
    found = rulings(packs())
    return {
        "crumbs": (library_crumb(),),
        "rulings": tuple((ruling, policy_href(ruling.policy)) for ruling in found),
        "undecided": sum(ruling.state in {DEFAULT, OPEN} for ruling in found),
    }
